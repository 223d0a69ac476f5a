#ifndef CORDON_TESTS_BENCH_BARE_BLOBS_H_
#define CORDON_TESTS_BENCH_BARE_BLOBS_H_

// Files through bare gRPC streams: what is put is counted and dropped, what is
// got is one chunk over and over, as much as was put last.
// Threads: gRPC's.

#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <cstdint>

#include "cordon/wire/v1/blobs.grpc.pb.h"
#include "cordon/wire/v1/blobs.pb.h"

namespace cordon::bench {

// As the relay cuts files.
inline constexpr size_t kBlobChunkBytes = size_t{64} * 1024;

class BareBlobs final : public cordon::wire::v1::Blobs::CallbackService {
 public:
  grpc::ServerReadReactor<cordon::wire::v1::PutRequest>* Put(
      grpc::CallbackServerContext* context,
      cordon::wire::v1::PutAnswer* answer) override;
  grpc::ServerWriteReactor<cordon::wire::v1::GetAnswer>* Get(
      grpc::CallbackServerContext* context,
      const cordon::wire::v1::GetRequest* request) override;

 private:
  std::atomic<uint64_t> put_bytes_{0};
};

}  // namespace cordon::bench

#endif  // CORDON_TESTS_BENCH_BARE_BLOBS_H_
