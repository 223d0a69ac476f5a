#include "crypto/blob/blob_ref.h"

#include <cstdint>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/secret.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/secret_stream.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::blob {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

class BlobRefTest : public ::testing::Test {
 protected:
  BlobRef Ref() const {
    return BlobRef::Create(facts_, key_.CloneSecret()).value();
  }

  SeededRandom random_{1};
  BlobRef::Facts facts_ = {.id = BlobId::Random(random_),
                           .plaintext_digest = Sha256(AsBytes("file")),
                           .plaintext_bytes = 4};
  SecretStreamKey key_ = SecretStreamKey::Random(random_);
};

TEST_F(BlobRefTest, SerializedRefReadsBack) {
  const SecretBytes serialized = Ref().Serialize();
  ASSERT_OK_AND_ASSIGN(const BlobRef parsed,
                       BlobRef::Parse(serialized.ExposeSecret()));

  EXPECT_EQ(serialized.size(), kBlobRefBytes);
  EXPECT_EQ(parsed.id(), facts_.id);
  EXPECT_EQ(parsed.plaintext_digest(), facts_.plaintext_digest);
  EXPECT_EQ(parsed.plaintext_bytes(), 4U);
  EXPECT_TRUE(parsed.key().EqualsConstantTime(key_));
}

TEST_F(BlobRefTest, FormatIsTheOneOfTheHeader) {
  Bytes expected = {0, 1};
  Append(expected, facts_.id.span());
  Append(expected, key_.ExposeSecret());
  Append(expected, facts_.plaintext_digest);
  Append(expected, Bytes{0, 0, 0, 0, 0, 0, 0, 4});

  EXPECT_EQ(ToBytes(Ref().Serialize().ExposeSecret()), expected);
  EXPECT_EQ(Ref().SerializeForRecord(), expected);
}

TEST_F(BlobRefTest, EmptyFileIsRefused) {
  facts_.plaintext_bytes = 0;

  EXPECT_THAT(BlobRef::Create(facts_, std::move(key_)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(CheckFileBytes(0), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(BlobRefTest, LargestFilePassesAndOneByteMoreDoesNot) {
  facts_.plaintext_bytes = kFileBytesMax;
  EXPECT_OK(BlobRef::Create(facts_, key_.CloneSecret()));

  facts_.plaintext_bytes = kFileBytesMax + 1;
  EXPECT_THAT(BlobRef::Create(facts_, key_.CloneSecret()),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(BlobRefTest, ZeroIdIsRefused) {
  facts_.id = BlobId();

  EXPECT_THAT(BlobRef::Create(facts_, std::move(key_)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(BlobRefTest, OtherLengthsAndVersionsDoNotParse) {
  const Bytes whole = ToBytes(Ref().Serialize().ExposeSecret());
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  for (size_t size = 0; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(BlobRef::Parse(ByteSpan(whole).first(size)), refused);
  }
  EXPECT_THAT(BlobRef::Parse(Concat(whole, Bytes{0})), refused);
  Bytes newer = whole;
  newer[1] = 2;
  EXPECT_THAT(BlobRef::Parse(newer), refused);
}

TEST_F(BlobRefTest, ParsedSizeIsCheckedToo) {
  Bytes empty = ToBytes(Ref().Serialize().ExposeSecret());
  empty.back() = 0;
  Bytes huge = ToBytes(Ref().Serialize().ExposeSecret());
  huge[kBlobRefBytes - 8] = 0xff;

  EXPECT_THAT(BlobRef::Parse(empty),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(BlobRef::Parse(huge),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(BlobRefTest, CloneSaysTheSame) {
  const BlobRef ref = Ref();
  const BlobRef clone = ref.CloneSecret();

  EXPECT_TRUE(ref.Serialize().EqualsConstantTime(clone.Serialize()));
}

// 24 of header, and 17 for each chunk begun.
TEST_F(BlobRefTest, CiphertextLengthIsKnownFromTheFilesLength) {
  EXPECT_EQ(CiphertextBytes(1), 24 + 4096 + 17);
  EXPECT_EQ(CiphertextBytes(65536), 24 + 65536 + 17);
  EXPECT_EQ(CiphertextBytes(65537), 24 + (65536 + 2048) + 2 * 17);
  EXPECT_EQ(CiphertextBytes(kFileBytesMax),
            24 + kFileBytesMax + (kFileBytesMax / 65536) * 17);
  EXPECT_EQ(Ref().ciphertext_bytes(), 24U + 4096 + 17);
}

}  // namespace
}  // namespace cordon::blob
