#ifndef CORDON_SERVER_DATA_FOLDER_H_
#define CORDON_SERVER_DATA_FOLDER_H_

// The folder of one relay:
//   relay.db         SQLCipher: everything but the files
//   blobs/           ciphertext files
//   database.key     the database's key, unless it is kept elsewhere
//   control.sock     while it runs: for `cordond backup`, and the owner alone
//   snapshot.db      while that copies: the database as it was
//
// Threads: at start only.
// Errors: kAlreadyExists for a folder that is a relay's already,
// kFailedPrecondition for one that another process runs, kNotFound for none;
// sentences say what to do.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/random.h"
#include "server/config.h"
#include "storage/sqlite/db.h"

namespace cordon::server {

std::string DatabasePath(const DataFolder& data);
std::string BlobsPath(const DataFolder& data);
std::string ControlPath(const DataFolder& data);
std::string SnapshotPath(const DataFolder& data);
std::string KeyPath(const DataFolder& data);

// MakeFolder makes the folder and the database key; nothing may be there yet.
absl::Status MakeFolder(const DataFolder& data, RandomSource& random);

// ClearFolder takes back what MakeFolder and a first OpenDatabase have made.
void ClearFolder(const DataFolder& data);

absl::StatusOr<sqlite::Key> ReadDatabaseKey(const DataFolder& data);

// OpenDatabase opens, and makes with kMayCreate, the relay's database.
absl::StatusOr<std::unique_ptr<sqlite::Db>> OpenDatabase(const DataFolder& data,
                                                         sqlite::OpenMode mode);

// ExplainDatabase says of a database that does not open, or cannot be read,
// which file it is and what an operator can do; of anything else, nothing new.
absl::Status ExplainDatabase(const DataFolder& data,
                             const absl::Status& status);

}  // namespace cordon::server

#endif  // CORDON_SERVER_DATA_FOLDER_H_
