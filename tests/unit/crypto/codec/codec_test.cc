#include <cstdint>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "tests/support/status_matchers.h"

namespace cordon::codec {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;

Bytes HeaderOf(size_t size) {
  Writer out;
  out.VectorSize(size);
  return out.Take();
}

TEST(CodecTest, IntegersAreBigEndianAndReadBack) {
  Writer out;
  out.U8(0x01);
  out.U16(0x0203);
  out.U32(0x04050607);
  out.U64(0x08090a0b0c0d0e0f);
  Reader in(out.bytes());

  EXPECT_EQ(ToHex(out.bytes()), "0102030405060708090a0b0c0d0e0f");
  EXPECT_THAT(in.U8(), IsOkAndHolds(0x01));
  EXPECT_THAT(in.U16(), IsOkAndHolds(0x0203));
  EXPECT_THAT(in.U32(), IsOkAndHolds(0x04050607U));
  EXPECT_THAT(in.U64(), IsOkAndHolds(0x08090a0b0c0d0e0fU));
  EXPECT_OK(in.End());
}

TEST(CodecTest, LengthHeaderIsTheShortestAtEveryBorder) {
  EXPECT_EQ(ToHex(HeaderOf(0)), "00");
  EXPECT_EQ(ToHex(HeaderOf(63)), "3f");
  EXPECT_EQ(ToHex(HeaderOf(64)), "4040");
  EXPECT_EQ(ToHex(HeaderOf(16383)), "7fff");
  EXPECT_EQ(ToHex(HeaderOf(16384)), "80004000");
  EXPECT_EQ(ToHex(HeaderOf(kVectorBytesMax)), "bfffffff");
}

TEST(CodecTest, LengthHeaderLongerThanNeededIsRefused) {
  EXPECT_THAT(Reader(Bytes{0x40, 0x3f}).VectorSize(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Reader(Bytes{0x80, 0x00, 0x3f, 0xff}).VectorSize(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CodecTest, LengthHeaderWithBothTopBitsIsRefused) {
  EXPECT_THAT(Reader(Bytes{0xc0, 0, 0, 0, 0, 0, 0, 0}).VectorSize(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CodecTest, VectorThatClaimsMoreThanThereIsIsRefused) {
  EXPECT_THAT(Reader(Bytes{0x02, 0xaa}).Vector(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Reader(Bytes{0xbf, 0xff, 0xff, 0xff}).Vector(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Reader(ByteSpan()).Vector(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CodecTest, NestedVectorsReadBack) {
  Writer out;
  out.Nested([](Writer& content) {
    content.Vector(Bytes(100, 0xab));
    content.U8(7);
  });
  Reader in(out.bytes());
  ASSERT_OK_AND_ASSIGN(Reader content, in.Nested());

  EXPECT_THAT(content.Vector(), IsOkAndHolds(Bytes(100, 0xab)));
  EXPECT_THAT(content.U8(), IsOkAndHolds(7));
  EXPECT_OK(content.End());
  EXPECT_OK(in.End());
}

TEST(CodecTest, OptionalIsZeroOrOne) {
  EXPECT_THAT(Reader(Bytes{0}).Present(), IsOkAndHolds(false));
  EXPECT_THAT(Reader(Bytes{1}).Present(), IsOkAndHolds(true));
  EXPECT_THAT(Reader(Bytes{2}).Present(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CodecTest, VectorOfItemsStopsAtItsLimit) {
  const Bytes three = {0x03, 1, 2, 3};
  const auto read_item = [](Reader& in) { return in.U8(); };
  Reader in(three);
  EXPECT_THAT(ReadVectorOf<uint8_t>(in, /*items_max=*/3, read_item),
              IsOkAndHolds(ElementsAre(1, 2, 3)));

  Reader again(three);
  EXPECT_THAT(ReadVectorOf<uint8_t>(again, /*items_max=*/2, read_item),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CodecTest, BytesAfterAWholeValueAreRefused) {
  const auto read_item = [](Reader& in) { return in.U8(); };
  EXPECT_THAT(ParseWhole<uint8_t>(Bytes{5}, read_item), IsOkAndHolds(5));
  EXPECT_THAT(ParseWhole<uint8_t>(Bytes{5, 0}, read_item),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// That what it outgrew is wiped cannot be seen without reading memory that is
// no longer ours; that it writes and takes the same can.
TEST(CodecTest, AWriterOfSecretsWritesTheSameAndKeepsNothing) {
  Writer secret = Writer::OfSecrets();
  Writer plain;
  for (Writer* out : {&secret, &plain}) {
    out->U8(1);
    out->Nested([](Writer& content) { content.Fixed(Bytes(1000, 2)); });
    out->Vector(Bytes(70, 3));
    out->U64(4);
  }

  const Bytes expected = plain.Take();
  EXPECT_EQ(secret.bytes(), expected);
  const SecretBytes taken = secret.TakeSecret();
  EXPECT_EQ(ToBytes(taken.ExposeSecret()), expected);
  EXPECT_TRUE(secret.bytes().empty());
}

TEST(CodecDeathTest, OnlyAWriterOfSecretsGivesOne) {
  Writer plain;
  plain.U8(1);

  EXPECT_DEATH(plain.TakeSecret(), "");
}

}  // namespace
}  // namespace cordon::codec
