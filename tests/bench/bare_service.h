#ifndef CORDON_TESTS_BENCH_BARE_SERVICE_H_
#define CORDON_TESTS_BENCH_BARE_SERVICE_H_

// What the relay is compared with: gRPC streams as generated code makes them.
// No store, no order beyond arrival, nobody is asked for who they are. Append
// hands the envelope to everybody who follows, one write per follower and
// message, and answers at once.
//
// Threads: gRPC's. Locks: the service's before a stream's.
// Lifetime: the service outlives its streams; a stream owns itself.

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"

#include "cordon/wire/v1/delivery.grpc.pb.h"
#include "cordon/wire/v1/delivery.pb.h"
#include "crypto/base/mutex.h"

namespace cordon::bench {

namespace wire = ::cordon::wire::v1;

class BareStream;

class BareService final : public wire::Delivery::CallbackService {
 public:
  grpc::ServerUnaryReactor* Append(grpc::CallbackServerContext* context,
                                   const wire::AppendRequest* request,
                                   wire::AppendAnswer* answer) override
      ABSL_LOCKS_EXCLUDED(mu_);
  grpc::ServerWriteReactor<wire::FollowBatch>* Follow(
      grpc::CallbackServerContext* context,
      const wire::FollowRequest* request) override ABSL_LOCKS_EXCLUDED(mu_);

  void Remove(BareStream* stream) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  Mutex mu_;
  absl::flat_hash_set<BareStream*> streams_ ABSL_GUARDED_BY(mu_);
  uint64_t last_seq_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace cordon::bench

#endif  // CORDON_TESTS_BENCH_BARE_SERVICE_H_
