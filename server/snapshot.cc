#include "server/snapshot.h"

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/log.h"
#include "crypto/base/status.h"
#include "server/core/blobs.h"
#include "server/lane.h"
#include "server/relay.h"
#include "storage/sqlite/backup.h"
#include "storage/sqlite/db.h"

namespace cordon::server {
namespace {

// Between two of these the lane does everything else that waits.
constexpr int kPagesAtOnce = 256;

// RunOnLane waits for `work`, which runs between two transactions. A full lane
// is asked again: an operator's backup has time.
absl::Status RunOnLane(Lane& lane, absl::FunctionRef<absl::Status()> work) {
  while (true) {
    std::promise<absl::Status> answer;
    std::future<absl::Status> answered = answer.get_future();
    const absl::Status posted =
        lane.PostOutside([work, answer = std::move(answer)]() mutable {
          answer.set_value(work());
        });
    if (posted.ok()) return answered.get();
    if (!absl::IsResourceExhausted(posted)) return posted;
    std::this_thread::yield();
  }
}

// The Backup lives and ends on the lane, whose database it reads.
absl::Status CopyAll(Lane& lane, std::unique_ptr<sqlite::Backup>& backup,
                     absl::FunctionRef<bool()> stopping) {
  while (true) {
    if (stopping()) return absl::CancelledError("the relay is stopping");
    bool done = false;
    CORDON_RETURN_IF_ERROR(RunOnLane(lane, [&]() -> absl::Status {
      CORDON_ASSIGN_OR_RETURN(done, backup->CopyPages(kPagesAtOnce));
      return absl::OkStatus();
    }));
    if (done) return absl::OkStatus();
  }
}

void RemoveDatabase(const std::string& path) {
  for (const char* ending : {"", "-wal", "-shm", "-journal"}) {
    std::error_code ignored;  // Begin says it if the file cannot go.
    std::filesystem::remove(path + ending, ignored);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Snapshot>> Snapshot::Make(
    const Parts& parts, const sqlite::Key& key, const std::string& path,
    absl::FunctionRef<bool()> stopping) {
  RemoveDatabase(path);
  Lane& lane = *parts.relay->lane;
  auto snapshot = absl::WrapUnique(new Snapshot(parts, path));
  std::unique_ptr<sqlite::Backup> backup;
  absl::Status status = RunOnLane(lane, [&]() -> absl::Status {
    parts.relay->blobs->KeepAll(true);
    CORDON_ASSIGN_OR_RETURN(backup, sqlite::Backup::Begin(parts.db, path, key));
    return absl::OkStatus();
  });
  if (status.ok()) status = CopyAll(lane, backup, stopping);
  const absl::Status ended = RunOnLane(lane, [&backup] {
    backup.reset();
    return absl::OkStatus();
  });
  CORDON_RETURN_IF_ERROR(status);
  CORDON_RETURN_IF_ERROR(ended);
  LogInfo("snapshot: made");
  return snapshot;
}

Snapshot::~Snapshot() {
  RemoveDatabase(path_);
  const absl::Status swept = RunOnLane(*parts_.relay->lane, [this] {
    parts_.relay->blobs->KeepAll(false);
    return absl::OkStatus();
  });
  // A stopped lane sweeps nothing.
  if (!swept.ok()) LogWarning("snapshot: ended after the lane");
}

}  // namespace cordon::server
