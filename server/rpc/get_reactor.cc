#include "server/rpc/get_reactor.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/log.h"
#include "crypto/base/status.h"
#include "server/core/authz.h"
#include "server/core/blob_transfer.h"
#include "server/core/blobs.h"
#include "server/core/caller.h"
#include "server/core/counters.h"
#include "server/lane.h"
#include "server/relay.h"
#include "server/rpc/convert.h"
#include "server/rpc/peer.h"
#include "server/rpc/status_map.h"
#include "server/workers.h"

namespace cordon::server {

namespace wire = ::cordon::wire::v1;

namespace {

constexpr size_t kGetPieceBytes = size_t{256} * 1024;
constexpr uint64_t kRecheckBytes = uint64_t{16} * 1024 * 1024;

}  // namespace

GetReactor* GetReactor::Start(Relay* relay,
                              grpc::CallbackServerContext* context,
                              const wire::GetRequest& request) {
  auto* const reactor = new GetReactor(relay, context);
  reactor->Begin(request);
  return reactor;
}

void GetReactor::Begin(const wire::GetRequest& request) {
  const absl::StatusOr<BlobId> blob =
      IdFrom<BlobId>(request.blob_id(), "blob_id");
  if (!blob.ok()) {
    End(blob.status());
    return;
  }
  offset_ = request.offset();
  checked_ = offset_;
  using Begun = std::unique_ptr<BlobDownload>;
  const absl::Status posted = relay_->lane->Ask<Begun>(
      [relay = relay_, peer = PeerOf(*context_),
       blob = *blob](Lane::Transaction&) -> absl::StatusOr<Begun> {
        CORDON_ASSIGN_OR_RETURN(
            const Caller caller,
            relay->callers->Identify(peer, Method::kGetBlob));
        return relay->blobs->BeginGet(caller, blob);
      },
      [this](absl::StatusOr<Begun> download) { OnBegun(std::move(download)); });
  if (!posted.ok()) End(posted);
}

void GetReactor::OnBegun(
    absl::StatusOr<std::unique_ptr<BlobDownload>> download) {
  if (!download.ok()) {
    End(download.status());
    return;
  }
  download_ = *std::move(download);
  if (offset_ > download_->size_bytes()) {
    End(absl::InvalidArgumentError(absl::StrCat(
        "offset: the file has ", download_->size_bytes(), " bytes")));
    return;
  }
  PostRead();
}

void GetReactor::PostRead() {
  const absl::Status posted = relay_->blob_workers->Post(
      BlobKey(download_->blob()), [this] { Read(); });
  if (!posted.ok()) End(posted);
}

void GetReactor::Read() {
  const absl::StatusOr<Bytes> piece = download_->Read(offset_, kGetPieceBytes);
  if (!piece.ok()) {
    LogError("blob#", Alias(download_->blob().span()),
             " cannot be read code=", static_cast<int>(piece.status().code()));
    End(piece.status());
    return;
  }
  answer_.Clear();
  if (!begun_) answer_.set_size(download_->size_bytes());
  answer_.set_chunk(piece->data(), piece->size());
  begun_ = true;
  offset_ += piece->size();
  StartWrite(&answer_);
}

void GetReactor::OnWriteDone(bool ok) {
  if (!ok) {
    End(absl::CancelledError("the peer is gone"));
    return;
  }
  ProcessCounters().blob_bytes_sent += answer_.chunk().size();
  if (offset_ == download_->size_bytes()) {
    End(absl::OkStatus());
  } else if (offset_ - checked_ >= kRecheckBytes) {
    Recheck();
  } else {
    PostRead();
  }
}

void GetReactor::Recheck() {
  checked_ = offset_;
  const absl::Status posted = relay_->lane->Post(
      [relay = relay_, peer = PeerOf(*context_),
       blob = download_->blob()](Lane::Transaction&) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            const Caller caller,
            relay->callers->Identify(peer, Method::kGetBlob));
        return relay->blobs->CheckMayFetch(caller, blob);
      },
      [this](const absl::Status& allowed) {
        if (allowed.ok()) {
          PostRead();
        } else {
          End(allowed);
        }
      });
  if (!posted.ok()) End(posted);
}

void GetReactor::End(const absl::Status& why) {
  Finish(ToGrpc(why));
}

}  // namespace cordon::server
