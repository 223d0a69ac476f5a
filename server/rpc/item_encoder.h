#ifndef CORDON_SERVER_RPC_ITEM_ENCODER_H_
#define CORDON_SERVER_RPC_ITEM_ENCODER_H_

// Follow items as they go out: each is one element of FollowBatch.items, tag
// and length included, so that any number of them behind each other are a
// FollowBatch. Made once, shared by all streams.

#include <grpcpp/support/slice.h>

#include "server/core/follow_item.h"

namespace cordon::server {

class WireItemEncoder final : public ItemEncoder {
 public:
  SharedItem Encode(const FollowItem& item) const override;
  SharedItem EncodeEntry(const LogEntry& entry) const override;
};

// SliceOf refers to the bytes of an item that a WireItemEncoder made.
grpc::Slice SliceOf(const EncodedItem& item);

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_ITEM_ENCODER_H_
