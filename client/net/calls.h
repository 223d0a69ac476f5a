#ifndef CORDON_CLIENT_NET_CALLS_H_
#define CORDON_CLIENT_NET_CALLS_H_

// The calls under way: so that all of them can be ended, and nothing they use
// goes before they have.
//
// Threads: Begin on the core's, End on gRPC's, EndAll on the owner's. The mutex
// is a leaf but for Cancel.

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"

#include "crypto/base/mutex.h"

namespace cordon::client {

// One call. Cancel makes it end soon, from any thread, without calling back at
// once; a call that has ended ignores it.
class CallUnderWay {
 public:
  virtual ~CallUnderWay() = default;
  virtual void Cancel() = 0;
};

class Calls {
 public:
  Calls() = default;
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;
  ~Calls() { EndAll(); }

  void Begin(CallUnderWay* call) ABSL_LOCKS_EXCLUDED(mu_);
  // End is the last thing a call does.
  void End(CallUnderWay* call) ABSL_LOCKS_EXCLUDED(mu_);
  // EndAll cancels what is under way and waits for it.
  void EndAll() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  bool NoneLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return under_way_.empty();
  }

  Mutex mu_;
  absl::flat_hash_set<CallUnderWay*> under_way_ ABSL_GUARDED_BY(mu_);
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_CALLS_H_
