#ifndef CORDON_TESTS_SUPPORT_FAKE_RELAY_H_
#define CORDON_TESTS_SUPPORT_FAKE_RELAY_H_

// A relay in memory, for tests of the client's core. Several clients share one
// RelayWorld, each through its own FakeRelay. Answers and what is followed wait
// until Run(), so that a test decides what happens in between; a call can be
// made to fail before or after it takes effect, and the relay to lie.
//
// It checks what a test needs (the set-up code, the invitation's key, who
// calls, the order of a log, that a commit holds), not what the real relay's
// own tests check: no policy, no rates.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/name.h"
#include "tests/support/fake_follow.h"
#include "tests/support/fake_rooms.h"
#include "tests/support/fake_world.h"

namespace cordon::testing {

// What goes wrong with a call. Each is used up by one.
struct CallFault {
  std::optional<absl::Status> fail;  // without effect
  bool lose = false;                 // takes effect, its answer is lost
};

// A stream of a FakeRelay. Defined in fake_relay.cc.
class FakeStream;

class FakeRelay final : public client::Relay {
 public:
  explicit FakeRelay(RelayWorld* world) : world_(world) {}

  // Run gives all answers that wait, and those to the calls they lead to.
  void Run();
  bool idle() const { return waiting_.empty(); }

  // The next call, whichever it is, fails with `status` and has no effect.
  void FailNext(absl::Status status) { next_.fail = std::move(status); }
  // The next call takes effect and its answer is lost.
  void LoseNextAnswer() { next_.lose = true; }
  // The same for the next Append, whatever comes before.
  void FailNextAppend(absl::Status status) {
    next_append_.fail = std::move(status);
  }
  void LoseNextAppend() { next_append_.lose = true; }

  // While the relay is away every call fails with kUnavailable, and streams
  // have ended.
  void GoAway();
  void ComeBack() { away_ = false; }
  // CutStream ends what is followed; the client may follow again.
  void CutStream(absl::Status why);
  bool followed() const { return stream_ != nullptr; }

  // What this client is told wrongly about a room; change it at will.
  RoomLie& LieAbout(const RoomId& room) { return lies_[room]; }
  void StopLying() { lies_.clear(); }

  const std::optional<client::ConnectCall>& connection() const {
    return connection_;
  }

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
  friend class FakeStream;
  friend class FakeUpload;
  friend class FakeDownload;

  // Runs `effect` now, unless the call is to fail, and has `done` wait for
  // what it gave.
  template <typename T>
  void Answer(client::Done<T> done,
              const std::function<absl::StatusOr<T>()>& effect) {
    AnswerWith<T>(next_, std::move(done), effect);
  }
  template <typename T>
  void AnswerWith(CallFault& fault, client::Done<T> done,
                  const std::function<absl::StatusOr<T>()>& effect);
  // Does the same for a call that has nothing to give.
  void Do(client::Done<client::Unit> done,
          const std::function<absl::Status()>& effect);

  absl::StatusOr<cert::DeviceName> Caller() const;
  absl::StatusOr<FakeCall> Call() const;

  RelayWorld* const world_;
  std::optional<client::ConnectCall> connection_;
  CallFault next_;
  CallFault next_append_;
  bool away_ = false;
  RoomLies lies_;
  FakeStream* stream_ = nullptr;  // the newest, while it is there
  std::vector<absl::AnyInvocable<void() &&>> waiting_;
};

template <typename T>
void FakeRelay::AnswerWith(CallFault& fault, client::Done<T> done,
                           const std::function<absl::StatusOr<T>()>& effect) {
  absl::StatusOr<T> result = absl::UnavailableError("the relay is away");
  if (away_) {
    // As it is.
  } else if (fault.fail.has_value()) {
    result = *std::exchange(fault.fail, std::nullopt);
  } else if (std::exchange(fault.lose, false)) {
    (void)effect();  // Its answer is what gets lost.
  } else {
    result = effect();
  }
  waiting_.push_back(
      [done = std::move(done), result = std::move(result)]() mutable {
        std::move(done)(std::move(result));
      });
}

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAKE_RELAY_H_
