#include "storage/relay/schema.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/sqlite/db.h"
#include "storage/sqlite/migrate.h"
#include "tests/support/status_matchers.h"

namespace cordon::relay {
namespace {

constexpr char kNow[] = CORDON_SOURCE_DIR "/storage/relay/schema/now.sql";

// With CORDON_WRITE_SCHEMA set in the environment the test writes the file.
TEST(RelaySchemaTest, NowIsWhatTheStepsAddUpTo) {
  ASSERT_OK_AND_ASSIGN(auto db, sqlite::Db::OpenInMemory());
  ASSERT_OK(sqlite::Migrate(db.get(), RelaySchema()));
  ASSERT_OK_AND_ASSIGN(const std::string dump, sqlite::DumpSchema(db.get()));

  if (std::getenv("CORDON_WRITE_SCHEMA") != nullptr) {
    std::ofstream(kNow) << dump;
  }
  std::ifstream file(kNow);
  const std::string now((std::istreambuf_iterator<char>(file)), {});

  EXPECT_EQ(now, dump);
}

TEST(RelaySchemaTest, EveryColumnOfEveryTableIsNotNullAndEveryTableStrict) {
  ASSERT_OK_AND_ASSIGN(auto db, sqlite::Db::OpenInMemory());
  ASSERT_OK(sqlite::Migrate(db.get(), RelaySchema()));

  EXPECT_THAT(db->ReadNumber(R"sql(
SELECT count(*)
  FROM pragma_table_list AS t
 WHERE t.schema = 'main' AND t.type = 'table' AND t.strict = 0
   AND t.name NOT LIKE 'sqlite%'
)sql"),
              cordon::testing::IsOkAndHolds(0));
  EXPECT_THAT(db->ReadNumber(R"sql(
SELECT count(*)
  FROM pragma_table_list AS t
  JOIN pragma_table_info(t.name) AS c
 WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%'
   AND c."notnull" = 0
)sql"),
              cordon::testing::IsOkAndHolds(0));
}

}  // namespace
}  // namespace cordon::relay
