#ifndef CORDON_CLIENT_NET_GRPC_RELAY_H_
#define CORDON_CLIENT_NET_GRPC_RELAY_H_

// The relay over gRPC: TLS to a pinned key, the device's transport certificate
// shown, a deadline on every call but the streams.
//
// Threads: called on the core's thread; gRPC's threads do nothing but post
// answers back there.
// Lifetime: `core` outlives this object, and this object the streams it gave.
// The destructor ends calls under way; their `done`s are dropped.
// Errors: the relay's, with its sentence; kUnauthenticated when the peer's key
// is not the pinned one; kFailedPrecondition before Connect; kInternal for an
// answer that does not convert.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "client/core/delivery_types.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core_thread.h"
#include "client/net/calls.h"
#include "client/net/relay_connection.h"
#include "client/net/stream_parts.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"

namespace cordon::client {

// How long an answer may take: that of a small call, and that of one that
// carries or checks a whole room.
inline constexpr absl::Duration kCallDeadline = absl::Seconds(30);
inline constexpr absl::Duration kRoomCallDeadline = absl::Minutes(3);

class GrpcRelay final : public Relay {
 public:
  explicit GrpcRelay(CoreThread* core,
                     absl::Duration call_deadline = kCallDeadline);
  GrpcRelay(const GrpcRelay&) = delete;
  GrpcRelay& operator=(const GrpcRelay&) = delete;
  ~GrpcRelay() override;

  // Calls and streams under way stay with the connection they began on.
  void Connect(ConnectCall call) override;
  void SetUp(SetUpCall call, Done<Unit> done) override;
  void Redeem(InvitationId invitation, Bytes request, Done<Unit> done) override;
  void FetchAnswer(InvitationId invitation, Done<Bytes> done) override;
  void Invite(InviteCall call, Done<Unit> done) override;
  void ListInvitations(InvitationId after, Done<InvitationPage> done) override;
  void RevokeInvitation(InvitationId invitation, Done<Unit> done) override;
  void AnswerRequest(InvitationId invitation, Bytes answer,
                     Done<Unit> done) override;
  void Enter(std::vector<Bytes> identity, std::vector<Bytes> transport,
             Done<Unit> done) override;
  void ListDevices(DeviceId after, std::string organisation,
                   Done<DevicePage> done) override;
  void Revoke(CrlItem list, Done<Unit> done) override;
  void PublishKeyPackages(std::vector<KeyPackageUpload> packages,
                          Done<uint64_t> done) override;
  void ClaimKeyPackages(RoomId room, std::vector<DeviceId> devices,
                        Done<std::vector<ClaimedKeyPackage>> done) override;
  void Describe(Done<RelayFacts> done) override;
  void CreateRoom(RoomId room, Bytes group_info, Done<Unit> done) override;
  void Append(AppendCall call, Done<LogSeq> done) override;
  void Backfill(RoomId room, LogSeq after, uint32_t entries_max,
                Done<LogPage> done) override;
  void AckInbox(uint64_t through, Done<Unit> done) override;
  void FetchWelcome(uint64_t welcome_id, Done<SharedWelcome> done) override;
  void FetchGroupInfo(RoomId room, Done<GroupInfos> done) override;
  void PutGroupInfo(RoomId room, Bytes group_info, Done<Unit> done) override;
  std::unique_ptr<FollowStream> Follow(FollowCall call) override;
  std::unique_ptr<BlobUpload> PutBlob(PutBlobCall call) override;
  std::unique_ptr<BlobDownload> GetBlob(BlobId blob,
                                        uint64_t offset_bytes) override;
  void StatBlob(BlobId blob, Done<BlobStat> done) override;
  void HoldBlob(BlobId blob, RoomId room, Done<Unit> done) override;
  void ForgetBlob(BlobId blob, RoomId room, Done<Unit> done) override;

 private:
  // Sends `request` with `start`(connection, context, request, answer,
  // callback) and has `done` called on the core's thread with what `convert`
  // makes of the answer.
  template <typename T, typename Request, typename AnswerMessage,
            typename Start, typename Convert>
  void Call(Request request, Done<T> done, Start start, Convert convert,
            std::optional<absl::Duration> deadline = std::nullopt);

  // What a stream takes along.
  StreamParts Parts() { return {core_, &calls_, connection_}; }

  CoreThread* const core_;
  const absl::Duration call_deadline_;
  // Two owners: this, and the calls begun on it.
  std::shared_ptr<RelayConnection> connection_;
  Calls calls_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_GRPC_RELAY_H_
