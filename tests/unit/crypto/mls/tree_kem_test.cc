#include "crypto/mls/tree_kem.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_validation.h"
#include "crypto/mls/update_path.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::KnownTree;
using ::cordon::testing::MlsClient;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::SizeIs;

class TreeKemTest : public ::testing::Test {
 protected:
  static GroupContext Context() {
    return {.group_id = ToBytes(KnownTree::kGroupId),
            .epoch = Epoch{5},
            .tree_hash = {},
            .confirmed_transcript_hash = Bytes(32, 1),
            .extensions = {}};
  }
  static GroupContext ContextOf(const RatchetTree& tree) {
    GroupContext context = Context();
    const Digest hash = tree.RootHash();
    context.tree_hash = ToBytes(hash);
    return context;
  }

  absl::StatusOr<CreatedPath> Create(KnownTree& known, LeafIndex sender,
                                     absl::Span<const LeafIndex> added = {}) {
    const GroupContext context = Context();
    const PathPlan plan{.tree = known.tree(),
                        .sender = sender,
                        .added = added,
                        .context = context,
                        .signer = known.client(sender.value).signer};
    return CreatePath(plan, *known.tree().Member(sender), random_);
  }

  static absl::StatusOr<RatchetTree> Merge(
      const RatchetTree& tree, const UpdatePath& path, LeafIndex sender,
      absl::Span<const LeafIndex> added = {}) {
    const PathPlace place{.group_id = AsBytes(KnownTree::kGroupId),
                          .sender = sender,
                          .added = added};
    return MergeKeys(tree, path, place, tree.Member(sender)->device);
  }

  static absl::StatusOr<FollowedPath> Follow(
      const RatchetTree& tree, const UpdatePath& path, LeafIndex sender,
      const PathKeys& keys, absl::Span<const LeafIndex> added = {}) {
    CORDON_ASSIGN_OR_RETURN(const RatchetTree merged,
                            Merge(tree, path, sender, added));
    const GroupContext context = ContextOf(merged);
    return FollowPath(path,
                      {.before = tree,
                       .merged = merged,
                       .sender = sender,
                       .added = added,
                       .context = context},
                      keys);
  }

  // ExpectAllFollow: everybody else arrives at the sender's commit secret and
  // at keys that are the merged tree's.
  void ExpectAllFollow(KnownTree& known, LeafIndex sender) {
    ASSERT_OK_AND_ASSIGN(const CreatedPath made, Create(known, sender));
    EXPECT_OK(VerifyParentHashes(made.tree));
    EXPECT_OK(made.keys.Check(made.tree));
    for (const LeafIndex leaf : known.tree().Members()) {
      if (leaf == sender) continue;
      SCOPED_TRACE(leaf.value);
      ASSERT_OK_AND_ASSIGN(
          const FollowedPath followed,
          Follow(known.tree(), made.path, sender, known.KeysOf(leaf)));
      EXPECT_TRUE(
          followed.commit_secret.EqualsConstantTime(made.commit_secret));
      EXPECT_OK(followed.keys.Check(made.tree));
    }
  }

  SeededRandom random_{1};
};

TEST_F(TreeKemTest, EveryMemberFollowsEverySenderInColdAndWarmTrees) {
  for (const uint32_t members : {2U, 3U, 5U, 8U}) {
    KnownTree cold = KnownTree::Cold(members, random_);
    KnownTree warm = KnownTree::Warm(members, random_);
    for (uint32_t sender = 0; sender < members; ++sender) {
      SCOPED_TRACE(absl::StrCat(members, " members, sender ", sender));
      ExpectAllFollow(cold, LeafIndex{sender});
      ExpectAllFollow(warm, LeafIndex{sender});
    }
  }
}

TEST_F(TreeKemTest, MembersFollowAfterRemovesAndAdds) {
  KnownTree known = KnownTree::Warm(7, random_);
  ASSERT_OK(known.tree().Remove(LeafIndex{4}));
  ASSERT_OK(known.tree().Remove(LeafIndex{1}));

  ExpectAllFollow(known, LeafIndex{6});
  ExpectAllFollow(known, LeafIndex{0});
}

TEST_F(TreeKemTest, LoneMembersPathIsItsLeafAlone) {
  KnownTree known = KnownTree::Cold(1, random_);

  ASSERT_OK_AND_ASSIGN(const CreatedPath made, Create(known, LeafIndex{0}));

  EXPECT_THAT(made.path.nodes, SizeIs(0));
  EXPECT_NE(made.path.leaf_node.encryption_key,
            *known.tree().EncryptionKey(NodeIndex{0}));
}

