#include "client/cli/offline_relay.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "client/core/delivery_types.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core_thread.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/prim/hash.h"

namespace cordon::cli {
namespace {

using client::Done;
using client::Unit;

template <typename T>
void Refuse(client::CoreThread* core, Done<T> done) {
  core->Post([refused = std::move(done)]() mutable {
    std::move(refused)(absl::UnavailableError("offline, as asked"));
  });
}

class NoStream final : public client::FollowStream {
 public:
  explicit NoStream(client::CoreThread* core) : core_(core) {}
  void Read(Done<std::vector<client::FollowItem>> done) override {
    Refuse(core_, std::move(done));
  }

 private:
  client::CoreThread* const core_;
};

class NoUpload final : public client::BlobUpload {
 public:
  explicit NoUpload(client::CoreThread* core) : core_(core) {}
  void Write(Bytes /*chunk*/, Done<Unit> done) override {
    Refuse(core_, std::move(done));
  }
  void Finish(Done<Digest> done) override { Refuse(core_, std::move(done)); }

 private:
  client::CoreThread* const core_;
};

class NoDownload final : public client::BlobDownload {
 public:
  explicit NoDownload(client::CoreThread* core) : core_(core) {}
  void Read(Done<Bytes> done) override { Refuse(core_, std::move(done)); }

 private:
  client::CoreThread* const core_;
};

}  // namespace

void OfflineRelay::Connect(client::ConnectCall /*call*/) {}

std::unique_ptr<client::FollowStream> OfflineRelay::Follow(
    client::FollowCall /*call*/) {
  return std::make_unique<NoStream>(core_);
}

std::unique_ptr<client::BlobUpload> OfflineRelay::PutBlob(
    client::PutBlobCall /*call*/) {
  return std::make_unique<NoUpload>(core_);
}

std::unique_ptr<client::BlobDownload> OfflineRelay::GetBlob(
    BlobId /*blob*/, uint64_t /*offset_bytes*/) {
  return std::make_unique<NoDownload>(core_);
}

void OfflineRelay::SetUp(client::SetUpCall /*call*/, Done<Unit> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::Redeem(InvitationId /*invitation*/, Bytes /*request*/,
                          Done<Unit> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::FetchAnswer(InvitationId /*invitation*/, Done<Bytes> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::Invite(client::InviteCall /*call*/, Done<Unit> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::ListInvitations(InvitationId /*after*/,
                                   Done<client::InvitationPage> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::RevokeInvitation(InvitationId /*invitation*/,
                                    Done<Unit> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::AnswerRequest(InvitationId /*invitation*/, Bytes /*answer*/,
                                 Done<Unit> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::Enter(std::vector<Bytes> /*identity*/,
                         std::vector<Bytes> /*transport*/, Done<Unit> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::ListDevices(DeviceId /*after*/, std::string /*organisation*/,
                               Done<client::DevicePage> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::Revoke(client::CrlItem /*list*/, Done<Unit> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::PublishKeyPackages(
    std::vector<client::KeyPackageUpload> /*packages*/, Done<uint64_t> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::ClaimKeyPackages(
    RoomId /*room*/, std::vector<DeviceId> /*devices*/,
    Done<std::vector<client::ClaimedKeyPackage>> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::Describe(Done<client::RelayFacts> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::CreateRoom(RoomId /*room*/, Bytes /*group_info*/,
                              Done<Unit> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::Append(client::AppendCall /*call*/, Done<LogSeq> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::Backfill(RoomId /*room*/, LogSeq /*after*/,
                            uint32_t /*entries_max*/,
                            Done<client::LogPage> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::AckInbox(uint64_t /*through*/, Done<Unit> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::FetchWelcome(uint64_t /*welcome_id*/,
                                Done<client::SharedWelcome> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::FetchGroupInfo(RoomId /*room*/,
                                  Done<client::GroupInfos> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::PutGroupInfo(RoomId /*room*/, Bytes /*group_info*/,
                                Done<Unit> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::StatBlob(BlobId /*blob*/, Done<client::BlobStat> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::HoldBlob(BlobId /*blob*/, RoomId /*room*/, Done<Unit> done) {
  Refuse(core_, std::move(done));
}

void OfflineRelay::ForgetBlob(BlobId /*blob*/, RoomId /*room*/,
                              Done<Unit> done) {
  Refuse(core_, std::move(done));
}

}  // namespace cordon::cli
