#include "crypto/mls/state_change.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group.h"
#include "crypto/mls/proposal.h"
#include "tests/support/mls_room.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::GroupStore;
using ::cordon::testing::MlsRoom;
using ::cordon::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::Lt;

constexpr ExtensionType kKnownExtension{0xf100};

class GroupStorageTest : public ::testing::Test {
 protected:
  // Bob, as a crash now would leave him.
  Group& Reload() {
    store_.Apply(bob_->TakeChanges());
    auto loaded = store_.Load();
    EXPECT_OK(loaded);
    *bob_ = *std::move(loaded);
    return *bob_;
  }

  std::unique_ptr<MlsRoom> room_ = MlsRoom::WithMembers(3, 70);
  Group* const bob_ = &room_->member(1);
  GroupStore store_;
};

TEST_F(GroupStorageTest, EveryStepSurvivesReloading) {
  Reload();
  room_->ExpectAgreement();
  Reload();
  room_->CommitBy(0, {});
  Reload();
  room_->CommitBy(1, {});
  Reload();
  room_->ExpectAgreement();
  Reload();
  room_->CommitBy(
      2, {.proposals = {GroupContextExtensions{{{kKnownExtension, {1}}}}}});
  Reload();

  room_->ExpectAgreement();
}

TEST_F(GroupStorageTest, AKeyUsedBeforeReloadingIsNotUsedAgain) {
  ASSERT_OK_AND_ASSIGN(const SealedMessage first,
                       bob_->Seal(AsBytes("1"), {}, room_->random()));
  Reload();
  ASSERT_OK_AND_ASSIGN(const SealedMessage second,
                       bob_->Seal(AsBytes("2"), {}, room_->random()));

  EXPECT_NE(first.generation, second.generation);
  EXPECT_OK(room_->member(0).Open(second.message));
  EXPECT_OK(room_->member(0).Open(first.message));
}

TEST_F(GroupStorageTest, AnOpenedMessageDoesNotOpenAgainAfterReloading) {
  ASSERT_OK_AND_ASSIGN(
      const SealedMessage sealed,
      room_->member(0).Seal(AsBytes("1"), {}, room_->random()));
  ASSERT_OK(bob_->Open(sealed.message));

  EXPECT_THAT(Reload().Open(sealed.message),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(GroupStorageTest, ProposalsOfOthersAndAnOwnUpdateSurviveReloading) {
  ASSERT_OK_AND_ASSIGN(const Bytes own, bob_->ProposeUpdate(std::nullopt, {},
                                                            room_->services()));
  room_->DeliverProposal(own, 1);
  Reload();
  ASSERT_OK_AND_ASSIGN(
      const Bytes other,
      room_->member(0).ProposeUpdate(std::nullopt, {}, room_->services()));
  room_->DeliverProposal(other, 0);
  Reload();

  room_->CommitBy(2, {});
  Reload();

  room_->ExpectAgreement();
}

TEST_F(GroupStorageTest, APendingCommitStoredApartIsTheGroupAfterAdoption) {
  store_.Apply(bob_->TakeChanges());
  ASSERT_OK_AND_ASSIGN(PendingCommit pending,
                       bob_->Commit({}, room_->services()));
  const StateChanges of_next = pending.next.TakeChanges();
  ASSERT_OK_AND_ASSIGN(Group before, store_.Load());
  EXPECT_EQ(before.epoch(), Epoch{1});
  ASSERT_OK_AND_ASSIGN(
      const SealedMessage late,
      room_->member(0).Seal(AsBytes("late"), {}, room_->random()));

  store_.Apply(of_next);
  ASSERT_OK_AND_ASSIGN(Group after, store_.Load());

  EXPECT_EQ(after.epoch(), Epoch{2});
  EXPECT_EQ(ToBytes(after.EpochAuthenticator()),
            ToBytes(pending.next.epoch_authenticator()));
  EXPECT_OK(after.Open(late.message));
}

TEST_F(GroupStorageTest, OneMessageWritesFewBytesWhateverTheGroup) {
  Reload();
  ASSERT_OK(bob_->Seal(AsBytes("first"), {}, room_->random()));
  Reload();
  ASSERT_OK(bob_->Seal(AsBytes("second"), {}, room_->random()));

  store_.Apply(bob_->TakeChanges());

  EXPECT_THAT(store_.last_bytes(), Lt(size_t{100}));
  EXPECT_THAT(bob_->TakeChanges(), IsEmpty());
}

TEST_F(GroupStorageTest, EpochsGivenUpLeaveNothingBehind) {
  Reload();
  for (size_t i = 0; i < kPastEpochsMax + 1; ++i) room_->CommitBy(0, {});
  Reload();
  const size_t pieces = store_.pieces();

  for (size_t i = 0; i < 5; ++i) {
    room_->CommitBy(0, {});
    Reload();
  }

  EXPECT_EQ(store_.pieces(), pieces);
}

TEST_F(GroupStorageTest, LateMessagesOpenAfterReloading) {
  ASSERT_OK_AND_ASSIGN(
      const SealedMessage late,
      room_->member(0).Seal(AsBytes("late"), {}, room_->random()));
  room_->CommitBy(2, {});

  EXPECT_OK(Reload().Open(late.message));
}

TEST(GroupLoadTest, PiecesThatDoNotParseAreDataLoss) {
  EXPECT_THAT(Group::Load({}), StatusIs(absl::StatusCode::kDataLoss));
  std::vector<StatePiece> pieces;
  pieces.push_back({Bytes(3), SecretBytes()});
  EXPECT_THAT(Group::Load(pieces), StatusIs(absl::StatusCode::kDataLoss));
  pieces[0].name = Bytes(9);
  EXPECT_THAT(Group::Load(pieces), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(GroupLoadTest, EveryMissingOrTruncatedPieceOfTheCurrentEpochIsDataLoss) {
  auto room = MlsRoom::WithMembers(2, 80);
  const StateChanges changes = room->member(0).TakeChanges();
  for (size_t damaged = 0; damaged < changes.size(); ++damaged) {
    std::vector<StatePiece> missing;
    std::vector<StatePiece> truncated;
    for (size_t i = 0; i < changes.size(); ++i) {
      const StateChange& change = changes[i];
      if (!change.value.has_value()) continue;
      const ByteSpan value = change.value->ExposeSecret();
      truncated.push_back({change.name, SecretBytes::Copy(value.first(
                                            value.size() - (i == damaged)))});
      if (i != damaged) {
        missing.push_back({change.name, change.value->CloneSecret()});
      }
    }
    if (!changes[damaged].value.has_value()) continue;
    EXPECT_THAT(Group::Load(truncated), StatusIs(absl::StatusCode::kDataLoss));
    // The secret tree's root alone is missed only when it is needed.
    if (changes[damaged].name.size() == 9) {
      EXPECT_THAT(Group::Load(missing), StatusIs(absl::StatusCode::kDataLoss));
    }
  }
}

}  // namespace
}  // namespace cordon::mls
