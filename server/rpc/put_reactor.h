#ifndef CORDON_SERVER_RPC_PUT_REACTOR_H_
#define CORDON_SERVER_RPC_PUT_REACTOR_H_

// One upload stream: the first message is judged on the lane, every chunk is
// written on the blob's worker before the next is read, and OK is said when the
// whole file is synced, named and its row committed.
//
//   read start -> lane BeginPut -> worker Open -> read chunk -> worker Append
//   every kSyncBytes: worker Sync -> lane Advance
//   the stream's end: worker Finish -> lane Complete -> OK
//   an early end: worker Sync -> lane Advance -> an error, and a later resume
//
// Threads: gRPC's, the lane's herald and a blob worker, one after the other:
// exactly one thing is under way at any time, so nothing is guarded.
// Lifetime: owns itself. Finish is called when nothing is under way; gRPC then
// calls OnDone, which deletes it.
// Memory: one chunk.

#include <grpcpp/support/server_callback.h>

#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "cordon/wire/v1/blobs.pb.h"
#include "server/core/blob_transfer.h"
#include "server/core/blobs.h"
#include "server/relay.h"

namespace cordon::server {

class PutReactor final : public grpc::ServerReadReactor<wire::v1::PutRequest> {
 public:
  static PutReactor* Start(Relay* relay, grpc::CallbackServerContext* context,
                           wire::v1::PutAnswer* answer);

 private:
  using Next = absl::AnyInvocable<void(const absl::Status&) &&>;

  PutReactor(Relay* relay, grpc::CallbackServerContext* context,
             wire::v1::PutAnswer* answer)
      : relay_(relay), context_(context), answer_(answer) {}

  void OnReadDone(bool ok) override;
  void OnDone() override { delete this; }

  void Begin();
  void OnBegun(absl::StatusOr<PutStart> start);
  // On the blob's worker.
  void Open();
  void Write();
  void EndOfStream();
  void FinishFile();

  void OnWorker(void (PutReactor::*work)());
  // Note has what is synced noted on the lane, then goes on with `next`.
  void Note(Next next);
  void Complete(const BlobHash& hash);
  void Answer(const BlobHash& hash);
  void End(const absl::Status& why);

  Relay* const relay_;
  grpc::CallbackServerContext* const context_;
  wire::v1::PutAnswer* const answer_;

  wire::v1::PutRequest request_;
  // Its other owner, Blobs, only watches.
  std::shared_ptr<BlobUpload> upload_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_PUT_REACTOR_H_
