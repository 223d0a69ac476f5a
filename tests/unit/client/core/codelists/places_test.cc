#include "client/core/codelists/places.h"

#include "gtest/gtest.h"

namespace cordon::client {
namespace {

TEST(PlacesTest, CountriesAreTheListedTwoLetters) {
  EXPECT_TRUE(IsCountry("FR"));
  EXPECT_TRUE(IsCountry("ZW"));
  EXPECT_TRUE(IsCountry("AD"));
  EXPECT_TRUE(IsCountry(kUnknownCountry));
  EXPECT_FALSE(IsCountry("fr"));
  EXPECT_FALSE(IsCountry("XX"));
  EXPECT_FALSE(IsCountry("R "));
  EXPECT_FALSE(IsCountry(" F"));
  EXPECT_FALSE(IsCountry(""));
}

TEST(PlacesTest, CurrenciesAreTheListedThreeLetters) {
  EXPECT_TRUE(IsCurrency("EUR"));
  EXPECT_TRUE(IsCurrency("XOF"));
  EXPECT_FALSE(IsCurrency("EU"));
  EXPECT_FALSE(IsCurrency("ABC"));
}

TEST(PlacesTest, ThereAreSixRegions) {
  EXPECT_EQ(Regions().size(), 6U);
  EXPECT_TRUE(IsRegion("WCA"));
  EXPECT_FALSE(IsRegion("wca"));
}

TEST(PlacesTest, LocodeIsACountryAndThreeSigns) {
  EXPECT_TRUE(IsLocode("FRCDG"));
  EXPECT_TRUE(IsLocode("US2NY"));
  EXPECT_FALSE(IsLocode("FR1DG"));
  EXPECT_FALSE(IsLocode("XXCDG"));
  EXPECT_FALSE(IsLocode("FRCD"));
}

TEST(PlacesTest, SubdivisionBelongsToItsCountry) {
  EXPECT_TRUE(IsSubdivision("FR-75C", "FR"));
  EXPECT_FALSE(IsSubdivision("FR-75C", "DE"));
  EXPECT_FALSE(IsSubdivision("FR-", "FR"));
  EXPECT_FALSE(IsSubdivision("FR75", "FR"));
  EXPECT_FALSE(IsSubdivision("FR-ABCD", "FR"));
}

}  // namespace
}  // namespace cordon::client
