#ifndef CORDON_CLIENT_CLI_OFFLINE_RELAY_H_
#define CORDON_CLIENT_CLI_OFFLINE_RELAY_H_

// The relay of a program that was told not to try one (--offline): every call
// fails at once with kUnavailable, as if nobody could be reached.
// Threads: the core's; answers are posted there.
// Lifetime: `core` outlives it.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "client/core/relay.h"
#include "client/core_thread.h"

namespace cordon::cli {

class OfflineRelay final : public client::Relay {
 public:
  explicit OfflineRelay(client::CoreThread* core) : core_(core) {}

  void Connect(client::ConnectCall call) override;
  void SetUp(client::SetUpCall call, client::Done<client::Unit> done) override;
  void Redeem(InvitationId invitation, Bytes request,
              client::Done<client::Unit> done) override;
  void FetchAnswer(InvitationId invitation, client::Done<Bytes> done) override;
  void Invite(client::InviteCall call,
              client::Done<client::Unit> done) override;
  void ListInvitations(InvitationId after,
                       client::Done<client::InvitationPage> done) override;
  void RevokeInvitation(InvitationId invitation,
                        client::Done<client::Unit> done) override;
  void AnswerRequest(InvitationId invitation, Bytes answer,
                     client::Done<client::Unit> done) override;
  void Enter(std::vector<Bytes> identity, std::vector<Bytes> transport,
             client::Done<client::Unit> done) override;
  void ListDevices(DeviceId after, std::string organisation,
                   client::Done<client::DevicePage> done) override;
  void Revoke(client::CrlItem list, client::Done<client::Unit> done) override;
  void PublishKeyPackages(std::vector<client::KeyPackageUpload> packages,
                          client::Done<uint64_t> done) override;
  void ClaimKeyPackages(
      RoomId room, std::vector<DeviceId> devices,
      client::Done<std::vector<client::ClaimedKeyPackage>> done) override;
  void Describe(client::Done<client::RelayFacts> done) override;
  void CreateRoom(RoomId room, Bytes group_info,
                  client::Done<client::Unit> done) override;
  void Append(client::AppendCall call, client::Done<LogSeq> done) override;
  void Backfill(RoomId room, LogSeq after, uint32_t entries_max,
                client::Done<client::LogPage> done) override;
  void AckInbox(uint64_t through, client::Done<client::Unit> done) override;
  void FetchWelcome(uint64_t welcome_id,
                    client::Done<client::SharedWelcome> done) override;
  void FetchGroupInfo(RoomId room,
                      client::Done<client::GroupInfos> done) override;
  void PutGroupInfo(RoomId room, Bytes group_info,
                    client::Done<client::Unit> done) override;
  std::unique_ptr<client::FollowStream> Follow(
      client::FollowCall call) override;
  std::unique_ptr<client::BlobUpload> PutBlob(
      client::PutBlobCall call) override;
  std::unique_ptr<client::BlobDownload> GetBlob(BlobId blob,
                                                uint64_t offset_bytes) override;
  void StatBlob(BlobId blob, client::Done<client::BlobStat> done) override;
  void HoldBlob(BlobId blob, RoomId room,
                client::Done<client::Unit> done) override;
  void ForgetBlob(BlobId blob, RoomId room,
                  client::Done<client::Unit> done) override;

 private:
  client::CoreThread* const core_;
};

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_OFFLINE_RELAY_H_
