#ifndef CORDON_CLIENT_NET_CONVERT_DELIVERY_H_
#define CORDON_CLIENT_NET_CONVERT_DELIVERY_H_

// Rooms, their logs and what is followed: wire messages <-> the core's structs,
// as convert.h does the rest.
// Threads: pure functions. Errors: as in convert.h.

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/number.h"

namespace cordon::client {

namespace wire = ::cordon::wire::v1;

// One joiner's EncryptedGroupSecrets.
inline constexpr size_t kJoinerSecretsBytesMax = 4 * 1024;
// The relay keeps three GroupInfos of an epoch; a later one may keep more.
inline constexpr int kGroupInfosMax = 16;

// What goes out is taken as it is: the core made it.
wire::AppendRequest ToWire(const AppendCall& call);
wire::FollowRequest ToWire(const FollowCall& call);

// An application envelope is at most kEnvelopeBytesMax, a handshake message
// kHandshakeBytesMax; ids and hashes have their length; places begin at 1.
absl::StatusOr<RelayFacts> FromWire(const wire::DescribeAnswer& answer);
absl::StatusOr<LogSeq> FromWire(const wire::AppendAnswer& answer);
absl::StatusOr<LogEntry> FromWire(const wire::LogEntry& from);
absl::StatusOr<std::vector<FollowItem>> FromWire(
    const wire::FollowBatch& batch);
absl::StatusOr<LogPage> FromWire(const wire::BackfillAnswer& answer);
absl::StatusOr<SharedWelcome> FromWire(const wire::FetchWelcomeAnswer& answer);
absl::StatusOr<GroupInfos> FromWire(const wire::FetchGroupInfoAnswer& answer);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_CONVERT_DELIVERY_H_
