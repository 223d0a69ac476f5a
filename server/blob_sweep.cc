#include "server/blob_sweep.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/id.h"
#include "crypto/base/log.h"
#include "server/core/blob_transfer.h"
#include "server/core/blobs.h"
#include "server/lane.h"
#include "server/relay.h"
#include "server/workers.h"

namespace cordon::server {
namespace {

void Report(const absl::Status& status) {
  if (status.ok()) return;
  LogWarning("blobs: sweep code=", static_cast<int>(status.code()));
}

// In the order in which the lane forgot them, so an upload that takes up an id
// again opens its file after this.
void RemoveFiles(const Relay& relay, const std::vector<BlobId>& gone) {
  for (const BlobId& blob : gone) {
    Report(relay.blob_workers->Post(BlobKey(blob), [blobs = relay.blobs, blob] {
      Report(blobs->RemoveFile(blob));
    }));
  }
}

void RemoveLeftovers(const Relay& relay, std::vector<BlobId> listed) {
  using Gone = std::vector<BlobId>;
  Report(relay.lane->Ask<Gone>(
      [blobs = relay.blobs, listed = std::move(listed)](Lane::Transaction&) {
        return blobs->WithoutRow(listed);
      },
      [relay](absl::StatusOr<Gone> gone) {
        Report(gone.status());
        if (gone.ok()) RemoveFiles(relay, *gone);
      }));
}

}  // namespace

void SweepBlobs(const Relay& relay) {
  using Gone = std::vector<BlobId>;
  Report(relay.lane->Ask<Gone>(
      [blobs = relay.blobs](Lane::Transaction& txn) {
        return blobs->Sweep(txn);
      },
      [relay](absl::StatusOr<Gone> gone) {
        Report(gone.status());
        if (!gone.ok()) return;
        RemoveFiles(relay, *gone);
        if (gone->size() == Blobs::kSweepBlobsMax) SweepBlobs(relay);
      }));
  Report(relay.blob_workers->Post(0, [relay] {
    absl::StatusOr<std::vector<BlobId>> listed = relay.blobs->ListFiles();
    Report(listed.status());
    if (listed.ok()) RemoveLeftovers(relay, *std::move(listed));
  }));
}

}  // namespace cordon::server
