#ifndef CORDON_STORAGE_SQLITE_DB_H_
#define CORDON_STORAGE_SQLITE_DB_H_

// One encrypted SQLite file (SQLCipher 4), opened the one way we open files.
//
// Every page is encrypted and authenticated under a 32-byte raw key; page 4096,
// WAL, foreign_keys and secure_delete on, temporary data in memory only. Each
// setting is read back at open, and a library that ignores one is refused.
// The file is locked for this Db alone from Open until the destructor, so a
// second program on one profile is told at once and nothing is ever shared.
// Threads: none; one thread at a time owns the Db and all made from it.
// Lifetime: every Statement, Transaction and Backup ends before its Db.
//
// Errors, here and in everything made from a Db:
//   kUnauthenticated     Open: the key is wrong, or the file is no database of
//                        ours. SQLCipher cannot tell these apart: under a wrong
//                        key every byte looks like garbage, and a first page
//                        that was damaged looks like a wrong key.
//   kFailedPrecondition  Open: another program holds the file. Later: no
//                        transaction is open, or it was already rolled back.
//   kNotFound            Open: no such file, with OpenMode::kMustExist.
//   kResourceExhausted   the disk is full; nothing was changed.
//   kDataLoss            a page does not authenticate, or a row does not parse.
//   kUnavailable         the file layer failed; it is unknown whether the last
//                        commit happened. Open again and look.
//   kAlreadyExists       a UNIQUE constraint; nothing was changed.
//   kInternal            SQL that our own schema does not allow.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/secret.h"

struct sqlite3;

namespace cordon::sqlite {

inline constexpr size_t kKeyBytes = 32;
using Key = SecretArray<kKeyBytes>;

// Durability is what OK from Transaction::Commit means.
enum class Durability : uint8_t {
  kFull,    // synced: it survives a power cut
  kNormal,  // survives a kill; a power cut may take the newest commits, whole
            // and in reverse order, never one that a kFull commit followed
};

enum class OpenMode : uint8_t {
  kMustExist,  // an empty file is kDataLoss: somebody truncated it
  kMayCreate,  // makes the file, readable by its owner alone, if there is none
};

struct DbOptions {
  std::string path;
  OpenMode mode = OpenMode::kMustExist;
  // A registered SQLite VFS by name; empty: the operating system's files.
  // Tests put a layer that fails on purpose here.
  std::string file_layer = {};
};

class Db {
 public:
  static absl::StatusOr<std::unique_ptr<Db>> Open(const DbOptions& options,
                                                  const Key& key);
  // OpenInMemory gives an empty, unencrypted database that dies with the Db.
  // For tests and the simulator.
  static absl::StatusOr<std::unique_ptr<Db>> OpenInMemory();

  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;
  ~Db();

  // ExecuteScript runs statements that take no values and give no rows: a
  // schema, never a query. Not undone by itself: wrap it in a Transaction.
  absl::Status ExecuteScript(absl::string_view sql);

  // ReadNumber runs a statement that takes no values and gives one number.
  absl::StatusOr<int64_t> ReadNumber(absl::string_view sql);

  // CheckIntegrity reads every page: its authentication, the b-trees, the
  // indices, the foreign keys. kDataLoss names the first fault. Slow.
  absl::Status CheckIntegrity();

  // Checkpoint moves everything in the write-ahead log into the file itself
  // and truncates the log. SQLite does it now and then on its own.
  absl::Status Checkpoint();

 private:
  friend class Backup;
  friend class Run;
  friend class Savepoint;
  friend class Statement;
  friend class Transaction;

  explicit Db(sqlite3* handle) : handle_(handle) {}

  absl::Status SetKey(const Key& key);
  absl::Status ConfigureFile();
  absl::Status ConfigureCommon();
  absl::Status ExpectPragma(absl::string_view set, absl::string_view read,
                            absl::string_view expected);
  absl::StatusOr<std::string> ReadText(absl::string_view sql);
  absl::Status SetDurability(Durability durability);
  // NoteError keeps the first error after which SQLite had given the open
  // transaction up; Gone says it to whoever goes on with that transaction.
  absl::Status NoteError(absl::Status error);
  absl::Status Gone() const;

  sqlite3* const handle_;
  Durability durability_ = Durability::kFull;
  bool in_transaction_ = false;
  absl::Status lost_by_;  // why the open transaction is gone
};

}  // namespace cordon::sqlite

#endif  // CORDON_STORAGE_SQLITE_DB_H_