TEST_F(TreeKemTest, WarmPathCostsOneCiphertextALevelColdOneAMember) {
  KnownTree cold = KnownTree::Cold(32, random_);
  KnownTree warm = KnownTree::Warm(32, random_);
  const auto ciphertexts = [](const UpdatePath& path) {
    size_t count = 0;
    for (const auto& node : path.nodes) {
      count += node.encrypted_path_secret.size();
    }
    return count;
  };

  ASSERT_OK_AND_ASSIGN(const CreatedPath of_cold, Create(cold, LeafIndex{0}));
  ASSERT_OK_AND_ASSIGN(const CreatedPath of_warm, Create(warm, LeafIndex{0}));

  EXPECT_EQ(ciphertexts(of_cold.path), 31U);
  EXPECT_EQ(ciphertexts(of_warm.path), 5U);
}

TEST_F(TreeKemTest, NewLeavesAreToldByWelcomeAndNotByThePath) {
  KnownTree known = KnownTree::Warm(3, random_);
  const MlsClient joiner = MlsClient::Make("new", random_);
  ASSERT_OK_AND_ASSIGN(const LeafIndex added,
                       known.tree().Add(joiner.member()));

  ASSERT_OK_AND_ASSIGN(const CreatedPath made,
                       Create(known, LeafIndex{0}, {added}));

  PathKeys keys(added, joiner.leaf_key.CloneSecret());
  EXPECT_THAT(Follow(known.tree(), made.path, LeafIndex{0}, keys, {added}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK(keys.SetFrom(made.tree, CommonAncestor(LeafIndex{0}, added),
                         made.SecretFor(LeafIndex{0}, added)));
  EXPECT_OK(keys.Check(made.tree));
  EXPECT_NE(keys.Find(Root(made.tree.width())), nullptr);
}

TEST_F(TreeKemTest, JoinersSecretOfAnotherNodeIsRefusedAndChangesNothing) {
  KnownTree known = KnownTree::Warm(4, random_);
  ASSERT_OK_AND_ASSIGN(const CreatedPath made, Create(known, LeafIndex{0}));
  PathKeys keys(LeafIndex{1}, known.client(1).leaf_key.CloneSecret());

  EXPECT_THAT(keys.SetFrom(made.tree, NodeIndex{1},
                           made.SecretFor(LeafIndex{0}, LeafIndex{2})),
              StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_EQ(keys.Find(NodeIndex{1}), nullptr);
  EXPECT_EQ(keys.Find(NodeIndex{3}), nullptr);
}

TEST_F(TreeKemTest, JoinersSecretForABlankNodeIsRefused) {
  KnownTree known = KnownTree::Cold(4, random_);
  PathKeys keys(LeafIndex{1}, known.client(1).leaf_key.CloneSecret());

  EXPECT_THAT(keys.SetFrom(known.tree(), NodeIndex{1}, Secret()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeKemTest, FlippedCiphertextIsRefused) {
  KnownTree known = KnownTree::Warm(4, random_);
  ASSERT_OK_AND_ASSIGN(CreatedPath made, Create(known, LeafIndex{0}));
  made.path.nodes[0].encrypted_path_secret[0].ciphertext[0] ^= 1;

  EXPECT_THAT(
      Follow(known.tree(), made.path, LeafIndex{0}, known.KeysOf(LeafIndex{1})),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeKemTest, SecretThatGivesAnotherKeyThanPromisedIsRefused) {
  KnownTree known = KnownTree::Warm(4, random_);
  ASSERT_OK_AND_ASSIGN(const CreatedPath made, Create(known, LeafIndex{0}));
  ASSERT_OK_AND_ASSIGN(const RatchetTree merged,
                       Merge(known.tree(), made.path, LeafIndex{0}));
  const GroupContext context = ContextOf(merged);
  UpdatePath changed = made.path;
  changed.nodes[1].encryption_key[0] ^= 1;

  EXPECT_THAT(FollowPath(changed,
                         {.before = known.tree(),
                          .merged = merged,
                          .sender = LeafIndex{0},
                          .added = {},
                          .context = context},
                         known.KeysOf(LeafIndex{1})),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeKemTest, SecretIsBoundToTheGroupContext) {
  KnownTree known = KnownTree::Warm(4, random_);
  ASSERT_OK_AND_ASSIGN(const CreatedPath made, Create(known, LeafIndex{0}));
  ASSERT_OK_AND_ASSIGN(const RatchetTree merged,
                       Merge(known.tree(), made.path, LeafIndex{0}));
  GroupContext context = ContextOf(merged);
  context.epoch = context.epoch.Next();

  EXPECT_THAT(FollowPath(made.path,
                         {.before = known.tree(),
                          .merged = merged,
                          .sender = LeafIndex{0},
                          .added = {},
                          .context = context},
                         known.KeysOf(LeafIndex{1})),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeKemTest, RemovedMemberCannotFollow) {
  KnownTree known = KnownTree::Warm(4, random_);
  const PathKeys removed = known.KeysOf(LeafIndex{3});
  ASSERT_OK(known.tree().Remove(LeafIndex{3}));
  ASSERT_OK_AND_ASSIGN(const CreatedPath made, Create(known, LeafIndex{0}));

  EXPECT_THAT(Follow(known.tree(), made.path, LeafIndex{0}, removed),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(TreeKemTest, FollowingForgetsTheKeysThatWereReplaced) {
  KnownTree known = KnownTree::Warm(4, random_);
  const PathKeys keys = known.KeysOf(LeafIndex{3});
  ASSERT_OK_AND_ASSIGN(const CreatedPath made, Create(known, LeafIndex{0}));

  ASSERT_OK_AND_ASSIGN(const FollowedPath followed,
                       Follow(known.tree(), made.path, LeafIndex{0}, keys));

  const NodeIndex root = Root(known.tree().width());
  EXPECT_NE(followed.keys.Find(root)->public_key, keys.Find(root)->public_key);
  EXPECT_EQ(followed.keys.Find(NodeIndex{5})->public_key,
            keys.Find(NodeIndex{5})->public_key);
}

TEST_F(TreeKemTest, ForgetDropsWhatIsBlankOrHasAnotherKey) {
  KnownTree known = KnownTree::Warm(8, random_);
  PathKeys keys = known.KeysOf(LeafIndex{1});
  ASSERT_OK(known.tree().Remove(LeafIndex{3}));

  keys.Forget(known.tree());

  EXPECT_NE(keys.Find(NodeIndex{2}), nullptr);
  EXPECT_NE(keys.Find(NodeIndex{1}), nullptr);
  EXPECT_EQ(keys.Find(NodeIndex{3}), nullptr);
  EXPECT_EQ(keys.Find(NodeIndex{7}), nullptr);
  EXPECT_OK(keys.Check(known.tree()));
}

TEST_F(TreeKemTest, CheckNoticesAKeyThatIsNotTheTrees) {
  KnownTree known = KnownTree::Warm(4, random_);
  PathKeys wrong = known.KeysOf(LeafIndex{0});
  wrong.Set(NodeIndex{1}, hpke::KeyPair::Generate(random_));
  PathKeys stale = known.KeysOf(LeafIndex{1});
  ASSERT_OK(known.tree().Remove(LeafIndex{0}));

  EXPECT_THAT(wrong.Check(known.tree()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(stale.Check(known.tree()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeKemTest, KeysSurviveWritingAndReading) {
  KnownTree known = KnownTree::Warm(8, random_);
  const PathKeys keys = known.KeysOf(LeafIndex{5});
  Bytes bytes = codec::Serialize(keys);
  const WipeOnExit wipe(bytes);

  ASSERT_OK_AND_ASSIGN(const PathKeys read,
                       codec::ParseWhole<PathKeys>(bytes, ReadPathKeys));

  EXPECT_EQ(read.self(), LeafIndex{5});
  EXPECT_OK(read.Check(known.tree()));
  EXPECT_EQ(codec::Serialize(read), bytes);
}

TEST_F(TreeKemTest, WrittenKeysThatAreTruncatedOrMisplacedAreRefused) {
  KnownTree known = KnownTree::Warm(8, random_);
  const Bytes bytes = codec::Serialize(known.KeysOf(LeafIndex{5}));
  for (size_t size = 0; size < bytes.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(
        codec::ParseWhole<PathKeys>(ByteSpan(bytes).first(size), ReadPathKeys),
        StatusIs(absl::StatusCode::kInvalidArgument));
  }
  Bytes other_leaf = bytes;
  other_leaf[3] = 4;
  EXPECT_THAT(codec::ParseWhole<PathKeys>(other_leaf, ReadPathKeys),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeKemTest, NodeAndNextSecretAreDifferentDerivations) {
  const Secret secret = Secret::Random(random_);

  const Secret next = NextPathSecret(secret);

  EXPECT_FALSE(next.EqualsConstantTime(secret));
  EXPECT_EQ(NodeKeyPair(secret).public_key, NodeKeyPair(secret).public_key);
  EXPECT_NE(NodeKeyPair(secret).public_key, NodeKeyPair(next).public_key);
}

}  // namespace
}  // namespace cordon::mls
