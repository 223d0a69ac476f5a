#include "client/core/codelists/goods.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cordon::client {
namespace {

TEST(GoodsTest, EveryCategoryCountsInAUnitItAllows) {
  std::set<std::string> codes;
  for (const Category& category : Categories()) {
    SCOPED_TRACE(category.code);
    const AllowedUnit* canonical = AllowedIn(category, category.canonical_unit);
    ASSERT_NE(canonical, nullptr);
    EXPECT_EQ(canonical->canonical_factor, 1U);
    EXPECT_TRUE(codes.emplace(category.code).second) << "stands twice";
    for (const absl::string_view chapter : category.hs_chapters) {
      EXPECT_TRUE(IsHsCode(chapter));
    }
  }
  EXPECT_EQ(codes.size(), 13U);
}

TEST(GoodsTest, UnitsConvertOnlyWithinOneDimension) {
  const Category* drugs = FindCategory("drugs");
  ASSERT_NE(drugs, nullptr);

  EXPECT_EQ(AllowedIn(*drugs, "KGM")->canonical_factor, 1000U);
  EXPECT_EQ(AllowedIn(*drugs, "tablet")->canonical_factor, 0U);
  EXPECT_EQ(AllowedIn(*drugs, "pair"), nullptr);
}

TEST(GoodsTest, UnknownCategoryIsNotFound) {
  EXPECT_EQ(FindCategory("Medicines"), nullptr);
  EXPECT_EQ(FindCategory(""), nullptr);
}

TEST(GoodsTest, HsCodesHaveExistingChapters) {
  EXPECT_TRUE(IsHsCode("01"));
  EXPECT_TRUE(IsHsCode("3004"));
  EXPECT_TRUE(IsHsCode("970600"));
  EXPECT_FALSE(IsHsCode("00"));
  EXPECT_FALSE(IsHsCode("7701"));
  EXPECT_FALSE(IsHsCode("98"));
  EXPECT_FALSE(IsHsCode("300"));
  EXPECT_FALSE(IsHsCode("30o4"));
}

TEST(GoodsTest, OpenListsKnowTheirCodes) {
  EXPECT_TRUE(IsOffence("counterfeit"));
  EXPECT_FALSE(IsOffence("none"));
  EXPECT_TRUE(IsConcealment("none"));
  EXPECT_TRUE(IsDetectionMeans("scanner"));
  EXPECT_TRUE(IsRiskIndicator("odd_route"));
  EXPECT_TRUE(IsIprType("trade_mark"));
  EXPECT_FALSE(IsIprType(""));
}

}  // namespace
}  // namespace cordon::client
