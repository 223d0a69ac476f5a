#include "crypto/mls/proposal_selection.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/group.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "tests/support/mls_room.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::MlsRoom;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ProposalSelectionTest : public ::testing::Test {
 protected:
  // All of them see a proposal of `author`.
  void Propose(size_t author, Proposal proposal) {
    ASSERT_OK_AND_ASSIGN(const Bytes message,
                         room_->member(author).Propose(std::move(proposal), {},
                                                       room_->services()));
    room_->DeliverProposal(message, author);
  }
  void ProposeUpdate(size_t author) {
    ASSERT_OK_AND_ASSIGN(const Bytes message,
                         room_->member(author).ProposeUpdate(
                             std::nullopt, {}, room_->services()));
    room_->DeliverProposal(message, author);
  }
  // What a commit of member 0 would take up.
  SelectedProposals Select() {
    auto selected =
        SelectProposals(room_->member(0).current(), {},
                        /*include_pending=*/true, room_->services());
    EXPECT_OK(selected);
    return *std::move(selected);
  }

  std::unique_ptr<MlsRoom> room_ = MlsRoom::WithMembers(4, 1);
};

TEST_F(ProposalSelectionTest, NothingWaitingIsAnEmptyCommit) {
  const SelectedProposals selected = Select();

  EXPECT_THAT(selected.items, IsEmpty());
  EXPECT_TRUE(selected.applied.path_required);
}

TEST_F(ProposalSelectionTest, TakesUpAllThatFitsTogether) {
  ProposeUpdate(1);
  Propose(2, Remove{LeafIndex{3}});

  const SelectedProposals selected = Select();

  EXPECT_THAT(selected.items, SizeIs(2));
  EXPECT_THAT(selected.applied.updated, ElementsAre(LeafIndex{1}));
  EXPECT_THAT(selected.applied.removed, ElementsAre(LeafIndex{3}));
}

TEST_F(ProposalSelectionTest, ARemoveGoesBeforeAnUpdateOfTheSameLeaf) {
  ProposeUpdate(3);
  Propose(2, Remove{LeafIndex{3}});

  const SelectedProposals selected = Select();

  EXPECT_THAT(selected.applied.removed, ElementsAre(LeafIndex{3}));
  EXPECT_THAT(selected.applied.updated, IsEmpty());
}

TEST_F(ProposalSelectionTest, TheNewestUpdateOfALeafWins) {
  ProposeUpdate(1);
  ProposeUpdate(1);

  const SelectedProposals selected = Select();

  ASSERT_THAT(selected.listed, SizeIs(1));
  EXPECT_EQ(selected.listed[0].proposal,
            room_->member(0).current().proposals().all()[1].proposal);
}

TEST_F(ProposalSelectionTest, TheCommittersOwnUpdateStaysOut) {
  ProposeUpdate(0);

  EXPECT_THAT(Select().items, IsEmpty());
}

TEST_F(ProposalSelectionTest, ARemoveOfTheCommitterStaysOut) {
  Propose(1, Remove{LeafIndex{0}});

  EXPECT_THAT(Select().items, IsEmpty());
}

TEST_F(ProposalSelectionTest, AReInitStaysOutBesideOthersAndGoesInAlone) {
  const ReInit re_init{
      .group_id = {1}, .version = kMls10, .cipher_suite = kCipherSuite};
  Propose(1, re_init);
  EXPECT_TRUE(Select().applied.re_init.has_value());

  ProposeUpdate(2);

  EXPECT_FALSE(Select().applied.re_init.has_value());
  EXPECT_THAT(Select().items, SizeIs(1));
}

TEST_F(ProposalSelectionTest, APreSharedKeyThatIsNotKnownStaysOut) {
  Propose(1, PreSharedKey{MakeExternalPskId(AsBytes("x"), room_->random())});
  EXPECT_THAT(Select().items, IsEmpty());

  room_->psks().Put("x", "key");

  EXPECT_THAT(Select().applied.psks, SizeIs(1));
}

TEST_F(ProposalSelectionTest, ProposalsByValueMustAllGoIn) {
  const Proposal good = Remove{LeafIndex{3}};
  const Proposal bad = Remove{LeafIndex{0}};

  EXPECT_OK(SelectProposals(room_->member(0).current(), {good}, true,
                            room_->services()));
  EXPECT_THAT(SelectProposals(room_->member(0).current(), {good, bad}, true,
                              room_->services()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ProposalSelectionTest, WaitingProposalsMayBeLeftOut) {
  ProposeUpdate(1);

  ASSERT_OK_AND_ASSIGN(
      const SelectedProposals selected,
      SelectProposals(room_->member(0).current(), {},
                      /*include_pending=*/false, room_->services()));

  EXPECT_THAT(selected.items, IsEmpty());
}

}  // namespace
}  // namespace cordon::mls
