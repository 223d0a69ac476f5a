#include "client/cli/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "client/cli/json_text.h"
#include "client/core/alert_rules.h"
#include "client/core/model/codes.h"
#include "tests/support/finding_fields.h"

namespace cordon::cli {
namespace {

using ::cordon::testing::FieldsOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(FieldsTest, WhatIsThereIsRead) {
  const Json object = *ParseJson(
      R"({"t":"x","l":["a","b"],"f":true,"c":7,"d":1.25,"k":"import"})");
  std::vector<client::Finding> faults;
  Fields in(object, "", &faults);

  EXPECT_EQ(in.Text("t"), "x");
  EXPECT_THAT(in.Texts("l"), ElementsAre("a", "b"));
  EXPECT_TRUE(in.Flag("f"));
  EXPECT_EQ(in.Count("c"), 7U);
  EXPECT_EQ(in.Decimal("d", 2), 125);
  EXPECT_EQ(in.Code<client::Flow>("k"), client::Flow::kImport);
  in.Finish();
  EXPECT_THAT(faults, IsEmpty());
}

TEST(FieldsTest, WhatIsAbsentOrNullIsAFaultOnlyWhenNeeded) {
  const Json object = *ParseJson(R"({"n":null})");
  std::vector<client::Finding> faults;
  Fields in(object, "", &faults);

  EXPECT_EQ(in.Text("n"), "");
  EXPECT_EQ(in.Decimal("a", 2), std::nullopt);
  EXPECT_THAT(faults, IsEmpty());
  EXPECT_EQ(in.Text("n", Need::kYes), "");
  EXPECT_EQ(in.Time("a", Need::kYes), std::nullopt);
  EXPECT_THAT(FieldsOf(faults), ElementsAre("n", "a"));
}

TEST(FieldsTest, EveryFaultIsNotedWithItsPath) {
  const Json object = *ParseJson(
      R"({"t":1,"l":["a",2],"c":-1,"d":"1.234","k":"sideways",
          "o":[{"x":"y","z":1}],"unknown":0})");
  std::vector<client::Finding> faults;
  Fields in(object, "", &faults);

  in.Text("t");
  in.Texts("l");
  in.Count("c");
  in.Decimal("d", 2);
  in.Code<client::Flow>("k");
  in.Objects("o", Need::kYes, [](Fields& inside, size_t) {
    inside.Count("x");
    inside.Object("missing", Need::kYes, [](Fields&) {});
  });
  in.Finish();

  EXPECT_THAT(FieldsOf(faults),
              ElementsAre("t", "l[1]", "c", "d", "k", "o[0].x", "o[0].missing",
                          "o[0].z", "unknown"));
}

TEST(FieldsTest, ContentStartsItsOwnPaths) {
  const Json object = *ParseJson(R"({"alert":{"x":1}})");
  std::vector<client::Finding> faults;
  Fields in(object, "", &faults);

  EXPECT_TRUE(in.Content("alert", [](Fields& inside) { inside.Text("x"); }));
  EXPECT_THAT(FieldsOf(faults), ElementsAre("x"));
}

}  // namespace
}  // namespace cordon::cli
