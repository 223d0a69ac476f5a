#ifndef CORDON_SERVER_CORE_FOLLOW_ITEM_H_
#define CORDON_SERVER_CORE_FOLLOW_ITEM_H_

// What a follower can be told: plain values. How they are written for the wire
// is server/rpc's business, reached through ItemEncoder.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>

#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"

namespace cordon::server {

// An envelope at its place in a room's log.
struct LogEntry {
  RoomId room{};
  LogSeq seq{};
  EntryKind kind = EntryKind::kApplication;
  Epoch epoch{};
  DeviceId author{};  // zero: the relay
  EnvelopeId envelope_id{};
  Bytes sealed{};
  absl::Time received{};
};

// One joiner's own part of a Welcome.
struct InboxItem {
  uint64_t id = 0;
  RoomId room{};
  Epoch epoch{};    // the one joined
  RoomHead head{};  // after the commit that begins it
  Bytes secrets{};  // EncryptedGroupSecrets with its KeyPackageRef
  uint64_t welcome_id = 0;
};

struct CrlItem {
  Bytes crl{};                  // DER
  Bytes issuing_certificate{};  // DER; empty: signed by the root
};

// Somebody has redeemed one of the follower's invitations.
struct JoinRequestItem {
  InvitationId invitation{};
  Bytes request{};
};

struct RoomHeadItem {
  RoomId room{};
  Epoch epoch{};
  RoomHead head{};
};

struct RoomLeftItem {
  RoomId room{};
};

// All that was there when the stream began has been sent.
struct CaughtUpItem {};

using FollowItem = std::variant<LogEntry, InboxItem, CrlItem, JoinRequestItem,
                                RoomHeadItem, RoomLeftItem, CaughtUpItem>;

// EncodedItem is one item in the form in which it goes out, made once for all
// who get it. Immutable; any thread.
class EncodedItem {
 public:
  virtual ~EncodedItem() = default;
  virtual size_t size_bytes() const = 0;
};

// Owned by the queues of all followers that have it still to send.
using SharedItem = std::shared_ptr<const EncodedItem>;

// ItemEncoder makes them. Any thread.
class ItemEncoder {
 public:
  virtual ~ItemEncoder() = default;
  virtual SharedItem Encode(const FollowItem& item) const = 0;
  // The same for an entry of a log, which is most of them.
  virtual SharedItem EncodeEntry(const LogEntry& entry) const = 0;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_FOLLOW_ITEM_H_
