#ifndef CORDON_SERVER_RPC_FOLLOW_REACTOR_H_
#define CORDON_SERVER_RPC_FOLLOW_REACTOR_H_

// One device's Follow stream: first its backlog in portions, each read on the
// lane when the one before has been taken, then what the fanout offers.
//
// One write is in flight; what gathers meanwhile goes out as one FollowBatch,
// whose items are slices made once for all followers. The queue is bounded: a
// reader that cannot keep up is ended with RESOURCE_EXHAUSTED and comes back
// with its cursors; if it does not take even that, the stream is reset after
// kStalledTicksMax ticks.
//
// Threads: gRPC's, the lane (LoadOnLane), the herald (OnPortion, Offer, Send);
// what they share is guarded. Locks: after the fanout's, before a mailbox's.
// Lifetime: owns itself. gRPC calls OnDone, which deletes it, only after
// Finish; Finish is called only when neither a write nor a portion is under
// way and the stream does not wait to send, so all three may hold a plain
// pointer.

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstddef>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/mutex.h"
#include "server/core/fanout.h"
#include "server/core/follow.h"
#include "server/core/follow_item.h"
#include "server/core/follower.h"
#include "server/relay.h"

namespace cordon::server {

class FollowReactor final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                            public Follower {
 public:
  // Start begins the stream; the reactor lives until gRPC is done with it.
  static FollowReactor* Start(Relay* relay,
                              grpc::CallbackServerContext* context,
                              const grpc::ByteBuffer& request);

  bool Offer(absl::Span<const SharedItem> items) override
      ABSL_LOCKS_EXCLUDED(mu_);
  void Send() override ABSL_LOCKS_EXCLUDED(mu_);
  void End(const absl::Status& why) override ABSL_LOCKS_EXCLUDED(mu_);
  void Tick() override ABSL_LOCKS_EXCLUDED(mu_);

 private:
  FollowReactor(Relay* relay, grpc::CallbackServerContext* context)
      : relay_(relay), context_(context) {}

  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mu_);
  void OnCancel() override ABSL_LOCKS_EXCLUDED(mu_);
  void OnDone() override;

  void Begin(const grpc::ByteBuffer& request) ABSL_LOCKS_EXCLUDED(mu_);
  void OnPortion(absl::StatusOr<FollowPortion> portion)
      ABSL_LOCKS_EXCLUDED(mu_);
  // Join tells the fanout of a stream whose device is known now.
  void Join(const FollowPortion& portion) ABSL_LOCKS_EXCLUDED(mu_);
  void LoadLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void EndLocked(const absl::Status& why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // AdvanceLocked does what is next: write, load, finish or wait.
  void AdvanceLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void WriteLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  // Fixed after construction.
  Relay* const relay_;
  grpc::CallbackServerContext* const context_;

  // The lane's while a portion is being loaded, nobody's otherwise.
  FollowSession session_;

  Mutex mu_;
  std::vector<SharedItem> queue_ ABSL_GUARDED_BY(mu_);
  size_t queued_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  grpc::ByteBuffer current_ ABSL_GUARDED_BY(mu_);  // alive until OnWriteDone
  absl::Status end_ ABSL_GUARDED_BY(mu_);          // not OK: ending, and why
  // Since a backlog's batch was taken, or since the end.
  int stalled_ticks_ ABSL_GUARDED_BY(mu_) = 0;
  size_t writing_items_ ABSL_GUARDED_BY(mu_) = 0;  // in current_
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool in_line_ ABSL_GUARDED_BY(mu_) = false;  // the fanout will call Send
  bool loading_ ABSL_GUARDED_BY(mu_) = false;
  bool live_ ABSL_GUARDED_BY(mu_) = false;  // the backlog has been read
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_FOLLOW_REACTOR_H_
