#include "crypto/mls/proposal.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
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

std::vector<Proposal> OneOfEach() {
  SeededRandom random(1);
  const MlsClient client = MlsClient::Make("alice", random);
  return {
      Add{.key_package = client.key_package},
      Update{.leaf_node = client.key_package.leaf_node},
      Remove{.removed = LeafIndex{7}},
      PreSharedKey{.psk = MakeExternalPskId(AsBytes("psk"), random)},
      ReInit{.group_id = ToBytes("next"),
             .version = kMls10,
             .cipher_suite = kCipherSuite},
      ExternalInit{.kem_output = Bytes(32, 1)},
      GroupContextExtensions{.extensions = {MakeExternalPub(Bytes(32, 2))}},
  };
}

TEST(ProposalTest, EachKindSurvivesTheCodecUnderItsType) {
  uint16_t type = 0;
  for (const Proposal& proposal : OneOfEach()) {
    ++type;
    SCOPED_TRACE(type);
    const Bytes bytes = codec::Serialize(proposal);
    EXPECT_EQ(TypeOf(proposal), ProposalType{type});
    EXPECT_EQ(bytes[1], type);
    EXPECT_THAT(ParseProposal(bytes), IsOkAndHolds(Eq(proposal)));
  }
}

TEST(ProposalTest, EveryTruncationIsRefused) {
  for (const Proposal& proposal : OneOfEach()) {
    const Bytes bytes = codec::Serialize(proposal);
    for (size_t size = 0; size < bytes.size(); ++size) {
      SCOPED_TRACE(size);
      EXPECT_THAT(ParseProposal(ByteSpan(bytes).first(size)),
                  StatusIs(absl::StatusCode::kInvalidArgument));
    }
  }
}

TEST(ProposalTest, UnknownTypesAreRefused) {
  for (const uint8_t type : Bytes{0, 8, 0x0a}) {
    SCOPED_TRACE(type);
    EXPECT_THAT(ParseProposal({type, type, 0}),
                StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(ParseProposal({0, type, 0}),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(ProposalTest, ValueAndReferenceSurviveTheCodec) {
  const std::vector<ProposalOrRef> items = {
      Proposal(Remove{.removed = LeafIndex{1}}),
      MakeProposalRef(AsBytes("an authenticated content"))};
  for (const ProposalOrRef& item : items) {
    const Bytes bytes = codec::Serialize(item);
    EXPECT_THAT(codec::ParseWhole<ProposalOrRef>(bytes, ReadProposalOrRef),
                IsOkAndHolds(Eq(item)));
  }
}

TEST(ProposalTest, NeitherValueNorReferenceIsRefused) {
  const Bytes bytes = {3, 0};

  EXPECT_THAT(codec::ParseWhole<ProposalOrRef>(bytes, ReadProposalOrRef),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ProposalTest, ReferencesOfDifferentContentsDiffer) {
  EXPECT_EQ(MakeProposalRef(AsBytes("a")).size(), kHashBytes);
  EXPECT_NE(MakeProposalRef(AsBytes("a")), MakeProposalRef(AsBytes("b")));
}

}  // namespace
}  // namespace cordon::mls
