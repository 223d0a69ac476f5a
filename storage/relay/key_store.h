#ifndef CORDON_STORAGE_RELAY_KEY_STORE_H_
#define CORDON_STORAGE_RELAY_KEY_STORE_H_

// The relay's own private keys, by name, in the encrypted database: so that a
// backup of it is whole, and the folder without the database key says nothing.
//
// Threads: none; call it on the relay's lane only.
// Lifetime: the Db outlives the store, and holds RelaySchema().
// Errors: kNotFound for a key that is not there; kAlreadyExists for a second
// key of one name; and what sqlite/db.h says of the file.

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/secret.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {

class KeyStore {
 public:
  static absl::StatusOr<KeyStore> Create(sqlite::Db* db);
  KeyStore(KeyStore&&) noexcept;
  KeyStore& operator=(KeyStore&&) noexcept;
  ~KeyStore();

  absl::Status Add(const sqlite::Transaction& txn, absl::string_view name,
                   const SecretBytes& secret);
  absl::StatusOr<SecretBytes> Find(absl::string_view name);

 private:
  struct Statements;
  explicit KeyStore(std::unique_ptr<Statements> sql);

  std::unique_ptr<Statements> sql_;
};

}  // namespace cordon::relay

#endif  // CORDON_STORAGE_RELAY_KEY_STORE_H_
