#include "client/net/follow_stream.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "client/core/task.h"
#include "client/net/convert_delivery.h"
#include "client/net/read_call.h"
#include "client/net/stream_parts.h"
#include "cordon/wire/v1/delivery.grpc.pb.h"
#include "cordon/wire/v1/delivery.pb.h"

namespace cordon::client {

using Items = std::vector<FollowItem>;

GrpcFollowStream::GrpcFollowStream(const StreamParts& parts,
                                   const FollowCall& call)
    : call_(std::make_shared<ReadCall<wire::FollowBatch, Items>>(
          parts,
          [](const wire::FollowBatch& batch) { return FromWire(batch); })) {
  if (parts.connection == nullptr) {
    call_->Fail(NotConnected());
    return;
  }
  const wire::FollowRequest request = ToWire(call);
  parts.connection->delivery->async()->Follow(&call_->context(), &request,
                                              call_.get());
  call_->Start();
}

void GrpcFollowStream::Read(Done<Items> done) {
  call_->Read([done = std::move(done)](absl::StatusOr<Items> items) mutable {
    if (items.ok() && items->empty()) {
      items = absl::UnavailableError("the relay has ended the stream");
    }
    std::move(done)(std::move(items));
  });
}

}  // namespace cordon::client
