#include "tests/support/mls_cases.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "tests/support/status_matchers.h"
#include "tests/support/text_vectors.h"

namespace cordon::testing {
namespace {

using ::testing::SizeIs;

const Json& ACase() {
  static const auto& each = *new Json(Json::parse(R"({
    "cipher_suite": 3, "key": "0a10", "label": "two words", "absent": null,
    "empty": "", "none": [], "left": [null, 7],
    "epochs": [{"secret": "01"}, {"secret": "10"}]})"));
  return each;
}

constexpr char kText[] = R"(absent = null
cipher_suite = 3
empty =
epochs/0/secret = 01
epochs/1/secret = 10
key = 0a10
label = two words
left/0 = null
left/1 = 7
none = []
)";

TEST(MlsCasesTest, TextAndCaseAreEachOthersInverse) {
  EXPECT_EQ(MlsCaseText(ACase()), kText);

  ASSERT_OK_AND_ASSIGN(std::vector<TextCase> cases, ParseTextVectors(kText));
  ASSERT_THAT(cases, SizeIs(1));
  EXPECT_EQ(MlsCase(cases[0]), ACase());
  EXPECT_THAT(cases[0].Unread(), SizeIs(0));
}

TEST(MlsCasesTest, AFlippedBitIsOfTheValueNamedAndNoOther) {
  Json expected = ACase();
  expected["key"] = "0a18";
  EXPECT_EQ(FlipMlsBit(ACase(), Json::json_pointer("/key"), 1), expected);

  expected = ACase();
  expected["left"][1] = 6;
  EXPECT_EQ(FlipMlsBit(ACase(), Json::json_pointer("/left/1"), 0), expected);

  expected = ACase();
  expected["label"] = "|wo words";
  EXPECT_EQ(FlipMlsBit(ACase(), Json::json_pointer("/label"), 0), expected);
}

}  // namespace
}  // namespace cordon::testing
