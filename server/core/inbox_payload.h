#ifndef CORDON_SERVER_CORE_INBOX_PAYLOAD_H_
#define CORDON_SERVER_CORE_INBOX_PAYLOAD_H_

// How the relay keeps a joiner's part of a Welcome in its inbox, and the part
// that all joiners share. TLS presentation language, as everything of MLS:
//
//   struct { opaque room[16]; uint64 epoch; uint64 seq; opaque chain_hash[32];
//            opaque secrets<V>; } WelcomeItem;             // item kind 1
//   struct { opaque encrypted_group_info<V>; opaque ratchet_tree<V>;
//          } WelcomeShared;
//
// Threads: pure functions.
// Errors: kDataLoss, as only our own store can have spoiled them.

#include <cstdint>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "server/core/follow_item.h"

namespace cordon::server {

inline constexpr uint8_t kWelcomeItemKind = 1;

// The item's id and welcome_id are not in its payload.
Bytes WriteWelcomeItem(const InboxItem& item);
absl::StatusOr<InboxItem> ReadWelcomeItem(ByteSpan payload);

struct SharedWelcome {
  Bytes encrypted_group_info{};
  Bytes ratchet_tree{};
};
Bytes WriteSharedWelcome(const SharedWelcome& welcome);
absl::StatusOr<SharedWelcome> ReadSharedWelcome(ByteSpan payload);

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_INBOX_PAYLOAD_H_
