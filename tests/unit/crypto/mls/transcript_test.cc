#include "crypto/mls/transcript.h"

#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {
namespace {

AuthenticatedContent ACommit() {
  return {.content = {.group_id = {1},
                      .epoch = Epoch{2},
                      .sender = MemberSender{LeafIndex{3}},
                      .content = Commit{}},
          .auth = {.signature = {7}, .confirmation_tag = {8}}};
}

TEST(TranscriptTest, ConfirmedHashCoversTheCommitUpToItsSignature) {
  const Bytes input = *FromHex(
      "aabb"  // interim before
      "0001"  // wire format
      "0101"
      "0000000000000002"  // group, epoch
      "0100000003"
      "00"  // sender, authenticated data
      "03"
      "0000"    // an empty commit without a path
      "0107");  // signature

  EXPECT_EQ(ConfirmedTranscriptHash(Bytes{0xaa, 0xbb}, ACommit()),
            Sha256(input));
}

TEST(TranscriptTest, ConfirmedHashDoesNotCoverTheTag) {
  AuthenticatedContent other = ACommit();
  other.auth.confirmation_tag = {9};

  EXPECT_EQ(ConfirmedTranscriptHash({}, ACommit()),
            ConfirmedTranscriptHash({}, other));
}

TEST(TranscriptTest, InterimHashAddsTheTag) {
  EXPECT_EQ(InterimTranscriptHash(Bytes{1, 2}, Bytes{8}),
            Sha256(Bytes{1, 2, 1, 8}));
}

}  // namespace
}  // namespace cordon::mls
