#include "storage/relay/key_store.h"

#include <memory>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {
namespace {

constexpr absl::string_view kAdd = R"sql(
INSERT INTO relay_key (name, secret)
VALUES (:name, :secret)
)sql";

constexpr absl::string_view kFind = R"sql(
SELECT secret FROM relay_key WHERE name = :name
)sql";

}  // namespace

struct KeyStore::Statements {
  sqlite::Statement add;
  sqlite::Statement find;
};

absl::StatusOr<KeyStore> KeyStore::Create(sqlite::Db* db) {
  sqlite::Preparer prepare(db);
  auto sql = absl::WrapUnique(
      new Statements{.add = prepare(kAdd), .find = prepare(kFind)});
  CORDON_RETURN_IF_ERROR(prepare.status());
  return KeyStore(std::move(sql));
}

KeyStore::KeyStore(std::unique_ptr<Statements> sql) : sql_(std::move(sql)) {}
KeyStore::KeyStore(KeyStore&&) noexcept = default;
KeyStore& KeyStore::operator=(KeyStore&&) noexcept = default;
KeyStore::~KeyStore() = default;

absl::Status KeyStore::Add(const sqlite::Transaction& /*txn*/,
                           absl::string_view name, const SecretBytes& secret) {
  return sql_->add.Start().Bind("name", name).Bind("secret", secret).Finish();
}

absl::StatusOr<SecretBytes> KeyStore::Find(absl::string_view name) {
  sqlite::Run run = sql_->find.Start();
  run.Bind("name", name);
  SecretBytes secret;
  CORDON_ASSIGN_OR_RETURN(const bool found, run.Next(secret));
  if (!found) return absl::NotFoundError("no such key of the relay");
  return secret;
}

}  // namespace cordon::relay
