#include "crypto/mls/pending_proposals.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

PendingProposal Numbered(uint32_t number) {
  return {
      .ref = {static_cast<uint8_t>(number), static_cast<uint8_t>(number >> 8)},
      .proposal = Remove{LeafIndex{number}},
      .sender = MemberSender{LeafIndex{7}}};
}

TEST(PendingProposalsTest, AreFoundByReferenceAndKeptInOrder) {
  PendingProposals proposals;
  ASSERT_OK(proposals.Add(Numbered(2)));
  ASSERT_OK(proposals.Add(Numbered(1)));

  ASSERT_OK_AND_ASSIGN(const auto* found, proposals.Find(Numbered(1).ref));
  EXPECT_EQ(found->proposal, Proposal(Remove{LeafIndex{1}}));
  EXPECT_EQ(found->Listed().author, LeafIndex{7});
  EXPECT_TRUE(found->Listed().by_reference);
  EXPECT_EQ(proposals.all()[0].ref, Numbered(2).ref);
  EXPECT_THAT(proposals.Find({9}), StatusIs(absl::StatusCode::kNotFound));
}

TEST(PendingProposalsTest, TheSameProposalTwiceIsOne) {
  PendingProposals proposals;
  ASSERT_OK(proposals.Add(Numbered(1)));
  ASSERT_OK(proposals.Add(Numbered(1)));

  EXPECT_THAT(proposals.all(), SizeIs(1));
}

TEST(PendingProposalsTest, ThereIsALimit) {
  PendingProposals proposals;
  for (uint32_t i = 0; i < kPendingProposalsMax; ++i) {
    PendingProposal outside = Numbered(i);
    outside.sender = OutsideSender{0};
    ASSERT_OK(proposals.Add(std::move(outside)));
  }

  EXPECT_THAT(proposals.Add(Numbered(kPendingProposalsMax)),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(proposals.Add(Numbered(0)));
}

TEST(PendingProposalsTest, OneMemberCannotFillThemAlone) {
  PendingProposals proposals;
  for (uint32_t i = 0; i < kProposalsPerMemberMax; ++i) {
    ASSERT_OK(proposals.Add(Numbered(i)));
  }
  PendingProposal other = Numbered(kProposalsPerMemberMax);
  other.sender = MemberSender{LeafIndex{8}};

  EXPECT_THAT(proposals.Add(Numbered(kProposalsPerMemberMax)),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(proposals.all(), SizeIs(kProposalsPerMemberMax));
  EXPECT_OK(proposals.Add(Numbered(0)));
  EXPECT_OK(proposals.Add(std::move(other)));
}

TEST(PendingProposalsTest, OutsidersAreNoAuthors) {
  PendingProposal outside = Numbered(1);
  outside.sender = OutsideSender{0};

  EXPECT_EQ(outside.Listed().author, std::nullopt);
}

TEST(PendingProposalsTest, SurviveStorageWithOwnKeys) {
  SeededRandom random(1);
  PendingProposals proposals;
  PendingProposal own = Numbered(1);
  own.own_keys =
      ProposedLeafKeys{.leaf_key = hpke::KeyPair::Generate(random),
                       .signer = Ed25519PrivateKey::Generate(random)};
  const auto leaf_key = own.own_keys->leaf_key.public_key;
  const auto signer = own.own_keys->signer.public_key();
  ASSERT_OK(proposals.Add(std::move(own)));
  StateChanges changes;
  proposals.SaveTo({}, changes);
  ASSERT_OK(proposals.Add(Numbered(2)));
  proposals.SaveTo({}, changes);
  ASSERT_THAT(changes, SizeIs(2));

  PendingProposals loaded;
  for (const StateChange& change : changes) {
    ASSERT_OK(loaded.LoadPiece(change.name, change.value->ExposeSecret()));
  }

  ASSERT_THAT(loaded.all(), SizeIs(2));
  ASSERT_TRUE(loaded.all()[0].own_keys.has_value());
  EXPECT_EQ(loaded.all()[0].own_keys->leaf_key.public_key, leaf_key);
  EXPECT_EQ(loaded.all()[0].own_keys->signer.public_key(), signer);
  EXPECT_FALSE(loaded.all()[1].own_keys.has_value());
  StateChanges none;
  loaded.SaveTo({}, none);
  EXPECT_THAT(none, IsEmpty());
  loaded.EraseAll({}, none);
  EXPECT_THAT(none, SizeIs(2));
}

TEST(PendingProposalsTest, PiecesThatDoNotParseOrAreOutOfOrderAreDataLoss) {
  PendingProposals proposals;
  ASSERT_OK(proposals.Add(Numbered(1)));
  StateChanges changes;
  proposals.SaveTo({}, changes);
  const ByteSpan value = changes[0].value->ExposeSecret();

  PendingProposals loaded;
  EXPECT_THAT(loaded.LoadPiece(Bytes{0, 0, 0, 1}, value),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(loaded.LoadPiece(changes[0].name, value.first(value.size() - 1)),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_TRUE(loaded.empty());
}

}  // namespace
}  // namespace cordon::mls
