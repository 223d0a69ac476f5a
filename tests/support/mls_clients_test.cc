#include "tests/support/mls_clients.h"

#include <cstdint>
#include <utility>
#include <variant>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/group.h"
#include "crypto/mls/services.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_validation.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/warm_group.h"

namespace cordon::testing {
namespace {

using mls::LeafIndex;
using mls::NodeIndex;

class KnownTreeTest : public ::testing::Test {
 protected:
  SeededRandom random_{1};
};

TEST_F(KnownTreeTest, WarmTreeHasEveryParentThatCanBeSet) {
  const KnownTree known = KnownTree::Warm(8, random_);

  for (uint32_t i = 1; i < 15; i += 2) {
    EXPECT_NE(known.tree().Parent(NodeIndex{i}), nullptr);
  }
  EXPECT_OK(mls::VerifyParentHashes(known.tree()));
}

TEST_F(KnownTreeTest, ColdTreeHasNone) {
  const KnownTree known = KnownTree::Cold(8, random_);

  for (uint32_t i = 1; i < 15; i += 2) {
    EXPECT_EQ(known.tree().Parent(NodeIndex{i}), nullptr);
  }
}

TEST_F(KnownTreeTest, EveryMembersKeysAreTheTrees) {
  const KnownTree known = KnownTree::Warm(7, random_);

  for (const LeafIndex leaf : known.tree().Members()) {
    EXPECT_OK(known.KeysOf(leaf).Check(known.tree()));
  }
}

TEST_F(KnownTreeTest, ViewsOfOneTreeUnderstandEachOther) {
  KnownTree known = KnownTree::Warm(6, random_);
  mls::Group alice = GroupOver(known, LeafIndex{0});
  mls::Group bob = GroupOver(known, LeafIndex{5});
  const NameChecker checker;
  const FakeClock clock;
  const mls::Services services{
      .checker = checker, .clock = clock, .random = random_};

  ASSERT_OK_AND_ASSIGN(const auto sealed,
                       alice.Seal(AsBytes("hello"), {}, random_));
  ASSERT_OK_AND_ASSIGN(const auto opened, bob.Open(sealed.message));
  EXPECT_EQ(opened.data, ToBytes("hello"));

  ASSERT_OK_AND_ASSIGN(auto pending, alice.Commit({}, services));
  ASSERT_OK_AND_ASSIGN(auto processed, bob.Process(pending.commit, services));
  ASSERT_TRUE(std::holds_alternative<mls::NextEpoch>(processed));
  EXPECT_TRUE(Equal(pending.next.epoch_authenticator(),
                    std::get<mls::NextEpoch>(processed).epoch_authenticator()));
}

}  // namespace
}  // namespace cordon::testing
