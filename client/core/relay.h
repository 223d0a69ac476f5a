#ifndef CORDON_CLIENT_CORE_RELAY_H_
#define CORDON_CLIENT_CORE_RELAY_H_

// What client/core may ask of the network; client/net implements it over gRPC,
// the tests' fake relay in memory. Structs are the wire's messages in domain
// types (proto/cordon/wire/v1 says what each field means); sizes and lengths
// were checked by whoever converted them.
//
// Threads: called on the core's thread; every `done` is called on the core's
// thread, once, unless the relay object is destroyed first.
// Errors: the relay's own codes (style.md 4.4 in crypto/README.md);
// kUnavailable and kDeadlineExceeded mean "unknown whether it happened".
// Every mutating call may be repeated with the same ids.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::client {

// An answer that says no more than "done".
struct Unit {};

struct SetUpCall {
  std::string setup_code;
  Bytes root_certificate;
  Bytes issuing_certificate;
  std::vector<Bytes> identity;
  std::vector<Bytes> transport;
};

struct InviteCall {
  InvitationId invitation;
  Bytes public_key;
  absl::Time expires;
  bool for_organisation = false;
};

enum class InvitationState : uint8_t {
  kOpen = 1,
  kRequested = 2,
  kAnswered = 3,
  kRevoked = 4
};

struct InvitationRow {
  InvitationId invitation;
  absl::Time expires;
  InvitationState state = InvitationState::kOpen;
  Bytes request;  // empty until there is one
};

struct DeviceRow {
  DeviceId device;
  std::vector<Bytes> identity;  // unverified
  absl::Time since;
  uint32_t key_packages = 0;
};

struct DevicePage {
  std::vector<DeviceRow> devices;
  bool more = false;
};

struct KeyPackageUpload {
  Bytes reference;
  Bytes key_package;
  absl::Time expires;
  bool last_resort = false;
};

struct ClaimedKeyPackage {
  DeviceId device;
  Bytes key_package;  // empty: the device has none
  bool last_resort = false;
};

struct JoinerSecrets {
  DeviceId device;
  Bytes secrets;
};

struct WelcomeUpload {
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
  Bytes group_info;                      // with a commit
  std::optional<WelcomeUpload> welcome;  // with a commit that adds
};

struct LogEntry {
  RoomId room;
  LogSeq seq;
  EntryKind kind = EntryKind::kApplication;
  Epoch epoch;
  DeviceId author;
  EnvelopeId envelope;
  Bytes sealed;
  absl::Time received;
};

// Where the relay says a room is.
struct RoomState {
  RoomId room;
  RoomHead head;
  Epoch epoch;
};

struct EntryPage {
  std::vector<LogEntry> entries;
  RoomState state;
};

struct InboxItem {
  uint64_t id = 0;
  RoomId room;
  Epoch epoch;    // the epoch joined
  RoomHead head;  // after the commit that begins it
  Bytes secrets;
  uint64_t welcome_id = 0;
};

struct WelcomeShared {
  Bytes encrypted_group_info;
  Bytes ratchet_tree;
};

struct GroupInfos {
  std::vector<Bytes> group_infos;
  Bytes ratchet_tree;
};

struct CrlArrival {
  Bytes crl;
  Bytes issuing_certificate;  // empty: signed by the root
};

struct JoinRequestArrival {
  InvitationId invitation;
  Bytes request;
};

struct RoomLeft {
  RoomId room;
};
struct CaughtUp {};

// The stream's end: it will be opened again by whoever owns reconnection, with
// the cursors of then.
struct StreamEnded {
  absl::Status why;
};

using FollowItem =
    std::variant<LogEntry, InboxItem, CrlArrival, JoinRequestArrival, RoomState,
                 RoomLeft, CaughtUp, StreamEnded>;

struct RoomCursor {
  RoomId room;
  LogSeq seq;
};

struct CrlKnown {
  Fingerprint issuer;
  uint64_t number = 0;
};

struct FollowCall {
  std::vector<RoomCursor> cursors;
  uint64_t inbox_after = 0;
  std::vector<CrlKnown> crls;
};

// Whose relay, and who calls. Without an identity only the calls that need no
// certificate pass.
struct ConnectCall {
  std::string address;  // host:port
  std::vector<Fingerprint>
      pins;                      // SHA-256 of the relay's public key: now, next
  std::vector<Bytes> transport;  // chain in DER; empty: no identity yet
  std::optional<Ed25519Seed> transport_key;
};

class Relay {
 public:
  virtual ~Relay() = default;

  // Connect says where the following calls go; nothing is sent yet. Calls
  // under way on an earlier connection end with kUnavailable.
  virtual void Connect(ConnectCall call) = 0;

  // Without a certificate.
  virtual void SetUp(SetUpCall call, Done<Unit> done) = 0;
  virtual void Redeem(InvitationId invitation, Bytes request,
                      Done<Unit> done) = 0;
  // Gives the answer's bytes, empty while there is none.
  virtual void FetchAnswer(InvitationId invitation, Done<Bytes> done) = 0;

  // With the device's certificate.
  virtual void Invite(InviteCall call, Done<Unit> done) = 0;
  virtual void ListInvitations(Done<std::vector<InvitationRow>> done) = 0;
  virtual void RevokeInvitation(InvitationId invitation, Done<Unit> done) = 0;
  virtual void AnswerRequest(InvitationId invitation, Bytes answer,
                             Done<Unit> done) = 0;
  virtual void Revoke(CrlArrival crl, Done<Unit> done) = 0;

  // `organisation` empty: all. `after` zero: from the start.
  virtual void ListDevices(DeviceId after, std::string organisation,
                           Done<DevicePage> done) = 0;
  virtual void PublishKeyPackages(std::vector<KeyPackageUpload> packages,
                                  Done<uint32_t> done) = 0;
  virtual void ClaimKeyPackages(RoomId room, std::vector<DeviceId> devices,
                                Done<std::vector<ClaimedKeyPackage>> done) = 0;

  virtual void CreateRoom(RoomId room, Bytes group_info, Done<Unit> done) = 0;
  virtual void Append(AppendCall call, Done<LogSeq> done) = 0;
  virtual void Backfill(RoomId room, LogSeq after, uint32_t entries_max,
                        Done<EntryPage> done) = 0;
  virtual void AckInbox(std::vector<uint64_t> ids, Done<Unit> done) = 0;
  virtual void FetchWelcome(uint64_t welcome_id, Done<WelcomeShared> done) = 0;
  virtual void FetchGroupInfo(RoomId room, Done<GroupInfos> done) = 0;

  // Follow opens the device's one stream; items arrive as Arrivals at the
  // client (client.h), ending with StreamEnded. Opening again ends the one
  // before without a StreamEnded.
  virtual void Follow(FollowCall call) = 0;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_RELAY_H_
