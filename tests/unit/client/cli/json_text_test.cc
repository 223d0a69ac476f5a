#include "client/cli/json_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include <nlohmann/json.hpp>

#include "tests/support/status_matchers.h"

namespace cordon::cli {
namespace {

using ::cordon::testing::StatusIs;

TEST(JsonTextTest, TextIsReadInItsOrder) {
  const absl::StatusOr<Json> json =
      ParseJson(R"({"b":[1,-2,true,null,"x"],"a":{"c":{}}})");

  ASSERT_OK(json);
  EXPECT_EQ(JsonLine(*json), R"({"b":[1,-2,true,null,"x"],"a":{"c":{}}})");
}

TEST(JsonTextTest, NumberWithAPointKeepsItsDigits) {
  const absl::StatusOr<Json> json = ParseJson("[0.10,1e3,12]");

  ASSERT_OK(json);
  EXPECT_EQ(DecimalLiteral((*json)[0]), "0.10");
  EXPECT_EQ(DecimalLiteral((*json)[1]), "1e3");
  EXPECT_EQ(DecimalLiteral((*json)[2]), std::nullopt);
}

TEST(JsonTextTest, WhatIsNoJsonIsRefusedWithThePlace) {
  for (const char* const text :
       {"", "{", "{\"a\":}", "[1,]", "{} x", "nul", "{\"a\":1,\"a\":2}"}) {
    EXPECT_THAT(ParseJson(text).status(),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

TEST(JsonTextTest, PlaceOfAFaultIsALineAndAColumn) {
  EXPECT_EQ(ParseJson("{\"a\": 1,\n \"b\": x}").status().message(),
            "no valid JSON at line 2, column 7");
  EXPECT_EQ(ParseJson("x").status().message(),
            "no valid JSON at line 1, column 1");
}

TEST(JsonTextTest, NestingHasALimit) {
  const std::string deepest =
      std::string(kJsonDepthMax, '[') + std::string(kJsonDepthMax, ']');

  EXPECT_OK(ParseJson(deepest).status());
  EXPECT_THAT(ParseJson("[" + deepest + "]").status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(JsonTextTest, BytesThatAreNoTextAreReplaced) {
  EXPECT_EQ(JsonLine(Json("a\xff"
                          "b")),
            "\"a\xef\xbf\xbd"
            "b\"");
}

}  // namespace
}  // namespace cordon::cli
