#ifndef CORDON_TESTS_SUPPORT_NOTIFICATION_H_
#define CORDON_TESTS_SUPPORT_NOTIFICATION_H_

// absl::Notification that the thread sanitizer can follow (crypto/base/mutex.h
// says why it needs one): what was written before Notify is seen after
// WaitForNotification.
// Threads: any. It may be destroyed as soon as a wait has returned.

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "crypto/base/mutex.h"

namespace cordon::testing {

class Notification {
 public:
  Notification() = default;
  Notification(const Notification&) = delete;
  Notification& operator=(const Notification&) = delete;
  // Waits for a Notify that has woken us and not yet returned.
  ~Notification() { MutexLock lock(&mu_); }

  void Notify() ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    notified_ = true;
  }
  bool HasBeenNotified() const ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    return notified_;
  }
  void WaitForNotification() const ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    mu_.AwaitWithDeadline(absl::Condition(&notified_), absl::InfiniteFuture());
  }

 private:
  mutable Mutex mu_;
  bool notified_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_NOTIFICATION_H_
