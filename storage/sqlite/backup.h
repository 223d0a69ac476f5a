#ifndef CORDON_STORAGE_SQLITE_BACKUP_H_
#define CORDON_STORAGE_SQLITE_BACKUP_H_

// A copy of an open database in another encrypted file, under another key if
// wanted, while the database goes on being read and written through its own
// Db: pages that change meanwhile are copied again, and the finished file is
// the database as it was at the last step.
//
//   CORDON_ASSIGN_OR_RETURN(auto backup, Backup::Begin(&db, path, key));
//   while (true) {
//     CORDON_ASSIGN_OR_RETURN(bool done, backup->CopyPages(256));
//     if (done) break;   // other work of the lane goes here
//   }
//
// Threads: the Db's. Lifetime: the Db outlives it.
// Until CopyPages said true the file is no database; ending the Backup before
// that removes it.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/sqlite/db.h"

struct sqlite3_backup;

namespace cordon::sqlite {

class Backup {
 public:
  // Begin makes the file; kAlreadyExists if there is one.
  static absl::StatusOr<std::unique_ptr<Backup>> Begin(Db* from,
                                                       const std::string& path,
                                                       const Key& key);

  Backup(const Backup&) = delete;
  Backup& operator=(const Backup&) = delete;
  ~Backup();

  // CopyPages copies at most `pages` and says whether that was all; then the
  // file is whole, synced and closed. Outside a Transaction.
  absl::StatusOr<bool> CopyPages(int pages);

 private:
  Backup(std::string path, std::unique_ptr<Db> to, sqlite3_backup* raw);
  absl::Status Close();

  const std::string path_;
  std::unique_ptr<Db> to_;  // null when the file is whole
  sqlite3_backup* raw_;
};

}  // namespace cordon::sqlite

#endif  // CORDON_STORAGE_SQLITE_BACKUP_H_
