#include "server/rpc/item_encoder.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/slice.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "cordon/wire/v1/delivery.pb.h"
#include "crypto/base/check.h"
#include "server/core/follow_item.h"
#include "server/rpc/convert.h"

namespace cordon::server {
namespace {

namespace wire = ::cordon::wire::v1;
using ::google::protobuf::internal::WireFormatLite;
using ::google::protobuf::io::CodedOutputStream;

class SliceItem final : public EncodedItem {
 public:
  explicit SliceItem(grpc::Slice slice) : slice_(std::move(slice)) {}
  size_t size_bytes() const override { return slice_.size(); }
  const grpc::Slice& slice() const { return slice_; }

 private:
  const grpc::Slice slice_;
};

constexpr uint32_t kItemsTag =
    WireFormatLite::MakeTag(wire::FollowBatch::kItemsFieldNumber,
                            WireFormatLite::WIRETYPE_LENGTH_DELIMITED);

SharedItem Element(const wire::FollowItem& item) {
  const size_t body = item.ByteSizeLong();
  const size_t head =
      CodedOutputStream::VarintSize32(kItemsTag) +
      CodedOutputStream::VarintSize32(static_cast<uint32_t>(body));
  grpc::Slice slice(head + body);
  // A fresh slice has one owner: writing into it is allowed.
  auto* out = const_cast<uint8_t*>(slice.begin());
  out = CodedOutputStream::WriteVarint32ToArray(kItemsTag, out);
  out =
      CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(body), out);
  out = item.SerializeWithCachedSizesToArray(out);
  CORDON_CHECK(out == slice.end());
  return std::make_shared<SliceItem>(std::move(slice));
}

}  // namespace

SharedItem WireItemEncoder::Encode(const FollowItem& item) const {
  return Element(ToWire(item));
}

SharedItem WireItemEncoder::EncodeEntry(const LogEntry& entry) const {
  wire::FollowItem item;
  *item.mutable_entry() = ToWire(entry);
  return Element(item);
}

grpc::Slice SliceOf(const EncodedItem& item) {
  return static_cast<const SliceItem&>(item).slice();
}

}  // namespace cordon::server
