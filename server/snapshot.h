#ifndef CORDON_SERVER_SNAPSHOT_H_
#define CORDON_SERVER_SNAPSHOT_H_

// A copy of the database of a relay that goes on working, for a backup: made
// page by page between the lane's transactions, under the same key, in the
// relay's own folder. While it is there no blob is swept, so every file that
// its rows know stays where it is.
//
// Threads: Make and the end on one thread that is not the lane's and may wait.
// Lifetime: the lane and the rest outlive it.
// Errors: as storage/sqlite/backup.h.

#include <memory>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

#include "server/relay.h"
#include "storage/sqlite/db.h"

namespace cordon::server {

class Snapshot {
 public:
  // Borrowed for the object's life; `path` is replaced if it is there.
  struct Parts {
    const Relay* relay = nullptr;
    sqlite::Db* db = nullptr;  // the lane's
  };
  // Make gives up with kCancelled when `stopping` says so, asked between pages.
  static absl::StatusOr<std::unique_ptr<Snapshot>> Make(
      const Parts& parts, const sqlite::Key& key, const std::string& path,
      absl::FunctionRef<bool()> stopping);

  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  // Removes the copy; sweeping goes on.
  ~Snapshot();

  const std::string& path() const { return path_; }

 private:
  Snapshot(const Parts& parts, std::string path)
      : parts_(parts), path_(std::move(path)) {}

  const Parts parts_;
  const std::string path_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_SNAPSHOT_H_
