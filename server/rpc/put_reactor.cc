#include "server/rpc/put_reactor.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "server/core/authz.h"
#include "server/core/blob_transfer.h"
#include "server/core/blobs.h"
#include "server/core/caller.h"
#include "server/core/counters.h"
#include "server/lane.h"
#include "server/relay.h"
#include "server/rpc/convert_blobs.h"
#include "server/rpc/peer.h"
#include "server/rpc/status_map.h"
#include "server/workers.h"

namespace cordon::server {

namespace wire = ::cordon::wire::v1;

namespace {

// How much of a broken upload may have to be sent again after a crash.
constexpr uint64_t kSyncBytes = uint64_t{8} * 1024 * 1024;

}  // namespace

PutReactor* PutReactor::Start(Relay* relay,
                              grpc::CallbackServerContext* context,
                              wire::PutAnswer* answer) {
  auto* const reactor = new PutReactor(relay, context, answer);
  reactor->StartRead(&reactor->request_);
  return reactor;
}

void PutReactor::OnReadDone(bool ok) {
  if (upload_ == nullptr) {
    if (!ok || !request_.has_start()) {
      End(absl::InvalidArgumentError("an upload begins with its start"));
      return;
    }
    Begin();
    return;
  }
  if (!ok) {
    OnWorker(&PutReactor::EndOfStream);
  } else if (!request_.has_chunk() ||
             request_.chunk().size() > kPutChunkBytesMax) {
    End(absl::InvalidArgumentError(
        absl::StrCat("after its start an upload is chunks of at most ",
                     kPutChunkBytesMax, " bytes")));
  } else {
    OnWorker(&PutReactor::Write);
  }
}

void PutReactor::Begin() {
  const absl::StatusOr<PutInput> input = PutInputFrom(request_.start());
  if (!input.ok()) {
    End(input.status());
    return;
  }
  const absl::Status posted = relay_->lane->Ask<PutStart>(
      [relay = relay_, peer = PeerOf(*context_),
       input = *input](Lane::Transaction& txn) -> absl::StatusOr<PutStart> {
        CORDON_ASSIGN_OR_RETURN(
            const Caller caller,
            relay->callers->Identify(peer, Method::kPutBlob));
        return relay->blobs->BeginPut(txn, caller, input);
      },
      [this](absl::StatusOr<PutStart> start) { OnBegun(std::move(start)); });
  if (!posted.ok()) End(posted);
}

void PutReactor::OnBegun(absl::StatusOr<PutStart> start) {
  if (!start.ok()) {
    End(start.status());
  } else if (start->whole.has_value()) {
    Answer(*start->whole);
  } else {
    upload_ = std::move(start->upload);
    OnWorker(&PutReactor::Open);
  }
}

void PutReactor::Open() {
  const absl::StatusOr<bool> whole = upload_->Open();
  if (absl::IsDataLoss(whole.status())) {
    const absl::Status posted = relay_->lane->Post(
        [relay = relay_, upload = upload_](Lane::Transaction& txn) {
          return relay->blobs->GiveUp(txn, *upload);
        },
        [this](const absl::Status& /*given_up*/) {
          End(absl::FailedPreconditionError(
              "the relay has lost what it had of this upload; it begins again "
              "at 0"));
        });
    if (!posted.ok()) End(posted);
  } else if (!whole.ok()) {
    End(whole.status());
  } else if (*whole) {
    FinishFile();
  } else {
    StartRead(&request_);
  }
}

void PutReactor::Write() {
  const size_t bytes = request_.chunk().size();
  const absl::Status written = upload_->Append(AsBytes(request_.chunk()));
  if (!written.ok()) {
    End(written);
    return;
  }
  ProcessCounters().blob_bytes_received += bytes;
  if (upload_->unsynced_bytes() < kSyncBytes) {
    StartRead(&request_);
    return;
  }
  Note([this](const absl::Status& noted) {
    if (noted.ok()) {
      StartRead(&request_);
    } else {
      End(noted);
    }
  });
}

void PutReactor::EndOfStream() {
  if (upload_->received_bytes() == upload_->place().size_bytes) {
    FinishFile();
    return;
  }
  Note([this, received = upload_->received_bytes()](const absl::Status& noted) {
    End(noted.ok()
            ? absl::InvalidArgumentError(absl::StrCat(
                  "the stream ended before the file did; go on at ", received))
            : noted);
  });
}

void PutReactor::FinishFile() {
  const absl::StatusOr<BlobHash> hash = upload_->Finish();
  if (hash.ok()) {
    Complete(*hash);
  } else {
    End(hash.status());
  }
}

void PutReactor::Note(Next next) {
  const absl::StatusOr<uint64_t> synced = upload_->Sync();
  if (!synced.ok()) {
    End(synced.status());
    return;
  }
  const absl::Status posted = relay_->lane->Post(
      [relay = relay_, peer = PeerOf(*context_), upload = upload_,
       synced = *synced](Lane::Transaction& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            const Caller caller,
            relay->callers->Identify(peer, Method::kPutBlob));
        return relay->blobs->Advance(txn, caller, *upload, synced);
      },
      std::move(next));
  if (!posted.ok()) End(posted);
}

void PutReactor::Complete(const BlobHash& hash) {
  const absl::Status posted = relay_->lane->Post(
      [relay = relay_, peer = PeerOf(*context_), upload = upload_,
       hash](Lane::Transaction& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            const Caller caller,
            relay->callers->Identify(peer, Method::kPutBlob));
        return relay->blobs->Complete(txn, caller, *upload, hash);
      },
      [this, hash](const absl::Status& done) {
        if (done.ok()) {
          Answer(hash);
        } else {
          End(done);
        }
      });
  if (!posted.ok()) End(posted);
}

void PutReactor::OnWorker(void (PutReactor::*work)()) {
  const absl::Status posted = relay_->blob_workers->Post(
      BlobKey(upload_->place().blob), [this, work] { (this->*work)(); });
  if (!posted.ok()) End(posted);
}

void PutReactor::Answer(const BlobHash& hash) {
  answer_->set_sha256(ToString(hash.span()));
  End(absl::OkStatus());
}

void PutReactor::End(const absl::Status& why) {
  Finish(ToGrpc(why));
}

}  // namespace cordon::server
