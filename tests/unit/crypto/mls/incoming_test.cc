#include "crypto/mls/incoming.h"

#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/number.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/message_protection.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/tree_math.h"
#include "tests/support/mls_room.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::MlsRoom;
using ::cordon::testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kUnauthenticated = absl::StatusCode::kUnauthenticated;
constexpr LeafIndex kVictim{0};
constexpr LeafIndex kForger{1};

// All that a member knows of its epoch, taken out of its group, to do with it
// what no honest client does.
EpochState SecretsOf(Group& group) {
  std::vector<StatePiece> stored;
  for (StateChange& change : group.TakeChanges()) {
    if (change.value.has_value()) {
      stored.push_back({change.name, *std::move(change.value)});
    }
  }
  std::vector<const StatePiece*> of_epoch;
  for (const StatePiece& piece : stored) {
    const auto epoch = EpochOfPiece(piece.name);
    CORDON_CHECK(epoch.ok());
    if (*epoch == group.epoch()) of_epoch.push_back(&piece);
  }
  auto state = EpochState::Restore(of_epoch);
  CORDON_CHECK(state.ok());
  return *std::move(state);
}

// Member 1 holds every key of the epoch but the others' signature keys.
class IncomingTest : public ::testing::Test {
 protected:
  AuthenticatedContent Say(LeafIndex as, Content content, WireFormat format) {
    AuthenticatedContent said{
        .wire_format = format,
        .content = {.group_id = forger_.context().group_id,
                    .epoch = forger_.epoch(),
                    .sender = MemberSender{as},
                    .content = std::move(content)}};
    Sign(forger_.member().signer, forger_.context_bytes(), said);
    return said;
  }
  PrivateMessage Seal(LeafIndex as, Content content) {
    OpeningKeys& keys = forger_.opening();
    auto sealed =
        SealPrivate(Say(as, std::move(content), WireFormat::kPrivateMessage),
                    {keys.sender_data, keys.messages}, room_->random());
    CORDON_CHECK(sealed.ok());
    return std::move(sealed->message);
  }
  PublicMessage Show(LeafIndex as, Content content) {
    auto shown =
        ProtectPublic(Say(as, std::move(content), WireFormat::kPublicMessage),
                      forger_.member().membership_key, forger_.context_bytes());
    CORDON_CHECK(shown.ok());
    return *std::move(shown);
  }
  Group& reader() { return room_->member(2); }

  std::unique_ptr<MlsRoom> room_ = MlsRoom::WithMembers(4, 1);
  EpochState forger_ = SecretsOf(room_->member(kForger.value));
};

TEST_F(IncomingTest, WhatAMemberSealsAsItselfIsOpened) {
  const Bytes own =
      codec::Serialize(MlsMessage(Seal(kForger, ApplicationData{{1, 2}})));

  ASSERT_OK_AND_ASSIGN(const OpenedMessage opened, reader().Open(own));

  EXPECT_EQ(opened.data, Bytes({1, 2}));
  EXPECT_EQ(opened.sender, kForger);
}

TEST_F(IncomingTest, AMemberCannotSealAsAnotherAndTheOthersMessageStillOpens) {
  const Bytes forged =
      codec::Serialize(MlsMessage(Seal(kVictim, ApplicationData{{1}})));
  ASSERT_OK_AND_ASSIGN(
      const SealedMessage honest,
      room_->member(kVictim.value).Seal(AsBytes("mine"), {}, room_->random()));

  EXPECT_THAT(reader().Open(forged), StatusIs(kUnauthenticated));

  // Of the same leaf and generation as the forged one.
  EXPECT_EQ(honest.generation, 0U);
  ASSERT_OK_AND_ASSIGN(const OpenedMessage opened,
                       reader().Open(honest.message));
  EXPECT_EQ(AsText(opened.data), "mine");
}

