#ifndef CORDON_SERVER_RPC_GET_REACTOR_H_
#define CORDON_SERVER_RPC_GET_REACTOR_H_

// One download stream: allowed on the lane, read piece by piece on the blob's
// worker, one write in flight. Every kRecheckBytes the lane is asked again, so
// that who is revoked or removed meanwhile does not get the rest.
//
// Threads: the lane's herald, a blob worker and gRPC's, one after the other:
// exactly one thing is under way at any time, so nothing is guarded.
// Lifetime: owns itself; Finish is called when nothing is under way, and gRPC
// then calls OnDone, which deletes it.
// Memory: one piece.

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "cordon/wire/v1/blobs.pb.h"
#include "server/core/blob_transfer.h"
#include "server/relay.h"

namespace cordon::server {

class GetReactor final : public grpc::ServerWriteReactor<wire::v1::GetAnswer> {
 public:
  static GetReactor* Start(Relay* relay, grpc::CallbackServerContext* context,
                           const wire::v1::GetRequest& request);

 private:
  GetReactor(Relay* relay, grpc::CallbackServerContext* context)
      : relay_(relay), context_(context) {}

  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }

  void Begin(const wire::v1::GetRequest& request);
  void OnBegun(absl::StatusOr<std::unique_ptr<BlobDownload>> download);
  void Recheck();
  void PostRead();
  // On the blob's worker.
  void Read();
  void End(const absl::Status& why);

  Relay* const relay_;
  grpc::CallbackServerContext* const context_;

  std::unique_ptr<BlobDownload> download_;
  uint64_t offset_ = 0;   // of the next piece
  uint64_t checked_ = 0;  // the offset when the lane was asked last
  bool begun_ = false;    // the first message has gone out
  wire::v1::GetAnswer answer_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_GET_REACTOR_H_
