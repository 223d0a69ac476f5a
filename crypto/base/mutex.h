#ifndef CORDON_CRYPTO_BASE_MUTEX_H_
#define CORDON_CRYPTO_BASE_MUTEX_H_

// absl::Mutex that ThreadSanitizer can follow. Distributions ship Abseil
// without the sanitizer's annotations, so correctly locked code is reported as
// a race; announcing each lock and unlock cures it. Without the sanitizer
// nothing is announced.

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#if defined(__SANITIZE_THREAD__)
#define CORDON_TSAN_ 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CORDON_TSAN_ 1
#endif
#endif

#ifdef CORDON_TSAN_
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the
// sanitizer's own names
void __tsan_acquire(void* address);
void __tsan_release(void* address);
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
}
#endif

namespace cordon {

// Mutex is neither copied nor moved: what it guards names it. Not recursive.
// The order in which several are taken stands in the classes that own them.
class ABSL_LOCKABLE Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() {
    mu_.Lock();
    Acquired();
  }
  void Unlock() ABSL_UNLOCK_FUNCTION() {
    Released();
    mu_.Unlock();
  }

  // AwaitWithDeadline waits, unlocking meanwhile, until `condition` holds or
  // the deadline has passed; true if it holds. `condition` is called locked.
  bool AwaitWithDeadline(const absl::Condition& condition, absl::Time deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(this) {
    // Any thread that unlocks may be made to evaluate the condition of another
    // that waits; it holds the lock meanwhile, and that is announced too.
    Announced announced{this, &condition};
    Released();
    const bool held = mu_.AwaitWithDeadline(
        absl::Condition(&Announced::Eval, &announced), deadline);
    Acquired();
    return held;
  }

 private:
  struct Announced {
    Mutex* mu;
    const absl::Condition* condition;

    static bool Eval(Announced* self) {
      self->mu->Acquired();
      const bool holds = self->condition->Eval();
      self->mu->Released();
      return holds;
    }
  };

#ifdef CORDON_TSAN_
  void Acquired() { __tsan_acquire(this); }
  void Released() { __tsan_release(this); }
#else
  void Acquired() {}
  void Released() {}
#endif

  absl::Mutex mu_;
};

// MutexLock holds `mu`, which must outlive it, until the scope ends.
class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex* mu) ABSL_EXCLUSIVE_LOCK_FUNCTION(mu) : mu_(mu) {
    mu_->Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mu_->Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex* const mu_;
};

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_MUTEX_H_
