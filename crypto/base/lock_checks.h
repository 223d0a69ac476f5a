#ifndef CORDON_CRYPTO_BASE_LOCK_CHECKS_H_
#define CORDON_CRYPTO_BASE_LOCK_CHECKS_H_

// Distributions build Abseil with its debug checks: every lock that any thread
// takes while it holds another, gRPC's included, is entered into one graph for
// the whole process, to find orders that could deadlock. It is a tenth of what
// a busy relay does. Programs that ship leave it out; tests keep it.

#include "absl/synchronization/mutex.h"

namespace cordon {

// SkipLockChecks is for main, before threads start.
inline void SkipLockChecks() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_LOCK_CHECKS_H_
