#ifndef CORDON_STORAGE_VAULT_VAULT_H_
#define CORDON_STORAGE_VAULT_VAULT_H_

// START HERE. What one device keeps, in one profile folder: vault.db, encrypted
// whole (SQLCipher), vault.key, its key under a passphrase (key_file.h), and
// vault.lock, empty, held by whoever has the vault open.
//
//   return vault.Update([&](VaultTxn& txn) -> absl::Status {
//     CORDON_RETURN_IF_ERROR(txn.groups().Apply(room, opened.changes));
//     CORDON_RETURN_IF_ERROR(txn.records().AddRecord(record, references));
//     return txn.rooms().AdvanceCursor(room, cursor);
//   }, sqlite::Durability::kNormal);
//
// What must survive together is one Update; there is no way to a store but
// through one. The vault knows ids, numbers, opaque bytes and secrets; what
// they mean is the client's.
// Gives: confidentiality and integrity of every page against whoever has the
// files and not the passphrase. Does not give: notice of an older copy of the
// whole folder put back (the client finds that out from the log), nor anything
// against a program that runs as the same user while the vault is open.
// Threads: none; one thread at a time. A second opener of the folder, in this
// program or another, is refused.
//
// Errors of all stores, beside their own:
//   kResourceExhausted   a named limit, or the disk is full; nothing changed.
//   kDataLoss            the file is damaged there; stop, keep the files.
//   kUnavailable         the disk failed; open again and look.
// A store call that fails with kNotFound, kAlreadyExists, kInvalidArgument or
// kFailedPrecondition has written nothing and the transaction may go on. After
// any other error the function returns it.

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/prim/pwhash.h"
#include "storage/sqlite/db.h"  // IWYU pragma: export
#include "storage/vault/small_file.h"
#include "storage/vault/statements.h"
#include "storage/vault/vault_txn.h"

namespace cordon::vault {

struct VaultOptions {
  // The profile folder; Create makes it, for its owner alone, if its parent is
  // there.
  std::string folder;
  // Of a passphrase that is set; one that is checked brings its own.
  PwhashCost cost;
  // As sqlite::DbOptions::file_layer.
  std::string file_layer;
};

class Vault {
 public:
  // Create makes an empty vault; what is left of a Create that was interrupted
  // is begun anew. kAlreadyExists if the folder holds a vault;
  // kFailedPrecondition if it holds a database without its key;
  // kInvalidArgument for an empty passphrase.
  static absl::StatusOr<std::unique_ptr<Vault>> Create(
      const VaultOptions& options, const SecretBytes& passphrase,
      RandomSource& random);

  // Open opens what Create made. kNotFound: no vault here. kUnauthenticated:
  // the passphrase is wrong. kFailedPrecondition: another program has it open,
  // or a newer one wrote it. kDataLoss: key file or database are damaged.
  // Every message is a sentence for people; on each nothing has changed.
  static absl::StatusOr<std::unique_ptr<Vault>> Open(
      const VaultOptions& options, const SecretBytes& passphrase);

  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;
  ~Vault() = default;

  // Read runs `read` on the stores as they are. Not inside Update or Read.
  absl::Status Read(absl::FunctionRef<absl::Status(const VaultTxn&)> read);

  // Update runs `update` in one transaction: all of it is stored when it and
  // the commit are OK, else none. Not inside Update or Read. Sealing and
  // adopting need kFull; receiving may be kNormal, then a power cut costs
  // reading again.
  absl::Status Update(
      absl::FunctionRef<absl::Status(VaultTxn&)> update,
      sqlite::Durability durability = sqlite::Durability::kFull);

  // ChangePassphrase wraps the key anew, under `cost` of the options, and
  // leaves the database as it is; the new file replaces the old at once or not
  // at all. kUnauthenticated for a wrong `old_passphrase`.
  absl::Status ChangePassphrase(const SecretBytes& old_passphrase,
                                const SecretBytes& new_passphrase,
                                RandomSource& random);

  // CheckIntegrity reads and authenticates every page; kDataLoss names the
  // first fault. Takes as long as reading the file.
  absl::Status CheckIntegrity();

 private:
  Vault(VaultOptions options, FileLock lock, std::unique_ptr<sqlite::Db> db);

  const VaultOptions options_;
  const FileLock lock_;
  // Statements end before the database, so they stand after it.
  const std::unique_ptr<sqlite::Db> db_;
  Statements sql_;
  VaultTxn stores_;
  bool busy_ = false;  // inside Read or Update
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_VAULT_H_
