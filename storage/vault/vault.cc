#include "storage/vault/vault.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/functional/function_ref.h"
#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/migrate.h"
#include "storage/sqlite/transaction.h"
#include "storage/vault/key_file.h"
#include "storage/vault/schema.h"
#include "storage/vault/small_file.h"

namespace cordon::vault {
namespace {

std::string DatabasePath(const VaultOptions& options) {
  return absl::StrCat(options.folder, "/vault.db");
}

std::string KeyPath(const VaultOptions& options) {
  return absl::StrCat(options.folder, "/vault.key");
}

// The key file of a Create that has not finished. Only beside this one may
// Create take a database away.
std::string NewKeyPath(const VaultOptions& options) {
  return absl::StrCat(options.folder, "/vault.key.new");
}

absl::StatusOr<FileLock> LockFolder(const VaultOptions& options) {
  absl::StatusOr<FileLock> lock =
      FileLock::Take(absl::StrCat(options.folder, "/vault.lock"));
  if (absl::IsFailedPrecondition(lock.status())) {
    return absl::FailedPreconditionError(
        "Another program is using this profile; close it and try again.");
  }
  return lock;
}

absl::Status ClearForCreate(const VaultOptions& options) {
  if (FileExists(KeyPath(options))) {
    return absl::AlreadyExistsError(
        "This folder already holds a profile; open it, or choose another "
        "folder.");
  }
  const std::string database = DatabasePath(options);
  if (!FileExists(database)) return absl::OkStatus();
  if (!FileExists(NewKeyPath(options))) {
    return absl::FailedPreconditionError(
        "This folder holds vault.db without its vault.key; put vault.key back, "
        "or choose another folder.");
  }
  for (const char* ending : {"-wal", "-shm", "-journal", ""}) {
    CORDON_RETURN_IF_ERROR(RemoveFile(absl::StrCat(database, ending)));
  }
  return absl::OkStatus();
}

// The key has unwrapped, so a database that does not open under it is damaged.
absl::Status ExplainOpen(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kDataLoss:
      return absl::DataLossError(
          "The database vault.db is damaged, or belongs to another vault.key; "
          "put a backup of the profile folder back.");
    case absl::StatusCode::kNotFound:
      return absl::DataLossError(
          "The database vault.db is missing beside its vault.key; put a backup "
          "of the profile folder back.");
    case absl::StatusCode::kResourceExhausted:
      return absl::ResourceExhaustedError(
          "The disk is full; make room and try again.");
    default:
      return status;
  }
}

// Damage behind the first page shows when it is read, a full disk when there
// is more to write.
absl::Status ExplainUse(const absl::Status& status) {
  if (!absl::StartsWith(status.message(), "database: ")) return status;
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kResourceExhausted:
      return ExplainOpen(status);
    default:
      return status;
  }
}

absl::StatusOr<std::unique_ptr<sqlite::Db>> OpenDatabase(
    const VaultOptions& options, sqlite::OpenMode mode,
    const sqlite::Key& key) {
  absl::StatusOr<std::unique_ptr<sqlite::Db>> db =
      sqlite::Db::Open({.path = DatabasePath(options),
                        .mode = mode,
                        .file_layer = options.file_layer},
                       key);
  CORDON_RETURN_IF_ERROR(ExplainOpen(db.status()));
  CORDON_RETURN_IF_ERROR(
      ExplainOpen(sqlite::Migrate(db->get(), VaultSchema())));
  return db;
}

}  // namespace

Vault::Vault(VaultOptions options, FileLock lock,
             std::unique_ptr<sqlite::Db> db)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      db_(std::move(db)),
      sql_(db_.get()),
      stores_(&sql_) {}

absl::StatusOr<std::unique_ptr<Vault>> Vault::Create(
    const VaultOptions& options, const SecretBytes& passphrase,
    RandomSource& random) {
  const auto key = sqlite::Key::Random(random);
  CORDON_ASSIGN_OR_RETURN(const Bytes wrapped,
                          WrapKey(key, passphrase, options.cost, random));
  CORDON_RETURN_IF_ERROR(MakeFolder(options.folder));
  CORDON_ASSIGN_OR_RETURN(FileLock lock, LockFolder(options));
  CORDON_RETURN_IF_ERROR(ClearForCreate(options));
  CORDON_RETURN_IF_ERROR(ReplaceFile(NewKeyPath(options), wrapped));
  CORDON_ASSIGN_OR_RETURN(
      std::unique_ptr<sqlite::Db> db,
      OpenDatabase(options, sqlite::OpenMode::kMayCreate, key));
  // From here on the folder holds a vault.
  CORDON_RETURN_IF_ERROR(RenameFile(NewKeyPath(options), KeyPath(options)));
  return absl::WrapUnique(new Vault(options, std::move(lock), std::move(db)));
}

absl::StatusOr<std::unique_ptr<Vault>> Vault::Open(
    const VaultOptions& options, const SecretBytes& passphrase) {
  if (!FileExists(KeyPath(options))) {
    return absl::NotFoundError("There is no profile in this folder.");
  }
  CORDON_ASSIGN_OR_RETURN(FileLock lock, LockFolder(options));
  CORDON_ASSIGN_OR_RETURN(const Bytes wrapped, ReadSmallFile(KeyPath(options)));
  CORDON_ASSIGN_OR_RETURN(const sqlite::Key key,
                          UnwrapKey(wrapped, passphrase));
  CORDON_ASSIGN_OR_RETURN(
      std::unique_ptr<sqlite::Db> db,
      OpenDatabase(options, sqlite::OpenMode::kMustExist, key));
  return absl::WrapUnique(new Vault(options, std::move(lock), std::move(db)));
}

absl::Status Vault::Read(
    absl::FunctionRef<absl::Status(const VaultTxn&)> read) {
  CORDON_CHECK(!busy_);
  busy_ = true;
  const absl::Cleanup done = [this] { busy_ = false; };
  return ExplainUse(read(stores_));
}

absl::Status Vault::Update(absl::FunctionRef<absl::Status(VaultTxn&)> update,
                           sqlite::Durability durability) {
  CORDON_CHECK(!busy_);
  busy_ = true;
  const absl::Cleanup done = [this] { busy_ = false; };
  CORDON_ASSIGN_OR_RETURN(sqlite::Transaction txn,
                          sqlite::Transaction::Begin(db_.get(), durability));
  CORDON_RETURN_IF_ERROR(ExplainUse(update(stores_)));
  return ExplainUse(txn.Commit());
}

absl::Status Vault::ChangePassphrase(const SecretBytes& old_passphrase,
                                     const SecretBytes& new_passphrase,
                                     RandomSource& random) {
  CORDON_ASSIGN_OR_RETURN(const Bytes wrapped,
                          ReadSmallFile(KeyPath(options_)));
  CORDON_ASSIGN_OR_RETURN(const sqlite::Key key,
                          UnwrapKey(wrapped, old_passphrase));
  CORDON_ASSIGN_OR_RETURN(const Bytes rewrapped,
                          WrapKey(key, new_passphrase, options_.cost, random));
  return ReplaceFile(KeyPath(options_), rewrapped);
}

absl::Status Vault::CheckIntegrity() {
  return db_->CheckIntegrity();
}

}  // namespace cordon::vault
