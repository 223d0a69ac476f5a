#include "crypto/mls/commit_follower.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/number.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/message_protection.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/public_group.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "tests/support/mls_room.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::MlsRoom;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr ExtensionType kSomeExtension{0xf100};

// The words of `state`'s member, whatever an honest client would say of them.
AuthenticatedContent Said(const EpochState& state, Content content,
                          Bytes confirmation_tag = {}) {
  AuthenticatedContent said{
      .content = {.group_id = state.context().group_id,
                  .epoch = state.epoch(),
                  .sender = MemberSender{state.self()},
                  .content = std::move(content)},
      .auth = {.confirmation_tag = std::move(confirmation_tag)}};
  Sign(state.member().signer, state.context_bytes(), said);
  return said;
}

// A room of five, and a relay that follows it from outside.
class HeardByAllTest : public ::testing::Test {
 protected:
  HeardByAllTest() {
    // The one who supports fewer extensions than the others.
    Identity identity = room_->MakeIdentity("plain");
    identity.capabilities.extensions.clear();
    const auto plain = OwnKeyPackage::Create(
        std::move(identity), {.not_before_s = 0, .not_after_s = 1},
        room_->random());
    auto pending = room_->member(0).Commit({.proposals = {room_->AddOf(plain)}},
                                           room_->services());
    CORDON_CHECK(pending.ok());
    room_->DeliverAdd(*std::move(pending), 0, plain);

    auto nodes = ParseTreeNodes(codec::Serialize(room_->member(0).tree()));
    CORDON_CHECK(nodes.ok());
    auto relay = PublicGroup::FromGroupInfo(
        room_->member(0).ExportGroupInfo({}), *std::move(nodes), Checks());
    CORDON_CHECK(relay.ok());
    relay_.emplace(*std::move(relay));
  }

  PublicChecks Checks() {
    return {.checker = room_->checker(), .instant = absl::FromUnixSeconds(0)};
  }
  // What its own Propose might refuse, as it is not valid alone.
  absl::StatusOr<PublicMessage> MessageOf(size_t author, Proposal proposal) {
    const EpochState& state = room_->member(author).current();
    return ProtectPublic(Said(state, std::move(proposal)),
                         state.member().membership_key, state.context_bytes());
  }
  // Sends it, and all take it.
  void Propose(size_t author, Proposal proposal) {
    auto message = MessageOf(author, std::move(proposal));
    ASSERT_OK(message);
    auto heard = relay_->Hear(*message, Checks());
    ASSERT_OK(heard);
    relay_.emplace(*std::move(heard));
    const size_t nobody = room_->size();
    room_->DeliverProposal(codec::Serialize(MlsMessage(*message)), nobody);
  }
  // Relay and members refuse it alike.
  void ExpectRefused(size_t author, Proposal proposal, absl::StatusCode code) {
    auto message = MessageOf(author, std::move(proposal));
    ASSERT_OK(message);
    EXPECT_THAT(relay_->Hear(*message, Checks()), StatusIs(code));
    EXPECT_THAT(room_->member(0).Process(codec::Serialize(MlsMessage(*message)),
                                         room_->services()),
                StatusIs(code));
  }
  // The first member commits what it heard, and all go along.
  void CommitHeard() {
    auto pending = room_->member(0).Commit({}, room_->services());
    ASSERT_OK(pending);
    auto message = ParseAs<PublicMessage>(pending->commit);
    ASSERT_OK(message);
    auto followed = relay_->Follow(*message, Checks());
    ASSERT_OK(followed);
    room_->DeliverCommit(*std::move(pending), 0);
    EXPECT_EQ(followed->next.context(), room_->member(0).context());
    listed_ = followed->proposals.size();
  }
  // A leaf that `author` proposes for itself, with a key that is given.
  Update UpdateWith(size_t author, Bytes encryption_key) {
    const EpochState& state = room_->member(author).current();
    LeafNode leaf = state.tree().Member(state.self())->leaf;
    leaf.source = LeafNodeSource::kUpdate;
    leaf.lifetime = {};
    leaf.parent_hash.clear();
    leaf.encryption_key = std::move(encryption_key);
    SignLeafNode(state.member().signer,
                 {.group_id = state.context().group_id, .index = state.self()},
                 leaf);
    return {.leaf_node = std::move(leaf)};
  }

  std::unique_ptr<MlsRoom> room_ = MlsRoom::WithMembers(4, 1);
  std::optional<PublicGroup> relay_;
  size_t listed_ = 0;
};

TEST_F(HeardByAllTest, AnAddOfADeviceWhoseOldLeafIsRemovedIsKeptByAll) {
  Propose(1, room_->AddOf(room_->MakeKeyPackage("member-3")));
  Propose(1, Remove{LeafIndex{3}});
  room_->Leave(3);

  CommitHeard();

  EXPECT_EQ(listed_, 2U);
  room_->ExpectAgreement();
}

TEST_F(HeardByAllTest, ExtensionsAreKeptWhoseUnsupportingMemberIsRemoved) {
  const Extensions extensions = {{kSomeExtension, {1}}};
  Propose(1, GroupContextExtensions{extensions});
  Propose(2, Remove{LeafIndex{4}});
  room_->Leave(4);

  CommitHeard();

  EXPECT_EQ(listed_, 2U);
  EXPECT_EQ(room_->member(0).context().extensions, extensions);
  room_->ExpectAgreement();
}

TEST_F(HeardByAllTest, AnUpdateToAKeyThatAnotherUpdateFreesIsKeptByAll) {
  const Bytes freed =
      room_->member(0).tree().Member(LeafIndex{3})->leaf.encryption_key;
  Propose(2, UpdateWith(2, freed));
  Propose(3,
          UpdateWith(3, room_->MakeKeyPackage("any").key_package().init_key));
  // They do not hold the keys that they proposed.
  room_->Leave(3);
  room_->Leave(2);

  CommitHeard();

  EXPECT_EQ(listed_, 2U);
  EXPECT_EQ(room_->member(0).tree().Member(LeafIndex{2})->leaf.encryption_key,
            freed);
  room_->ExpectAgreement();
}

TEST_F(HeardByAllTest, WhatFitsWithNothingIsKeptAndLeftOutOfTheCommit) {
  Propose(1, room_->AddOf(room_->MakeKeyPackage("member-3")));

  CommitHeard();

  EXPECT_EQ(listed_, 0U);
  room_->ExpectAgreement();
}

TEST_F(HeardByAllTest, NobodyKeepsMoreOfOneMemberThanALimit) {
  for (size_t i = 0; i < kProposalsPerMemberMax; ++i) {
    Propose(1, GroupContextExtensions{
                   {{kSomeExtension, {static_cast<uint8_t>(i)}}}});
  }

  ExpectRefused(1, Remove{LeafIndex{3}}, absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(
      room_->member(1).Propose(Remove{LeafIndex{3}}, {}, room_->services()),
      StatusIs(absl::StatusCode::kResourceExhausted));
  Propose(2, Remove{LeafIndex{4}});
}

TEST_F(HeardByAllTest, WhatNoCommitCouldTakeUpIsKeptByNobody) {
  ExpectRefused(1, Remove{LeafIndex{9}}, absl::StatusCode::kInvalidArgument);

  EXPECT_FALSE(room_->member(0).has_proposals());
}

}  // namespace
}  // namespace cordon::mls
