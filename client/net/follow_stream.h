#ifndef CORDON_CLIENT_NET_FOLLOW_STREAM_H_
#define CORDON_CLIENT_NET_FOLLOW_STREAM_H_

// The Follow stream over gRPC. It has no deadline: pings tell whether the relay
// is still there.
// Threads and lifetime: as relay.h says; the GrpcRelay that made it outlives
// it.
// Errors: kUnavailable also when the relay ends the stream without a reason.

#include <memory>
#include <vector>

#include "client/core/delivery_types.h"
#include "client/core/relay.h"
#include "client/core/task.h"
#include "client/net/read_call.h"
#include "client/net/stream_parts.h"
#include "cordon/wire/v1/delivery.pb.h"

namespace cordon::client {

class GrpcFollowStream final : public FollowStream {
 public:
  GrpcFollowStream(const StreamParts& parts, const FollowCall& call);
  GrpcFollowStream(const GrpcFollowStream&) = delete;
  GrpcFollowStream& operator=(const GrpcFollowStream&) = delete;
  ~GrpcFollowStream() override { call_->Drop(); }

  void Read(Done<std::vector<FollowItem>> done) override;

 private:
  // Two owners: this, and the call itself until gRPC is done with it.
  const std::shared_ptr<
      ReadCall<::cordon::wire::v1::FollowBatch, std::vector<FollowItem>>>
      call_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_FOLLOW_STREAM_H_
