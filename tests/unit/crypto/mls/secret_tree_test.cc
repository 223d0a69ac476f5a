#include "crypto/mls/secret_tree.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

constexpr auto kApplication = RatchetKind::kApplication;
constexpr auto kHandshake = RatchetKind::kHandshake;
const Bytes kPrefix = {0xee};

SecretTree TreeOf(uint32_t leaves) {
  return SecretTree::Create(LeafCount{leaves},
                            *Secret::Copy(Bytes(kHashBytes, 0x42)));
}

std::string Hex(const MessageKey& key) {
  return ToHex(key.key.ExposeSecret()) + ToHex(key.nonce);
}

// The key of a generation, used up; empty if it is not to be had.
std::string Take(SecretTree& tree, LeafIndex leaf, RatchetKind kind,
                 uint32_t generation) {
  auto leased = tree.Lease(leaf, kind, generation);
  if (!leased.ok()) return "";
  std::string hex = Hex(leased->key());
  return tree.Consume(*std::move(leased)).ok() ? hex : "";
}

// What a store would hold.
class Store {
 public:
  void Apply(SecretTree& tree) {
    StateChanges changes;
    tree.SaveTo(kPrefix, changes);
    Apply(changes);
  }
  void Apply(const StateChanges& changes) {
    last_changes_ = changes.size();
    for (const StateChange& change : changes) {
      if (change.value.has_value()) {
        pieces_[change.name] = ToBytes(change.value->ExposeSecret());
      } else {
        pieces_.erase(change.name);
      }
    }
  }
  SecretTree Load(uint32_t leaves) const {
    SecretTree tree = SecretTree::Restore(LeafCount{leaves});
    for (const auto& [name, value] : pieces_) {
      EXPECT_OK(tree.LoadPiece(ByteSpan(name).subspan(1), value));
    }
    return tree;
  }
  size_t last_changes() const { return last_changes_; }
  const std::map<Bytes, Bytes>& pieces() const { return pieces_; }

 private:
  std::map<Bytes, Bytes> pieces_;
  size_t last_changes_ = 0;
};

// Section 9, by hand, for the right leaf of two.
TEST(SecretTreeTest, KeysFollowFromTheEncryptionSecret) {
  const auto expand = [](ByteSpan secret, absl::string_view label,
                         absl::string_view context) {
    Secret out;
    ExpandWithLabel(secret, label, AsBytes(context), out.MutableSecret());
    return out;
  };
  const Secret leaf = expand(Bytes(kHashBytes, 0x42), "tree", "right");
  const Secret first = expand(leaf.ExposeSecret(), "application", "");
  Secret second;
  DeriveTreeSecret(first.ExposeSecret(), "secret", 0, second.MutableSecret());
  MessageKey key;
  DeriveTreeSecret(second.ExposeSecret(), "key", 1, key.key.MutableSecret());
  DeriveTreeSecret(second.ExposeSecret(), "nonce", 1,
                   MutableByteSpan(key.nonce));
  SecretTree tree = TreeOf(2);

  EXPECT_EQ(Take(tree, LeafIndex{1}, kApplication, 1), Hex(key));
}

TEST(SecretTreeTest, EveryLeafRatchetAndGenerationHasAKeyOfItsOwn) {
  SecretTree tree = TreeOf(8);
  std::map<std::string, int> seen;

  for (uint32_t leaf = 0; leaf < 8; ++leaf) {
    for (const RatchetKind kind : {kHandshake, kApplication}) {
      for (uint32_t generation = 0; generation < 4; ++generation) {
        ++seen[Take(tree, LeafIndex{leaf}, kind, generation)];
      }
    }
  }

  EXPECT_THAT(seen, SizeIs(64));
  EXPECT_EQ(seen.count(""), 0U);
}

TEST(SecretTreeTest, OrderOfUseDoesNotChangeTheKeys) {
  SecretTree forward = TreeOf(4);
  SecretTree backward = TreeOf(4);
  std::map<uint32_t, std::string> keys;

  for (uint32_t g = 0; g < 5; ++g) {
    keys[g] = Take(forward, LeafIndex{2}, kApplication, g);
  }

  for (uint32_t g = 5; g-- > 0;) {
    EXPECT_EQ(Take(backward, LeafIndex{2}, kApplication, g), keys[g]);
  }
}

