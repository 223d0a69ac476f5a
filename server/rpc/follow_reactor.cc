#include "server/rpc/follow_reactor.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/slice.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/mutex.h"
#include "crypto/base/status.h"
#include "server/core/authz.h"
#include "server/core/caller.h"
#include "server/core/counters.h"
#include "server/core/fanout.h"
#include "server/core/follow.h"
#include "server/core/follow_item.h"
#include "server/lane.h"
#include "server/relay.h"
#include "server/rpc/convert.h"
#include "server/rpc/item_encoder.h"
#include "server/rpc/peer.h"
#include "server/rpc/status_map.h"

namespace cordon::server {
namespace {

// What may still wait for one follower when more comes. Items are shared, but a
// stalled reader would keep them alive. However much comes at once, in one
// group commit, is no fault of the reader's.
constexpr size_t kQueueItemsMax = 4096;
constexpr size_t kQueueBytesMax = size_t{8} * 1024 * 1024;
// One FollowBatch; an item larger than this goes alone.
constexpr size_t kBatchBytesMax = size_t{1} * 1024 * 1024;
// How many ticks a peer has to take a batch of its backlog, or the end of its
// stream.
constexpr int kStalledTicksMax = 2;

}  // namespace

FollowReactor* FollowReactor::Start(Relay* relay,
                                    grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer& request) {
  auto* const reactor = new FollowReactor(relay, context);
  reactor->Begin(request);
  return reactor;
}

void FollowReactor::Begin(const grpc::ByteBuffer& request) {
  absl::StatusOr<FollowSession> session = FollowSessionFrom(request);
  MutexLock lock(&mu_);
  if (!session.ok()) {
    EndLocked(session.status());
    return;
  }
  session_ = *std::move(session);
  LoadLocked();
  AdvanceLocked();
}

void FollowReactor::LoadLocked() {
  // The caller is looked at for every portion: it may be revoked meanwhile.
  absl::Status posted = relay_->lane->Ask<FollowPortion>(
      [this, peer = PeerOf(*context_)](
          Lane::Transaction&) -> absl::StatusOr<FollowPortion> {
        CORDON_ASSIGN_OR_RETURN(
            const Caller caller,
            relay_->callers->Identify(peer, Method::kFollow));
        session_.device = caller.device;
        return relay_->follow->Next(session_);
      },
      [this](absl::StatusOr<FollowPortion> portion) {
        OnPortion(std::move(portion));
      });
  loading_ = posted.ok();
  if (!posted.ok()) EndLocked(posted);
}

void FollowReactor::OnPortion(absl::StatusOr<FollowPortion> portion) {
  std::vector<SharedItem> items;
  if (portion.ok()) {
    items.reserve(portion->items.size());
    for (const FollowItem& item : portion->items) {
      items.push_back(relay_->encoder->Encode(item));
    }
    Join(*portion);
  }
  MutexLock lock(&mu_);
  loading_ = false;
  if (!portion.ok()) {
    EndLocked(portion.status());
    return;
  }
  live_ = portion->last;
  for (SharedItem& item : items) {
    queued_bytes_ += item->size_bytes();
    queue_.push_back(std::move(item));
  }
  AdvanceLocked();
}

void FollowReactor::Join(const FollowPortion& portion) {
  {
    MutexLock lock(&mu_);
    // One that is ending must not end the one that took its place.
    if (!end_.ok()) return;
  }
  // Without the lock: the fanout's comes first. Nothing is offered before this
  // turn of the herald ends.
  if (portion.last) {
    relay_->fanout->Add(this, session_.device, portion.places);
  } else {
    relay_->fanout->Announce(this, session_.device);
  }
}

bool FollowReactor::Offer(absl::Span<const SharedItem> items) {
  MutexLock lock(&mu_);
  if (!end_.ok()) return false;
  // Until its turn to be written to, what waits is no fault of the reader's.
  if (!in_line_ &&
      (queue_.size() > kQueueItemsMax || queued_bytes_ > kQueueBytesMax)) {
    EndLocked(absl::ResourceExhaustedError(
        "this reader is too slow; come back with your cursors"));
    return false;
  }
  for (const SharedItem& item : items) {
    queued_bytes_ += item->size_bytes();
    queue_.push_back(item);
  }
  // A write that ends takes along what waits.
  if (writing_ || in_line_) return false;
  in_line_ = true;
  return true;
}

void FollowReactor::Send() {
  MutexLock lock(&mu_);
  in_line_ = false;
  AdvanceLocked();
}

void FollowReactor::End(const absl::Status& why) {
  MutexLock lock(&mu_);
  EndLocked(why);
}

void FollowReactor::EndLocked(const absl::Status& why) {
  if (end_.ok()) {
    end_ = why;
    stalled_ticks_ = 0;
  }
  queue_ = {};
  queued_bytes_ = 0;
  AdvanceLocked();
}

void FollowReactor::Tick() {
  MutexLock lock(&mu_);
  if (finished_) return;
  // Nothing is offered to a backlog, so it is here that a stalled one is seen.
  if (end_.ok() && (live_ || !writing_)) return;
  if (++stalled_ticks_ <= kStalledTicksMax) return;
  if (end_.ok()) {
    EndLocked(absl::ResourceExhaustedError(
        "this reader does not read; come back with your cursors"));
  } else {
    context_->TryCancel();
  }
}

void FollowReactor::AdvanceLocked() {
  if (writing_ || in_line_ || finished_) return;
  if (!end_.ok()) {
    if (loading_) return;
    finished_ = true;
    Finish(ToGrpc(end_));
    return;
  }
  if (!queue_.empty()) {
    WriteLocked();
  } else if (!live_ && !loading_) {
    LoadLocked();
  }
}

void FollowReactor::WriteLocked() {
  std::vector<grpc::Slice> slices;
  size_t bytes = 0;
  size_t taken = 0;
  for (const SharedItem& item : queue_) {
    if (taken > 0 && bytes + item->size_bytes() > kBatchBytesMax) break;
    slices.push_back(SliceOf(*item));
    bytes += item->size_bytes();
    ++taken;
  }
  current_ = grpc::ByteBuffer(slices.data(), slices.size());
  if (taken == queue_.size()) {
    // An idle follower keeps no queue.
    queue_ = {};
  } else {
    queue_.erase(queue_.begin(),
                 queue_.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  queued_bytes_ -= bytes;
  writing_items_ = taken;
  writing_ = true;
  StartWrite(&current_);
}

void FollowReactor::OnWriteDone(bool ok) {
  // The stream may be gone when the lock is.
  Fanout* const fanout = relay_->fanout;
  {
    MutexLock lock(&mu_);
    writing_ = false;
    stalled_ticks_ = 0;
    current_.Clear();
    if (ok) {
      ProcessCounters().items_delivered += writing_items_;
      AdvanceLocked();
    } else {
      EndLocked(absl::CancelledError("the peer is gone"));
    }
  }
  fanout->SendWaiting();
}

void FollowReactor::OnCancel() {
  MutexLock lock(&mu_);
  EndLocked(absl::CancelledError("the peer is gone"));
}

void FollowReactor::OnDone() {
  relay_->fanout->Remove(this);
  {
    // Whoever called Finish may still be about to unlock.
    MutexLock lock(&mu_);
  }
  delete this;
}

}  // namespace cordon::server
