#include "crypto/mls/epoch_state.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/epoch_advance.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/pending_proposals.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "tests/support/mls_clients.h"
#include "tests/support/mls_room.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::KnownTree;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto kDataLoss = absl::StatusCode::kDataLoss;
constexpr LeafIndex kSelf{1};

std::vector<StatePiece> Stored(StateChanges changes) {
  std::vector<StatePiece> pieces;
  for (StateChange& change : changes) {
    if (change.value.has_value()) {
      pieces.push_back({change.name, *std::move(change.value)});
    }
  }
  return pieces;
}

absl::StatusOr<EpochState> Restored(const std::vector<StatePiece>& stored) {
  std::vector<const StatePiece*> pieces;
  for (const StatePiece& piece : stored) pieces.push_back(&piece);
  return EpochState::Restore(pieces);
}

class EpochStateTest : public ::testing::Test {
 protected:
  EpochState Make() {
    GroupContext context{.group_id = {1}, .epoch = Epoch{5}};
    context.tree_hash = ToBytes(known_.tree().RootHash());
    return MakeState(EpochPublic::Of(std::move(context), known_.tree()),
                     ExpandEpochSecret(Secret::Random(random_)),
                     {.path = known_.KeysOf(kSelf),
                      .signer = known_.client(1).signer.CloneSecret()},
                     Bytes(32, 3));
  }
  static PendingProposal Waiting(uint8_t number) {
    return {.ref = {number},
            .proposal = Remove{LeafIndex{0}},
            .sender = MemberSender{LeafIndex{0}}};
  }
  // Give back what was stored, and compare what a member can see of it.
  void ExpectDurable(EpochState& state) {
    StateChanges changes;
    state.SaveTo(changes);
    ASSERT_OK_AND_ASSIGN(const EpochState back,
                         Restored(Stored(std::move(changes))));
    EXPECT_EQ(back.epoch(), state.epoch());
    EXPECT_EQ(back.self(), state.self());
    EXPECT_EQ(ToBytes(back.context_bytes()), ToBytes(state.context_bytes()));
    EXPECT_EQ(back.tree().RootHash(), state.tree().RootHash());
    EXPECT_EQ(back.proposals().all().size(), state.proposals().all().size());
    ASSERT_FALSE(back.retired());
    EXPECT_TRUE(back.member().epoch_authenticator.EqualsConstantTime(
        state.member().epoch_authenticator));
    EXPECT_EQ(back.member().confirmation_tag, state.member().confirmation_tag);
    EXPECT_EQ(back.member().re_init, state.member().re_init);
    EXPECT_EQ(back.member().founding, state.member().founding);
    EXPECT_OK(back.member().path.Check(back.tree()));
  }

  SeededRandom random_{1};
  KnownTree known_ = KnownTree::Warm(3, random_);
};

TEST_F(EpochStateTest, IsGivenBackAsItWasStored) {
  EpochState state = Make();
  ASSERT_OK(state.proposals().Add(Waiting(1)));

  ExpectDurable(state);
}

// What may be longer than any buffer that was thought to be enough.
TEST_F(EpochStateTest, IsGivenBackWithAnEndAndABeginningOfAnySize) {
  EpochState state = Make();
  state.SetReInit(
      ReInit{.group_id = Bytes(kGroupIdBytesMax, 2),
             .version = kMls10,
             .cipher_suite = kCipherSuite,
             .extensions = {{ExtensionType{0xf100}, Bytes(100'000, 4)}}});
  state.SetFounding(ResumptionPsk{.usage = ResumptionUsage::kBranch,
                                  .group_id = Bytes(kGroupIdBytesMax, 5),
                                  .epoch = Epoch{6}});

  ExpectDurable(state);
}

TEST_F(EpochStateTest, WritesItsLargePieceOnce) {
  EpochState state = Make();
  StateChanges first;
  state.SaveTo(first);
  EXPECT_THAT(first, Not(IsEmpty()));

  StateChanges nothing;
  state.SaveTo(nothing);
  EXPECT_THAT(nothing, IsEmpty());

  ASSERT_OK(state.proposals().Add(Waiting(1)));
  StateChanges one;
  state.SaveTo(one);
  EXPECT_THAT(one, SizeIs(1));
}

TEST_F(EpochStateTest, RetiringErasesWhatOnlyTheCurrentEpochNeeds) {
  EpochState state = Make();
  ASSERT_OK(state.proposals().Add(Waiting(1)));
  StateChanges changes;
  state.SaveTo(changes);
  const size_t kept = changes.size();
  StateChanges erased;

  state.Retire(erased);

  EXPECT_TRUE(state.retired());
  EXPECT_THAT(state.proposals().all(), IsEmpty());
  ASSERT_THAT(erased, SizeIs(2));
  EXPECT_LT(erased.size(), kept);
  for (const StateChange& change : erased) {
    EXPECT_EQ(change.value, std::nullopt);
  }
  state.Retire(erased);
  EXPECT_THAT(erased, SizeIs(2));
}

TEST_F(EpochStateTest, ARetiredEpochIsGivenBackRetired) {
  EpochState state = Make();
  StateChanges none;
  state.Retire(none);
  EXPECT_THAT(none, IsEmpty()) << "nothing had been stored";
  StateChanges changes;
  state.SaveTo(changes);

  ASSERT_OK_AND_ASSIGN(EpochState back, Restored(Stored(std::move(changes))));

  EXPECT_TRUE(back.retired());
  EXPECT_OK(back.opening().messages.Lease(LeafIndex{0},
                                          RatchetKind::kApplication, 0));
}

TEST_F(EpochStateTest, EraseAllNamesEveryPieceThatWasStored) {
  EpochState state = Make();
  ASSERT_OK(state.proposals().Add(Waiting(1)));
  cordon::testing::GroupStore store;
  StateChanges changes;
  state.SaveTo(changes);
  store.Apply(changes);
  ASSERT_GT(store.pieces(), 3U);

  StateChanges erased;
  state.EraseAll(erased);
  store.Apply(erased);

  EXPECT_EQ(store.pieces(), 0U);
}

TEST_F(EpochStateTest, PiecesThatAreMissingOrOfAnotherKindAreDataLoss) {
  EpochState state = Make();
  StateChanges changes;
  state.SaveTo(changes);
  std::vector<StatePiece> stored = Stored(std::move(changes));
  EXPECT_THAT(Restored({}), StatusIs(kDataLoss));

  // The kind is the byte after the epoch.
  stored[0].name[8] = 9;
  EXPECT_THAT(Restored(stored), StatusIs(kDataLoss));
  stored[0].name.resize(8);
  EXPECT_THAT(Restored(stored), StatusIs(kDataLoss));
}

TEST(EpochOfPieceTest, IsTheBeginningOfItsName) {
  using ::cordon::testing::IsOkAndHolds;

  EXPECT_THAT(EpochOfPiece(Bytes{0, 0, 0, 0, 0, 0, 1, 2, 9}),
              IsOkAndHolds(Epoch{258}));
  EXPECT_THAT(EpochOfPiece(Bytes{0, 0, 0}), StatusIs(kDataLoss));
}

}  // namespace
}  // namespace cordon::mls
