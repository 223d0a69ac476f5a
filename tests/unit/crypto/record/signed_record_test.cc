#include "crypto/record/signed_record.h"

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::record {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);
const auto kUnproven = StatusIs(absl::StatusCode::kUnauthenticated);

class SignedRecordTest : public ::testing::Test {
 protected:
  SignedRecord Sign(absl::string_view text) const {
    return SignedRecord::Sign(AsBytes(text), key_, chain_).value();
  }

  SeededRandom random_{1};
  Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate(random_);
  std::vector<Bytes> chain_ = {ToBytes("leaf"), ToBytes("issuer")};
};

TEST_F(SignedRecordTest, SignedRecordReadsBackAndVerifies) {
  const SignedRecord sent = Sign("record");
  ASSERT_OK_AND_ASSIGN(const SignedRecord received,
                       SignedRecord::Parse(sent.bytes()));

  EXPECT_TRUE(Equal(received.record(), AsBytes("record")));
  EXPECT_EQ(received.chain(), chain_);
  EXPECT_OK(received.VerifySignature(key_.public_key()));
}

// Written out by hand from the header's structs.
TEST_F(SignedRecordTest, FormatIsTheOneOfTheHeader) {
  const Bytes input = Concat(Concat(Bytes{17}, AsBytes("cordon 1.0 Record")),
                             Concat(Bytes{6}, AsBytes("record")));
  Bytes expected = Concat(Bytes{0, 1, 6}, AsBytes("record"));
  Append(expected, Bytes{0x40, 64});
  Append(expected, key_.Sign(input));
  Append(expected, Concat(Bytes{12, 4}, AsBytes("leaf")));
  Append(expected, Concat(Bytes{6}, AsBytes("issuer")));

  EXPECT_EQ(Sign("record").bytes(), expected);
}

// RFC 9420, 5.1.2: what the same key signs for MLS.
TEST_F(SignedRecordTest, SignatureForMlsIsNoneForARecord) {
  codec::Writer sign_content;
  sign_content.Vector(AsBytes("MLS 1.0 Record"));
  sign_content.Vector(AsBytes("record"));
  Bytes forged = Sign("record").bytes();
  const Ed25519Signature signature = key_.Sign(sign_content.bytes());
  std::copy(signature.begin(), signature.end(), forged.begin() + 11);
  ASSERT_OK_AND_ASSIGN(const SignedRecord parsed, SignedRecord::Parse(forged));

  EXPECT_THAT(parsed.VerifySignature(key_.public_key()), kUnproven);
}

TEST_F(SignedRecordTest, SignatureOverTheBareBytesIsNone) {
  Bytes forged = Sign("record").bytes();
  const Ed25519Signature signature = key_.Sign(AsBytes("record"));
  std::copy(signature.begin(), signature.end(), forged.begin() + 11);
  ASSERT_OK_AND_ASSIGN(const SignedRecord parsed, SignedRecord::Parse(forged));

  EXPECT_THAT(parsed.VerifySignature(key_.public_key()), kUnproven);
}

TEST_F(SignedRecordTest, AnyChangedBitOfRecordOrSignatureIsNoticed) {
  const Bytes good = Sign("record").bytes();
  const size_t end_of_signature = 2 + 1 + 6 + 2 + kEd25519SignatureBytes;
  for (size_t i = 3; i < end_of_signature; ++i) {
    SCOPED_TRACE(i);
    Bytes changed = good;
    changed[i] ^= 1;
    const auto parsed = SignedRecord::Parse(changed);
    EXPECT_FALSE(parsed.ok() &&
                 parsed->VerifySignature(key_.public_key()).ok());
  }
}

TEST_F(SignedRecordTest, AnotherKeyDoesNotVerify) {
  const auto other = Ed25519PrivateKey::Generate(random_);

  EXPECT_THAT(Sign("record").VerifySignature(other.public_key()), kUnproven);
}