TEST_F(IncomingTest, AMemberCannotProposeAsAnotherInASealedMessage) {
  const Content remove = Proposal(Remove{LeafIndex{3}});
  const Bytes forged = codec::Serialize(MlsMessage(Seal(kVictim, remove)));
  const Bytes own = codec::Serialize(MlsMessage(Seal(kForger, remove)));

  EXPECT_THAT(reader().Process(forged, room_->services()),
              StatusIs(kUnauthenticated));

  EXPECT_FALSE(reader().has_proposals());
  EXPECT_OK(reader().Process(own, room_->services()));
  EXPECT_TRUE(reader().has_proposals());
}

TEST_F(IncomingTest, AMemberCannotProposeAsAnotherThoughItKnowsTheTagsKey) {
  const Content remove = Proposal(Remove{LeafIndex{3}});
  const PublicMessage forged = Show(kVictim, remove);
  const PublicMessage own = Show(kForger, remove);

  EXPECT_OK(VerifyPublic(forged, forger_.member().membership_key,
                         forger_.context_bytes()));
  EXPECT_THAT(
      reader().Process(codec::Serialize(MlsMessage(forged)), room_->services()),
      StatusIs(kUnauthenticated));

  EXPECT_FALSE(reader().has_proposals());
  EXPECT_OK(
      reader().Process(codec::Serialize(MlsMessage(own)), room_->services()));
  EXPECT_TRUE(reader().has_proposals());
}

TEST_F(IncomingTest, WhatIsOfAnotherGroupOrEpochIsLeftAlone) {
  const Content remove = Proposal(Remove{LeafIndex{3}});
  PrivateMessage sealed = Seal(kForger, remove);
  sealed.epoch = Epoch{sealed.epoch.value + 1};
  PublicMessage shown = Show(kForger, remove);
  shown.content.content.group_id = {9};

  EXPECT_THAT(Unprotect(sealed, forger_), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(Unprotect(shown, forger_), StatusIs(absl::StatusCode::kAborted));
}

TEST_F(IncomingTest, ABlankLeafSaysNothing) {
  EXPECT_THAT(Unprotect(Show(LeafIndex{9}, Proposal(Remove{kVictim})), forger_),
              StatusIs(kInvalid));
}

class FindSenderKeyTest : public IncomingTest {
 protected:
  FindSenderKeyTest() {
    context_.extensions = {MakeExternalSenders(
        {{.signature_key = {7}, .credential = Credential::Basic({1})}})};
  }
  absl::StatusOr<Bytes> KeyOf(Sender sender, Content content) {
    return FindSenderKey(
        {.sender = std::move(sender), .content = std::move(content)},
        forger_.tree(), context_);
  }

  GroupContext context_;
  const LeafNode leaf_ = forger_.tree().Member(kForger)->leaf;
};

TEST_F(FindSenderKeyTest, OfAMemberIsThatOfItsLeaf) {
  EXPECT_THAT(KeyOf(MemberSender{kForger}, ApplicationData{}),
              IsOkAndHolds(leaf_.signature_key));
}

TEST_F(FindSenderKeyTest, OfAnOutsiderStandsInTheGroupsExtensions) {
  const Content remove = Proposal(Remove{kVictim});

  EXPECT_THAT(KeyOf(OutsideSender{0}, remove), IsOkAndHolds(Bytes({7})));
  EXPECT_THAT(KeyOf(OutsideSender{1}, remove), StatusIs(kInvalid));
  EXPECT_THAT(KeyOf(OutsideSender{0}, Commit{}), StatusIs(kInvalid));
}

TEST_F(FindSenderKeyTest, OfAJoinerTravelsInTheMessage) {
  Commit commit;
  EXPECT_THAT(KeyOf(NewMemberCommitSender{}, commit), StatusIs(kInvalid));
  commit.path = UpdatePath{.leaf_node = leaf_, .nodes = {}};
  EXPECT_THAT(KeyOf(NewMemberCommitSender{}, commit),
              IsOkAndHolds(leaf_.signature_key));

  const Add add{.key_package = {.leaf_node = leaf_}};
  EXPECT_THAT(KeyOf(NewMemberProposalSender{}, Proposal(add)),
              IsOkAndHolds(leaf_.signature_key));
  EXPECT_THAT(KeyOf(NewMemberProposalSender{}, Proposal(Remove{kVictim})),
              StatusIs(kInvalid));
}

}  // namespace
}  // namespace cordon::mls
