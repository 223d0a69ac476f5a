#include "crypto/mls/commit.h"

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/tree_math.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::MlsClient;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::Eq;

UpdatePath SomePath() {
  SeededRandom random(2);
  const MlsClient client = MlsClient::Make("alice", random);
  return {.leaf_node = client.key_package.leaf_node,
          .nodes = {{.encryption_key = Bytes(32, 1),
                     .encrypted_path_secret = {{.kem_output = Bytes(32, 2),
                                                .ciphertext = Bytes(48, 3)}}},
                    {.encryption_key = Bytes(32, 4)}}};
}

TEST(CommitTest, WithAndWithoutPathSurvivesTheCodec) {
  const Commit with{.proposals = {Proposal(Remove{.removed = LeafIndex{1}}),
                                  ProposalRef(32, 9)},
                    .path = SomePath()};
  const Commit without{.proposals = {}, .path = std::nullopt};

  EXPECT_THAT(ParseCommit(codec::Serialize(with)), IsOkAndHolds(Eq(with)));
  EXPECT_EQ(ToHex(codec::Serialize(without)), "0000");
  EXPECT_THAT(ParseCommit(codec::Serialize(without)),
              IsOkAndHolds(Eq(without)));
}

TEST(CommitTest, EveryTruncationIsRefused) {
  const Bytes bytes = codec::Serialize(
      Commit{.proposals = {ProposalRef(32, 9)}, .path = SomePath()});
  for (size_t size = 0; size < bytes.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(ParseCommit(ByteSpan(bytes).first(size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(CommitTest, MoreProposalsThanTheLimitAreRefused) {
  Commit commit{.proposals = std::vector<ProposalOrRef>(kProposalsPerCommitMax,
                                                        ProposalRef{1}),
                .path = std::nullopt};
  EXPECT_OK(ParseCommit(codec::Serialize(commit)));

  commit.proposals.push_back(ProposalRef{1});
  EXPECT_THAT(ParseCommit(codec::Serialize(commit)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CommitTest, PathHigherThanAnyTreeIsRefused) {
  UpdatePath path = SomePath();
  path.nodes.assign(kTreeLevelsMax, {.encryption_key = Bytes(32, 1)});
  EXPECT_OK(ParseUpdatePath(codec::Serialize(path)));

  path.nodes.push_back({.encryption_key = Bytes(32, 1)});
  EXPECT_THAT(ParseUpdatePath(codec::Serialize(path)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::mls
