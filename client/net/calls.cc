#include "client/net/calls.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "crypto/base/mutex.h"

namespace cordon::client {

void Calls::Begin(std::shared_ptr<CallUnderWay> call) {
  std::vector<Owned> ended;  // freed without the lock
  const MutexLock lock(&mu_);
  ended.swap(ended_);
  CallUnderWay* const key = call.get();
  under_way_[key] = std::move(call);
}

void Calls::End(CallUnderWay* call) {
  const MutexLock lock(&mu_);
  const auto found = under_way_.find(call);
  if (found == under_way_.end()) return;
  ended_.push_back(std::move(found->second));
  under_way_.erase(found);
}

void Calls::EndAll() {
  std::vector<Owned> ended;
  const MutexLock lock(&mu_);
  for (const auto& [call, owned] : under_way_) call->Cancel();
  mu_.AwaitWithDeadline(absl::Condition(this, &Calls::NoneLocked),
                        absl::InfiniteFuture());
  ended.swap(ended_);
}

}  // namespace cordon::client
