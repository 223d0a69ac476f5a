#ifndef CORDON_CLIENT_CORE_DELIVERY_TYPES_H_
#define CORDON_CLIENT_CORE_DELIVERY_TYPES_H_

// Rooms, logs, key packages and blobs as the wire has them, in domain types;
// the rest of relay_types.h. proto/cordon/wire/v1/{delivery,directory,blobs}
// .proto say what each field means; sizes and lengths were checked by whoever
// converted them, nothing else was: all of it is the relay's word.
// Threads: values.

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"

namespace cordon::client {

// ---- key packages ----

struct KeyPackageUpload {
  Bytes reference;  // 32 bytes: KeyPackageRef
  Bytes key_package;
  absl::Time expires;
  bool last_resort = false;
};

struct ClaimedKeyPackage {
  DeviceId device;
  Bytes key_package;  // empty: the device has none
  bool last_resort = false;
};

// ---- what the relay is and allows ----

struct RelayFacts {
  Bytes mls_public_key;  // 32 bytes: for external_senders
  uint64_t file_bytes_max = 0;
};

// ---- appending ----

struct JoinerSecrets {
  DeviceId device;
  Bytes secrets;  // EncryptedGroupSecrets with its KeyPackageRef
};

// A Welcome, cut: one part for all joiners, one for each.
struct WelcomeParts {
  Bytes encrypted_group_info;
  Bytes ratchet_tree;
  std::vector<JoinerSecrets> joiners;
};

struct AppendCall {
  RoomId room;
  EnvelopeId envelope;
  EntryKind kind = EntryKind::kApplication;
  Epoch epoch;
  Bytes sealed;
  Bytes group_info;                     // with a commit: MLSMessage, no tree
  std::optional<WelcomeParts> welcome;  // with a commit that adds
};

// ---- following ----

struct LogEntry {
  RoomId room;
  LogSeq seq;
  EntryKind kind = EntryKind::kApplication;
  Epoch epoch;
  DeviceId author;  // zero: the relay itself
  EnvelopeId envelope;
  Bytes sealed;
  absl::Time received;
};

// One joiner's own part of a Welcome.
struct InboxItem {
  uint64_t id = 0;
  RoomId room;
  Epoch epoch;    // the one joined
  RoomHead head;  // after the commit that begins it
  Bytes secrets;
  uint64_t welcome_id = 0;
};

struct CrlItem {
  Bytes crl;                  // DER
  Bytes issuing_certificate;  // DER; empty: signed by the root
};

struct JoinRequestItem {
  InvitationId invitation;
  Bytes request;
};

// At the start of a stream, one for each of the device's rooms.
struct RoomHeadItem {
  RoomId room;
  Epoch epoch;
  RoomHead head;
};

struct RoomLeftItem {
  RoomId room;
};

// All that was there when the stream began has been given.
struct CaughtUpItem {};

using FollowItem = std::variant<LogEntry, InboxItem, CrlItem, JoinRequestItem,
                                RoomHeadItem, RoomLeftItem, CaughtUpItem>;

struct RoomPlace {
  RoomId room;
  LogSeq seq;  // last entry read; 0: none
};

struct CrlHeld {
  Fingerprint issuer;
  uint64_t number = 0;
};

struct FollowCall {
  std::vector<RoomPlace> cursors;  // rooms not named start at the beginning
  uint64_t inbox_after = 0;
  std::vector<CrlHeld> crls;
};

struct LogPage {
  std::vector<LogEntry> entries;
  RoomHeadItem head;
};

// The part of a Welcome that all its joiners share.
struct SharedWelcome {
  Bytes encrypted_group_info;
  Bytes ratchet_tree;
};

// What an external commit needs.
struct GroupInfos {
  std::vector<Bytes> group_infos;  // of the current epoch, by several signers
  Bytes ratchet_tree;
};

// ---- blobs ----

struct PutBlobCall {
  BlobId blob;
  RoomId room;  // that will hold it
  uint64_t size_bytes = 0;
  uint64_t offset_bytes = 0;  // where the first chunk belongs
};

struct BlobStat {
  uint64_t size_bytes = 0;
  uint64_t received_bytes = 0;
  bool whole = false;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_DELIVERY_TYPES_H_
