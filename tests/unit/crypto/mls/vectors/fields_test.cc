#include "crypto/mls/vectors/fields.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "crypto/base/bytes.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls::vectors {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;

const Json& ACase() {
  static const auto& vector = *new Json(Json::parse(R"({
    "hex": "0aff", "odd": "0af", "text": "words", "number": 7,
    "big": 4294967296, "null": null, "negative": -1,
    "object": {"inner": "01"}, "array": ["02", {"x": 1}]})"));
  return vector;
}

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(FieldsTest, ReadsWhatIsThere) {
  const Fields fields(ACase());

  EXPECT_THAT(fields.Hex("hex"), IsOkAndHolds(ElementsAre(0x0a, 0xff)));
  EXPECT_THAT(fields.Text("text"), IsOkAndHolds("words"));
  EXPECT_THAT(fields.Uint("number"), IsOkAndHolds(7U));
  EXPECT_THAT(fields.Uint32("number"), IsOkAndHolds(7U));
  EXPECT_TRUE(fields.IsNull("null"));
  EXPECT_TRUE(fields.IsNull("absent"));
  EXPECT_FALSE(fields.IsNull("hex"));
  ASSERT_OK_AND_ASSIGN(const Fields object, fields.Object("object"));
  EXPECT_THAT(object.Hex("inner"), IsOkAndHolds(ElementsAre(1)));
  ASSERT_OK_AND_ASSIGN(const auto array, fields.Array("array"));
  ASSERT_THAT(array, SizeIs(2));
  EXPECT_THAT(array[0].AsHex(), IsOkAndHolds(ElementsAre(2)));
}

TEST(FieldsTest, WhatIsAbsentOrOfAnotherKindIsAnError) {
  const Fields fields(ACase());

  EXPECT_THAT(fields.Hex("absent"), StatusIs(kInvalid));
  EXPECT_THAT(fields.Hex("odd"), StatusIs(kInvalid));
  EXPECT_THAT(fields.Hex("number"), StatusIs(kInvalid));
  EXPECT_THAT(fields.Hash("hex"), StatusIs(kInvalid));
  EXPECT_THAT(fields.Uint("text"), StatusIs(kInvalid));
  EXPECT_THAT(fields.Uint("negative"), StatusIs(kInvalid));
  EXPECT_THAT(fields.Uint32("big"), StatusIs(kInvalid));
  EXPECT_THAT(fields.Text("number"), StatusIs(kInvalid));
  EXPECT_THAT(fields.Object("array"), StatusIs(kInvalid));
  EXPECT_THAT(fields.Array("object"), StatusIs(kInvalid));
  EXPECT_THAT(fields.AsArray(), StatusIs(kInvalid));
}

TEST(FieldsTest, DifferencesShowBothSides) {
  const Fields fields(ACase());

  EXPECT_OK(fields.Expect("hex", Bytes{0x0a, 0xff}));
  EXPECT_OK(fields.Expect("number", 7));
  const absl::Status bytes = fields.Expect("hex", Bytes{0x0b});
  EXPECT_THAT(bytes, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(bytes.message(), "hex: computed 0b, given 0aff");
  EXPECT_EQ(fields.Expect("number", 8).message(),
            "number: computed 8, given 7");
  EXPECT_THAT(Expect(false, "why"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace cordon::mls::vectors
