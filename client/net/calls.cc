#include "client/net/calls.h"

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "crypto/base/mutex.h"

namespace cordon::client {

void Calls::Begin(CallUnderWay* call) {
  const MutexLock lock(&mu_);
  under_way_.insert(call);
}

void Calls::End(CallUnderWay* call) {
  const MutexLock lock(&mu_);
  under_way_.erase(call);
}

void Calls::EndAll() {
  const MutexLock lock(&mu_);
  for (CallUnderWay* call : under_way_) call->Cancel();
  mu_.AwaitWithDeadline(absl::Condition(this, &Calls::NoneLocked),
                        absl::InfiniteFuture());
}

}  // namespace cordon::client