// A vault, a grant and an evidence pack hold the bytes that were received; a
// second serialization could lose what a newer client put in.
TEST_F(SignedRecordTest, BytesAreKeptAsReceived) {
  const SignedRecord sent = Sign("record");
  ASSERT_OK_AND_ASSIGN(const SignedRecord once,
                       SignedRecord::Parse(sent.bytes()));
  ASSERT_OK_AND_ASSIGN(const SignedRecord twice,
                       SignedRecord::Parse(once.bytes()));

  EXPECT_EQ(once.bytes(), sent.bytes());
  EXPECT_EQ(twice.bytes(), sent.bytes());
  EXPECT_EQ(twice.digest(), Sha256(sent.bytes()));
  EXPECT_OK(twice.VerifySignature(key_.public_key()));
}

TEST_F(SignedRecordTest, CopyAndMovedRecordKeepTheirParts) {
  SignedRecord record = Sign("record");
  const SignedRecord copy = record;
  const SignedRecord moved = std::move(record);

  EXPECT_TRUE(Equal(copy.record(), AsBytes("record")));
  EXPECT_TRUE(Equal(moved.record(), AsBytes("record")));
}

TEST_F(SignedRecordTest, EveryTruncationAndExtensionIsRefused) {
  const Bytes good = Sign("record").bytes();
  for (size_t size = 0; size < good.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(SignedRecord::Parse(ByteSpan(good).first(size)), kInvalid);
  }
  EXPECT_THAT(SignedRecord::Parse(Concat(good, Bytes{0})), kInvalid);
}

TEST_F(SignedRecordTest, AnotherVersionIsRefused) {
  Bytes newer = Sign("record").bytes();
  newer[1] = 2;

  EXPECT_THAT(SignedRecord::Parse(newer), kInvalid);
}

TEST_F(SignedRecordTest, RecordOfTheLargestSizePassesAndOneByteMoreDoesNot) {
  EXPECT_OK(SignedRecord::Sign(Bytes(kRecordBytesMax), key_, chain_));
  EXPECT_THAT(SignedRecord::Sign(Bytes(kRecordBytesMax + 1), key_, chain_),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(SignedRecord::Sign({}, key_, chain_), kInvalid);
}

TEST_F(SignedRecordTest, LargestRecordWithLargestChainFitsAnEnvelope) {
  const std::vector<Bytes> chain(kChainCertificatesMax,
                                 Bytes(kCertificateBytesMax));
  ASSERT_OK_AND_ASSIGN(const SignedRecord largest,
                       SignedRecord::Sign(Bytes(kRecordBytesMax), key_, chain));

  EXPECT_LT(largest.bytes().size() + 1024, kEnvelopeBytesMax);
}

TEST_F(SignedRecordTest, ChainHasOneOrTwoCertificatesOfBoundedLength) {
  const Bytes record = ToBytes("record");
  const Bytes longest(kCertificateBytesMax);

  EXPECT_OK(SignedRecord::Sign(record, key_, {longest}));
  EXPECT_THAT(SignedRecord::Sign(record, key_, {}), kInvalid);
  EXPECT_THAT(SignedRecord::Sign(record, key_, {longest, longest, longest}),
              kInvalid);
  EXPECT_THAT(SignedRecord::Sign(record, key_, {Bytes()}), kInvalid);
  EXPECT_THAT(SignedRecord::Sign(record, key_, {Concat(longest, Bytes{0})}),
              kInvalid);
}

TEST_F(SignedRecordTest, SignatureOfAnotherLengthIsRefused) {
  codec::Writer out;
  out.U16(1);
  out.Vector(AsBytes("record"));
  out.Vector(Bytes(63));
  out.Vector(Concat(Bytes{4}, AsBytes("leaf")));

  EXPECT_THAT(SignedRecord::Parse(out.bytes()), kInvalid);
}

}  // namespace
}  // namespace cordon::record
