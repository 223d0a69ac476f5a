#ifndef CORDON_CLIENT_NET_CALLS_H_
#define CORDON_CLIENT_NET_CALLS_H_

// The calls under way: so that all of them can be ended, and nothing they use
// goes before they have.
//
// Calls keeps each of them from Begin until after End. It is freed on the
// core's thread or the owner's, never on gRPC's: a call's context holds its
// channel, and whoever lets go of the last channel waits for gRPC's threads,
// which one of those would do for ever.
//
// Threads: Begin on the core's, End on gRPC's, EndAll on the owner's. The mutex
// is a leaf but for Cancel.

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"

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

  // Begin also frees what has ended.
  void Begin(std::shared_ptr<CallUnderWay> call) ABSL_LOCKS_EXCLUDED(mu_);
  // End is the last thing a call does; it may be gone when this returns.
  void End(CallUnderWay* call) ABSL_LOCKS_EXCLUDED(mu_);
  // EndAll cancels what is under way, waits for it and frees it.
  void EndAll() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  bool NoneLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return under_way_.empty();
  }

  // Two owners: this, and who waits for the call's answer on the core's thread.
  using Owned = std::shared_ptr<CallUnderWay>;

  Mutex mu_;
  absl::flat_hash_map<CallUnderWay*, Owned> under_way_ ABSL_GUARDED_BY(mu_);
  std::vector<Owned> ended_ ABSL_GUARDED_BY(mu_);
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_CALLS_H_
