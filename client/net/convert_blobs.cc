#include "client/net/convert_blobs.h"

#include <algorithm>

#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "client/net/convert.h"
#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/prim/hash.h"

namespace cordon::client {

wire::PutRequest ToWire(const PutBlobCall& call) {
  wire::PutRequest request;
  wire::PutStart* const start = request.mutable_start();
  start->set_blob_id(ToString(call.blob.span()));
  start->set_room_id(ToString(call.room.span()));
  start->set_size(call.size_bytes);
  start->set_offset(call.offset_bytes);
  return request;
}

absl::StatusOr<Digest> FromWire(const wire::PutAnswer& answer) {
  Digest digest{};
  if (answer.sha256().size() != digest.size()) return Malformed("hash");
  std::copy(answer.sha256().begin(), answer.sha256().end(), digest.begin());
  return digest;
}

absl::StatusOr<BlobStat> FromWire(const wire::StatAnswer& answer) {
  const BlobStat stat{.size_bytes = answer.size(),
                      .received_bytes = answer.received(),
                      .whole = answer.whole()};
  if (stat.received_bytes > stat.size_bytes) return Malformed("size");
  return stat;
}

absl::StatusOr<Bytes> FromWire(const wire::GetAnswer& answer) {
  return BytesFrom(answer.chunk(), kBlobPieceBytesMax, "piece of a file");
}

}  // namespace cordon::client
