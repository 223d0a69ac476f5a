#include "storage/vault/schema.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/sqlite/db.h"
#include "storage/sqlite/migrate.h"
#include "tests/support/status_matchers.h"

namespace cordon::vault {
namespace {

// CORDON_WRITE_SCHEMA=1 in the environment rewrites the file instead.
TEST(SchemaTest, NowSqlIsWhatTheMigrationsAddUpTo) {
  const std::string path = CORDON_VAULT_NOW_SQL;
  ASSERT_OK_AND_ASSIGN(auto db, sqlite::Db::OpenInMemory());
  ASSERT_OK(sqlite::Migrate(db.get(), VaultSchema()));
  ASSERT_OK_AND_ASSIGN(const std::string dump, sqlite::DumpSchema(db.get()));
  if (std::getenv("CORDON_WRITE_SCHEMA") != nullptr) {
    std::ofstream(path, std::ios::trunc) << dump;
  }

  std::ifstream in(path);
  const std::string stored{std::istreambuf_iterator<char>(in), {}};

  EXPECT_EQ(stored, dump) << "run it with CORDON_WRITE_SCHEMA=1";
}

TEST(SchemaTest, MigratingAgainChangesNothing) {
  ASSERT_OK_AND_ASSIGN(auto db, sqlite::Db::OpenInMemory());
  ASSERT_OK(sqlite::Migrate(db.get(), VaultSchema()));
  ASSERT_OK_AND_ASSIGN(const std::string before, sqlite::DumpSchema(db.get()));

  ASSERT_OK(sqlite::Migrate(db.get(), VaultSchema()));

  ASSERT_OK_AND_ASSIGN(const std::string after, sqlite::DumpSchema(db.get()));
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace cordon::vault
