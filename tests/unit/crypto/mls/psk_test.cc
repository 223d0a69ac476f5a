#include "crypto/mls/psk.h"

#include <cstddef>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::SizeIs;

absl::StatusOr<PreSharedKeyId> Parse(ByteSpan bytes) {
  return codec::ParseWhole<PreSharedKeyId>(bytes, ReadPreSharedKeyId);
}

const PreSharedKeyId kExternal{.psk = ExternalPsk{{0x0a}}, .nonce = {1, 2}};
const PreSharedKeyId kResumption{
    .psk = ResumptionPsk{ResumptionUsage::kBranch, {0x0b}, Epoch{5}},
    .nonce = {3}};

TEST(PskTest, ExternalIdIsWrittenAsTheRfcSays) {
  EXPECT_EQ(ToHex(codec::Serialize(kExternal)), "01010a020102");
  EXPECT_THAT(Parse(codec::Serialize(kExternal)), IsOkAndHolds(kExternal));
}

TEST(PskTest, ResumptionIdIsWrittenAsTheRfcSays) {
  EXPECT_EQ(ToHex(codec::Serialize(kResumption)),
            "0203010b00000000000000050103");
  EXPECT_THAT(Parse(codec::Serialize(kResumption)), IsOkAndHolds(kResumption));
}

TEST(PskTest, EveryTruncationIsRefused) {
  const Bytes bytes = codec::Serialize(kResumption);

  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(Parse(ByteSpan(bytes).first(size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(PskTest, UnknownTypesAndUsagesAreRefused) {
  for (const char* hex :
       {"0001000100", "03010a0100", "0200010b00000000000000050103",
        "0204010b00000000000000050103"}) {
    SCOPED_TRACE(hex);
    EXPECT_THAT(Parse(*FromHex(hex)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(PskTest, EveryIdMadeHasANonceOfItsOwn) {
  SeededRandom random(1);

  const PreSharedKeyId first = MakeExternalPskId(AsBytes("id"), random);
  const PreSharedKeyId second = MakeExternalPskId(AsBytes("id"), random);
  const PreSharedKeyId third = MakeResumptionPskId(
      {ResumptionUsage::kReinit, ToBytes("g"), Epoch{1}}, random);

  EXPECT_EQ(first.psk, second.psk);
  EXPECT_THAT(first.nonce, SizeIs(32));
  EXPECT_NE(first.nonce, second.nonce);
  EXPECT_THAT(third.nonce, SizeIs(32));
}

}  // namespace
}  // namespace cordon::mls
