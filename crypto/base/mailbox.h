#ifndef CORDON_CRYPTO_BASE_MAILBOX_H_
#define CORDON_CRYPTO_BASE_MAILBOX_H_

// A bounded queue into one thread: the place where threads meet.
//
// Threads: any may Post; the owning thread takes. The mutex is a leaf: nothing
// is called while it is held.
// Errors: Post says kResourceExhausted when full (the poster decides what that
// means) and kUnavailable once closed.

#include <cstddef>
#include <deque>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "crypto/base/mutex.h"

namespace cordon {

template <typename Item>
class Mailbox {
 public:
  explicit Mailbox(size_t items_max) : items_max_(items_max) {}

  absl::Status Post(Item item) ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    if (closed_) return absl::UnavailableError("mailbox: closed");
    if (items_.size() >= items_max_) {
      return absl::ResourceExhaustedError("mailbox: full");
    }
    items_.push_back(std::move(item));
    return absl::OkStatus();
  }

  // TakeAll waits until there is something, the deadline has passed or the
  // mailbox is closed, and empties it in order. An empty answer before the
  // deadline means closed and drained.
  std::vector<Item> TakeAll(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    mu_.AwaitWithDeadline(absl::Condition(this, &Mailbox::ReadyLocked),
                          deadline);
    std::vector<Item> taken(std::make_move_iterator(items_.begin()),
                            std::make_move_iterator(items_.end()));
    items_.clear();
    return taken;
  }

  // Close lets what is queued be taken and refuses the rest.
  void Close() ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    closed_ = true;
  }
  bool closed() const ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    return closed_;
  }

 private:
  bool ReadyLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return closed_ || !items_.empty();
  }

  // Fixed after construction.
  const size_t items_max_;

  mutable Mutex mu_;
  std::deque<Item> items_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_MAILBOX_H_
