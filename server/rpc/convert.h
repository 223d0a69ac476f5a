#ifndef CORDON_SERVER_RPC_CONVERT_H_
#define CORDON_SERVER_RPC_CONVERT_H_

// Wire messages to the core's values and back. Every length that the contract
// names (proto/cordon/wire/v1) is checked here, so the core never sees a wrong
// one.
//
// Threads: pure functions.
// Errors: kInvalidArgument, naming the field.

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/log/chain_hash.h"
#include "server/core/append_input.h"
#include "server/core/follow.h"
#include "server/core/follow_item.h"

namespace cordon::server {

// IdFrom reads a bytes field that holds one id.
template <typename IdType>
absl::StatusOr<IdType> IdFrom(const std::string& field,
                              absl::string_view name) {
  absl::StatusOr<IdType> id = IdType::Parse(AsBytes(field));
  if (id.ok()) return id;
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": must be ", IdType::kBytes, " bytes"));
}

// BoundedBytes copies a bytes field of 1 to `bytes_max` bytes.
absl::StatusOr<Bytes> BoundedBytes(const std::string& field, size_t bytes_max,
                                   absl::string_view name);

absl::StatusOr<std::vector<Bytes>> ChainFrom(const wire::v1::Chain& chain,
                                             absl::string_view name);
wire::v1::Chain ToWireChain(const std::vector<Bytes>& chain);

// TimeFrom refuses times outside the years 1970 to 9999.
absl::StatusOr<absl::Time> TimeFrom(int64_t unix_ms, absl::string_view name);

absl::StatusOr<AppendInput> AppendInputFrom(const wire::v1::AppendRequest& in);
absl::StatusOr<FollowSession> FollowSessionFrom(const grpc::ByteBuffer& in);

wire::v1::LogEntry ToWire(const LogEntry& entry);
wire::v1::RoomHead ToWire(const RoomHeadItem& head);
wire::v1::FollowItem ToWire(const FollowItem& item);

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_CONVERT_H_
