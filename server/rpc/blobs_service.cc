#include "server/rpc/blobs_service.h"

#include <grpcpp/support/server_callback.h>

#include "absl/status/statusor.h"

#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/id.h"
#include "server/core/authz.h"
#include "server/core/blobs.h"
#include "server/core/caller.h"
#include "server/relay.h"
#include "server/rpc/convert.h"
#include "server/rpc/convert_blobs.h"
#include "server/rpc/get_reactor.h"
#include "server/rpc/put_reactor.h"
#include "server/rpc/unary.h"

namespace cordon::server {

namespace wire = ::cordon::wire::v1;

grpc::ServerReadReactor<wire::PutRequest>* BlobsService::Put(
    grpc::CallbackServerContext* context, wire::PutAnswer* answer) {
  return PutReactor::Start(relay_, context, answer);
}

grpc::ServerWriteReactor<wire::GetAnswer>* BlobsService::Get(
    grpc::CallbackServerContext* context, const wire::GetRequest* request) {
  return GetReactor::Start(relay_, context, *request);
}

grpc::ServerUnaryReactor* BlobsService::Stat(
    grpc::CallbackServerContext* context, const wire::StatRequest* request,
    wire::StatAnswer* answer) {
  const absl::StatusOr<BlobId> blob =
      IdFrom<BlobId>(request->blob_id(), "blob_id");
  if (!blob.ok()) return Refuse(context, blob.status());
  return OnLane<BlobProgress>(
      relay_, context, Method::kStatBlob,
      [blobs = relay_->blobs, blob = *blob](const Caller& caller, Txn&) {
        return blobs->Stat(caller, blob);
      },
      [answer](const BlobProgress& progress) {
        answer->set_size(progress.size_bytes);
        answer->set_received(progress.received_bytes);
        answer->set_whole(progress.whole);
      });
}

grpc::ServerUnaryReactor* BlobsService::Hold(
    grpc::CallbackServerContext* context, const wire::HoldRequest* request,
    wire::HoldAnswer* /*answer*/) {
  const absl::StatusOr<BlobInRoom> at =
      BlobInRoomFrom(request->blob_id(), request->room_id());
  if (!at.ok()) return Refuse(context, at.status());
  return OnLane<Done>(
      relay_, context, Method::kHoldBlob,
      [blobs = relay_->blobs, at = *at](const Caller& caller, Txn& txn) {
        return DoneOr(blobs->Hold(txn, caller, at.blob, at.room));
      },
      [](Done) {});
}

grpc::ServerUnaryReactor* BlobsService::Forget(
    grpc::CallbackServerContext* context, const wire::ForgetRequest* request,
    wire::ForgetAnswer* /*answer*/) {
  const absl::StatusOr<BlobInRoom> at =
      BlobInRoomFrom(request->blob_id(), request->room_id());
  if (!at.ok()) return Refuse(context, at.status());
  return OnLane<Done>(
      relay_, context, Method::kForgetBlob,
      [blobs = relay_->blobs, at = *at](const Caller& caller, Txn& txn) {
        return DoneOr(blobs->Forget(txn, caller, at.blob, at.room));
      },
      [](Done) {});
}

}  // namespace cordon::server
