#include "crypto/mls/external_join.h"

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/mls_room.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::MlsRoom;
using ::cordon::testing::StatusIs;

TEST(ExternalJoinTest, AStrangerJoinsByItsOwnCommit) {
  auto room = MlsRoom::WithMembers(3, 40);
  ASSERT_OK_AND_ASSIGN(
      Group::ExternallyJoined joined,
      Group::JoinExternal(
          room->member(1).ExportGroupInfo({.tree = TreePlace::kInside}),
          room->MakeIdentity("stranger"), {}, room->services()));

  for (size_t i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(
        Processed processed,
        room->member(i).Process(joined.commit, room->services()));
    auto& next = std::get<NextEpoch>(processed);
    EXPECT_TRUE(next.change().external);
    EXPECT_EQ(next.change().committer, joined.group.self());
    ASSERT_OK(room->member(i).Adopt(std::move(next)));
  }
  room->Enter(std::move(joined.group));

  room->ExpectAgreement();
  room->CommitBy(3, {});
  room->ExpectAgreement();
}

TEST(ExternalJoinTest, AMemberComesBackInPlaceOfItsFormerLeaf) {
  auto room = MlsRoom::WithMembers(4, 41);
  const GroupInfo info = room->member(0).ExportGroupInfo({});
  const Bytes tree = codec::Serialize(room->member(0).tree());
  ASSERT_OK_AND_ASSIGN(Group::ExternallyJoined joined,
                       Group::JoinExternal(info, room->MakeIdentity("member-2"),
                                           {.tree = tree}, room->services()));
  room->Leave(2);

  for (size_t i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(
        Processed processed,
        room->member(i).Process(joined.commit, room->services()));
    ASSERT_OK(room->member(i).Adopt(std::get<NextEpoch>(std::move(processed))));
  }
  room->Enter(std::move(joined.group));

  EXPECT_EQ(room->member(0).tree().member_count(), 4U);
  room->ExpectAgreement();
}

TEST(ExternalJoinTest, ADeviceThatIsThereCannotJoinTwice) {
  auto room = MlsRoom::WithMembers(2, 42);

  EXPECT_THAT(Group::JoinExternal(
                  room->member(0).ExportGroupInfo({.tree = TreePlace::kInside}),
                  room->MakeIdentity("member-1"), {.replace_own_leaf = false},
                  room->services()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ExternalJoinTest, GroupInfoMustHoldWhatItTakes) {
  auto room = MlsRoom::WithMembers(2, 43);
  const Identity stranger = room->MakeIdentity("stranger");
  const auto join = [&](const GroupInfo& info) {
    return Group::JoinExternal(info, stranger, {}, room->services());
  };

  EXPECT_THAT(join(room->member(0).ExportGroupInfo({})),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(join(room->member(0).ExportGroupInfo(
                  {.external_pub = false, .tree = TreePlace::kInside})),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  GroupInfo forged =
      room->member(0).ExportGroupInfo({.tree = TreePlace::kInside});
  forged.confirmation_tag[0] ^= 1;
  EXPECT_THAT(join(forged), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(ExternalJoinTest, AnExternalSenderProposesARemove) {
  auto room = MlsRoom::WithMembers(3, 44);
  const Ed25519PrivateKey relay = Ed25519PrivateKey::Generate(room->random());
  const ExternalSender sender{
      .signature_key = ToBytes(relay.public_key()),
      .credential = Credential::Basic(AsBytes("relay"))};
  room->CommitBy(
      0,
      {.proposals = {GroupContextExtensions{{MakeExternalSenders({sender})}}}});
  AuthenticatedContent said{
      .content = {.group_id = ToBytes("room"),
                  .epoch = room->member(0).epoch(),
                  .sender = OutsideSender{0},
                  .content = Proposal(Remove{LeafIndex{2}})}};
  Sign(relay, {}, said);
  const auto message = [](const AuthenticatedContent& content) {
    return codec::Serialize(MlsMessage(PublicMessage{.content = content}));
  };

  AuthenticatedContent unknown = said;
  unknown.content.sender = OutsideSender{1};
  EXPECT_THAT(room->member(0).Process(message(unknown), room->services()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  AuthenticatedContent forged = said;
  forged.auth.signature[0] ^= 1;
  EXPECT_THAT(room->member(0).Process(message(forged), room->services()),
              StatusIs(absl::StatusCode::kUnauthenticated));

  ASSERT_OK(room->member(0).Process(message(said), room->services()));
  ASSERT_OK(room->member(1).Process(message(said), room->services()));
  room->Leave(2);
  room->CommitBy(1, {});
  EXPECT_EQ(room->member(0).tree().member_count(), 2U);
  room->ExpectAgreement();
}

TEST(ExternalJoinTest, ANewMemberProposesItself) {
  auto room = MlsRoom::WithMembers(2, 45);
  const OwnKeyPackage own = room->MakeKeyPackage("newcomer");
  AuthenticatedContent said{.content = {.group_id = ToBytes("room"),
                                        .epoch = room->member(0).epoch(),
                                        .sender = NewMemberProposalSender{},
                                        .content = room->AddOf(own)}};
  Sign(own.signer(), {}, said);
  const Bytes message =
      codec::Serialize(MlsMessage(PublicMessage{.content = said}));
  room->DeliverProposal(message, /*author=*/99);

  ASSERT_OK_AND_ASSIGN(PendingCommit pending,
                       room->member(0).Commit({}, room->services()));
  room->DeliverAdd(std::move(pending), 0, own);

  room->ExpectAgreement();
}

}  // namespace
}  // namespace cordon::mls