TEST(SecretTreeTest, OneLeafIsATreeToo) {
  SecretTree tree = TreeOf(1);

  EXPECT_NE(Take(tree, LeafIndex{0}, kHandshake, 0), "");
}

TEST(SecretTreeTest, AKeyIsGoneOnceUsed) {
  SecretTree tree = TreeOf(2);
  ASSERT_NE(Take(tree, LeafIndex{0}, kApplication, 3), "");

  EXPECT_THAT(tree.Lease(LeafIndex{0}, kApplication, 3),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_NE(Take(tree, LeafIndex{0}, kApplication, 1), "");
  EXPECT_THAT(tree.Lease(LeafIndex{0}, kApplication, 1),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(SecretTreeTest, ALeaseThatIsNotConsumedUsesNothing) {
  SecretTree tree = TreeOf(2);
  ASSERT_OK_AND_ASSIGN(const auto far,
                       tree.Lease(LeafIndex{0}, kApplication, 100));

  ASSERT_OK_AND_ASSIGN(const auto next,
                       tree.LeaseNext(LeafIndex{0}, kApplication));

  EXPECT_EQ(next.generation(), 0U);
}

TEST(SecretTreeTest, ConsumingTheSameKeyTwiceFails) {
  SecretTree tree = TreeOf(2);
  ASSERT_OK_AND_ASSIGN(auto one, tree.Lease(LeafIndex{0}, kApplication, 0));
  ASSERT_OK_AND_ASSIGN(auto two, tree.Lease(LeafIndex{0}, kApplication, 0));

  EXPECT_OK(tree.Consume(std::move(one)));
  EXPECT_THAT(tree.Consume(std::move(two)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(SecretTreeTest, ALeaseOutlivesThatOthersWereConsumed) {
  SecretTree tree = TreeOf(2);
  SecretTree untouched = TreeOf(2);
  ASSERT_OK_AND_ASSIGN(auto later, tree.Lease(LeafIndex{0}, kApplication, 5));
  ASSERT_OK_AND_ASSIGN(auto sooner, tree.Lease(LeafIndex{0}, kApplication, 7));

  ASSERT_NE(Take(tree, LeafIndex{0}, kApplication, 2), "");
  EXPECT_OK(tree.Consume(std::move(later)));
  EXPECT_OK(tree.Consume(std::move(sooner)));

  // Neither those used came back, nor were those skipped lost.
  EXPECT_EQ(Take(tree, LeafIndex{0}, kApplication, 2), "");
  EXPECT_EQ(Take(tree, LeafIndex{0}, kApplication, 5), "");
  for (const uint32_t g : {0U, 1U, 3U, 4U, 6U, 8U}) {
    EXPECT_EQ(Take(tree, LeafIndex{0}, kApplication, g),
              Take(untouched, LeafIndex{0}, kApplication, g));
  }
}

TEST(SecretTreeTest, TooFarAheadIsRefusedAndChangesNothing) {
  SecretTree tree = TreeOf(2);

  EXPECT_THAT(tree.Lease(LeafIndex{0}, kApplication, kGenerationsAheadMax + 1),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(tree.Lease(LeafIndex{0}, kApplication, UINT32_MAX),
              StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_NE(Take(tree, LeafIndex{0}, kApplication, kGenerationsAheadMax), "");
}

TEST(SecretTreeTest, SkippedKeysAreBoundedAndTheOldestGoFirst) {
  SecretTree tree = TreeOf(2);
  ASSERT_NE(Take(tree, LeafIndex{0}, kApplication, 1000), "");
  ASSERT_NE(Take(tree, LeafIndex{0}, kApplication, 2000), "");

  // 1 999 were skipped: the first 975 are given up.
  EXPECT_THAT(tree.Lease(LeafIndex{0}, kApplication, 974),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_NE(Take(tree, LeafIndex{0}, kApplication, 975), "");
  EXPECT_NE(Take(tree, LeafIndex{0}, kApplication, 1999), "");
}

TEST(SecretTreeTest, ALeafOutsideTheTreeIsRefused) {
  SecretTree tree = TreeOf(4);

  EXPECT_THAT(tree.Lease(LeafIndex{4}, kApplication, 0),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(tree.LeaseNext(LeafIndex{UINT32_MAX}, kHandshake),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SecretTreeTest, NothingChangesUntilALeafIsUsed) {
  SecretTree tree = TreeOf(1024);
  Store store;

  store.Apply(tree);

  EXPECT_THAT(store.pieces(), SizeIs(1));
}

TEST(SecretTreeTest, ParentsAreErasedWhenTheirChildrenExist) {
  SecretTree tree = TreeOf(4);
  Store store;
  store.Apply(tree);
  ASSERT_NE(Take(tree, LeafIndex{0}, kApplication, 0), "");

  store.Apply(tree);

  // The copath of leaf 0 (two nodes) and its two ratchets; no root, no leaf.
  EXPECT_THAT(store.pieces(), SizeIs(4));
}

TEST(SecretTreeTest, OneMessageChangesOnePieceWhateverTheTree) {
  SecretTree tree = TreeOf(4096);
  Store store;
  ASSERT_NE(Take(tree, LeafIndex{77}, kApplication, 0), "");
  store.Apply(tree);
  EXPECT_THAT(store.last_changes(), Le(size_t{28}));

  ASSERT_NE(Take(tree, LeafIndex{77}, kApplication, 1), "");
  store.Apply(tree);
  EXPECT_EQ(store.last_changes(), 1U);

  store.Apply(tree);
  EXPECT_EQ(store.last_changes(), 0U);
}

TEST(SecretTreeTest, ALoadedTreeGoesOnWhereTheSavedOneStood) {
  SecretTree tree = TreeOf(8);
  Store store;
  ASSERT_NE(Take(tree, LeafIndex{3}, kApplication, 2), "");
  ASSERT_NE(Take(tree, LeafIndex{5}, kHandshake, 0), "");
  store.Apply(tree);
  ASSERT_NE(Take(tree, LeafIndex{3}, kApplication, 0), "");
  store.Apply(tree);

  SecretTree loaded = store.Load(8);

  EXPECT_THAT(loaded.Lease(LeafIndex{3}, kApplication, 0),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(loaded.Lease(LeafIndex{3}, kApplication, 2),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  for (uint32_t leaf = 0; leaf < 8; ++leaf) {
    EXPECT_EQ(Take(loaded, LeafIndex{leaf}, kApplication, 1),
              Take(tree, LeafIndex{leaf}, kApplication, 1));
    EXPECT_EQ(Take(loaded, LeafIndex{leaf}, kHandshake, 4),
              Take(tree, LeafIndex{leaf}, kHandshake, 4));
  }
}

TEST(SecretTreeTest, EraseAllNamesEveryPiece) {
  SecretTree tree = TreeOf(8);
  Store store;
  ASSERT_NE(Take(tree, LeafIndex{3}, kApplication, 2), "");
  store.Apply(tree);

  StateChanges changes;
  tree.EraseAll(kPrefix, changes);
  store.Apply(changes);

  EXPECT_THAT(store.pieces(), IsEmpty());
}

TEST(SecretTreeTest, PiecesThatDoNotParseAreDataLoss) {
  SecretTree tree = SecretTree::Restore(LeafCount{2});
  const Bytes secret(kHashBytes);
  const struct {
    const char* why;
    Bytes name;
    Bytes value;
  } kCases[] = {
      {"no name", {}, secret},
      {"unknown kind of piece", {9, 0, 0, 0, 0}, secret},
      {"node outside the tree", {1, 0, 0, 0, 3}, secret},
      {"node name too long", {1, 0, 0, 0, 0, 0}, secret},
      {"secret too short", {1, 0, 0, 0, 0}, Bytes(31)},
      {"leaf outside the tree", {2, 0, 0, 0, 2, 1}, Bytes(36)},
      {"unknown ratchet", {2, 0, 0, 0, 0, 3}, Bytes(36)},
      {"ratchet too short", {2, 0, 0, 0, 0, 1}, Bytes(35)},
      {"key without generation", {3, 0, 0, 0, 0, 1}, Bytes(44)},
      {"key too long", {3, 0, 0, 0, 0, 1, 0, 0, 0, 0}, Bytes(45)},
  };
  for (const auto& each : kCases) {
    SCOPED_TRACE(each.why);
    EXPECT_THAT(tree.LoadPiece(each.name, each.value),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST(SecretTreeTest, ATreeWithoutTheSecretsOfALeafSaysDataLoss) {
  SecretTree tree = SecretTree::Restore(LeafCount{2});

  EXPECT_THAT(tree.Lease(LeafIndex{0}, kApplication, 0),
              StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace cordon::mls
