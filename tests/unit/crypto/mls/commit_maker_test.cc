#include "crypto/mls/commit_maker.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/welcome.h"
#include "tests/support/mls_room.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOk;
using ::cordon::testing::MlsRoom;
using ::cordon::testing::StatusIs;
using ::testing::Not;
using ::testing::SizeIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr ExtensionType kSomeExtension{0xf100};

class CommitMakerTest : public ::testing::Test {
 protected:
  absl::StatusOr<PendingCommit> CommitOf(size_t member, CommitOptions options) {
    return room_->member(member).Commit(std::move(options), room_->services());
  }
  static Commit Content(const PendingCommit& pending) {
    auto message = ParseAs<PublicMessage>(pending.commit);
    EXPECT_OK(message);
    return std::get<Commit>(message->content.content.content);
  }

  std::unique_ptr<MlsRoom> room_ = MlsRoom::WithMembers(3, 1);
};

TEST_F(CommitMakerTest, ACommitOfNothingRenewsThePath) {
  ASSERT_OK_AND_ASSIGN(PendingCommit pending, CommitOf(1, {}));

  EXPECT_TRUE(Content(pending).path.has_value());
  EXPECT_FALSE(pending.welcome.has_value());
  EXPECT_EQ(pending.next.epoch(), Epoch{2});
  room_->DeliverCommit(std::move(pending), 1);
  room_->ExpectAgreement();
}

TEST_F(CommitMakerTest, AddsAloneTakeNoPathUnlessOneIsWanted) {
  const OwnKeyPackage own = room_->MakeKeyPackage("late");
  const Proposal add = room_->AddOf(own);

  ASSERT_OK_AND_ASSIGN(const PendingCommit bare,
                       CommitOf(0, {.proposals = {add}}));
  ASSERT_OK_AND_ASSIGN(const PendingCommit forced,
                       CommitOf(0, {.proposals = {add}, .force_path = true}));

  EXPECT_FALSE(Content(bare).path.has_value());
  EXPECT_TRUE(Content(forced).path.has_value());
  ASSERT_TRUE(bare.welcome.has_value());
  EXPECT_THAT(bare.welcome->secrets, SizeIs(1));
  EXPECT_OK(Group::Join(*bare.welcome, own, {}, room_->services()));
  EXPECT_OK(Group::Join(*forced.welcome, own, {}, room_->services()));
}

// The others would refuse it: they support all extensions of the group.
TEST_F(CommitMakerTest, AnIdentityThatLacksAnExtensionOfTheGroupIsNotTaken) {
  room_->CommitBy(
      0, {.proposals = {GroupContextExtensions{{{kSomeExtension, {1}}}}}});
  Identity lacking = room_->MakeIdentity("member-1");
  lacking.capabilities.extensions.clear();

  EXPECT_THAT(CommitOf(1, {.identity = std::move(lacking)}),
              StatusIs(kInvalid));

  room_->CommitBy(1, {.identity = room_->MakeIdentity("member-1")});
  room_->ExpectAgreement();
}

TEST_F(CommitMakerTest, ACommitMayDropTheExtensionThatItsNewIdentityLacks) {
  room_->CommitBy(
      0, {.proposals = {GroupContextExtensions{{{kSomeExtension, {1}}}}}});
  Identity lacking = room_->MakeIdentity("member-1");
  lacking.capabilities.extensions.clear();

  room_->CommitBy(1, {.proposals = {GroupContextExtensions{}},
                      .identity = std::move(lacking)});

  room_->ExpectAgreement();
}

TEST_F(CommitMakerTest, AnIdentityThatDoesNotSupportTheOthersIsNotTaken) {
  Identity narrow = room_->MakeIdentity("member-1");
  narrow.capabilities.credentials = {kX509Credential};

  EXPECT_THAT(CommitOf(1, {.identity = std::move(narrow)}), StatusIs(kInvalid));

  EXPECT_EQ(room_->member(1).epoch(), Epoch{1});
  room_->CommitBy(1, {});
  room_->ExpectAgreement();
}

TEST_F(CommitMakerTest, GroupInfoHoldsWhatIsAskedFor) {
  const EpochState& state = room_->member(0).current();

  const GroupInfo usual = MakeGroupInfo(state, {});
  const GroupInfo whole =
      MakeGroupInfo(state, {.external_pub = false,
                            .tree = TreePlace::kInside,
                            .extensions = {{kSomeExtension, {7}}}});

  EXPECT_NE(FindExtension(usual.extensions, kExternalPubExtension), nullptr);
  EXPECT_EQ(FindExtension(usual.extensions, kRatchetTreeExtension), nullptr);
  EXPECT_EQ(FindExtension(whole.extensions, kExternalPubExtension), nullptr);
  EXPECT_NE(FindExtension(whole.extensions, kRatchetTreeExtension), nullptr);
  EXPECT_NE(FindExtension(whole.extensions, kSomeExtension), nullptr);
  const Bytes key = ToBytes(state.member().signer.public_key());
  EXPECT_OK(VerifyGroupInfo(usual, key));
  EXPECT_OK(VerifyGroupInfo(whole, key));
  EXPECT_THAT(
      VerifyGroupInfo(whole, room_->MakeKeyPackage("x").key_package().init_key),
      Not(IsOk()));
}

}  // namespace
}  // namespace cordon::mls
