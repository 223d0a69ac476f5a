#ifndef CORDON_SERVER_BACKUP_H_
#define CORDON_SERVER_BACKUP_H_

// `cordond backup FOLDER` and `cordond restore FOLDER`. A backup is a folder:
//
//   relay.db       a copy of the database, under the same key
//   blobs/ID       every whole file that a row of that copy knows
//   SHA256SUMS     the digests of all of it; written last
//   database.key   the key, only when asked for
//
// A running relay is asked for the copy of its database (control.h) and holds
// back its sweeper until the files are copied; one that does not run is opened.
// The folder grows under another name, so what is called FOLDER is whole.
// Unfinished uploads are not in it: they begin again.
//
// Restore reads every byte and every page before there is a relay, and leaves
// none when it fails: at most the folder, and in it the backup's own key.
// Threads: the caller's.
// Errors: sentences for the operator; nothing is ever overwritten.

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

#include "server/config.h"

namespace cordon::server {

// Told what is done next: "copying the database", "copying file 12".
using Telling = absl::FunctionRef<void(const std::string&)>;

absl::Status BackUp(const BackupCommand& command, Telling tell);
absl::Status Restore(const RestoreCommand& command, Telling tell);

}  // namespace cordon::server

#endif  // CORDON_SERVER_BACKUP_H_
