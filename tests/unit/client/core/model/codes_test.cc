#include "client/core/model/codes.h"

#include <optional>

#include "gtest/gtest.h"

namespace cordon::client {
namespace {

// Every name reads back, and numbers run from 1 without gaps, as on the wire.
template <typename Enum>
void ExpectWholeTable() {
  int number = 0;
  for (const Code<Enum>& code : Codes<Enum>()) {
    ++number;
    EXPECT_EQ(static_cast<int>(code.value), number) << code.name;
    EXPECT_EQ(ParseCode<Enum>(code.name), code.value) << code.name;
    EXPECT_EQ(CodeName(code.value), code.name);
    EXPECT_TRUE(IsKnown(code.value));
  }
  EXPECT_GT(number, 0);
}

template <typename... Enums>
void ExpectWholeTables() {
  (ExpectWholeTable<Enums>(), ...);
}

TEST(CodesTest, EveryTableIsWhole) {
  ExpectWholeTables<RecordStatus, MsgType, AttachmentRole, PlaceKind,
                    MoneyBasis, CaseType, WhenPrecision, Flow, Channel,
                    Ecommerce, DetectionMethod, Outcome, IdentifierKind,
                    RouteRole, LineStatus, InstructionType, Priority, AckLevel,
                    FeatureLayer, FeatureWeight>();
}

TEST(CodesTest, NamesAreSnakeCase) {
  EXPECT_EQ(CodeName(Channel::kExpressCourier), "express_courier");
  EXPECT_EQ(CodeName(AttachmentRole::kXray), "x_ray");
}

TEST(CodesTest, NotGivenAndNewerNumbersAreNotKnown) {
  EXPECT_EQ(CodeName(Flow::kNone), "");
  EXPECT_FALSE(IsKnown(Flow::kNone));
  EXPECT_EQ(CodeName(static_cast<Flow>(99)), "unknown");
  EXPECT_FALSE(IsKnown(static_cast<Flow>(99)));
  EXPECT_EQ(ParseCode<Flow>("Import"), std::nullopt);
  EXPECT_EQ(ParseCode<Flow>(""), std::nullopt);
}

}  // namespace
}  // namespace cordon::client
