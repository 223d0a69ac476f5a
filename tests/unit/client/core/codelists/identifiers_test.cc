#include "client/core/codelists/identifiers.h"

#include "gtest/gtest.h"

namespace cordon::client {
namespace {

TEST(IdentifiersTest, PublishedExamplesHold) {
  EXPECT_TRUE(ContainerNumberHolds("CSQU3054383"));
  EXPECT_TRUE(ImoNumberHolds("9074729"));
  EXPECT_TRUE(PostItemHolds("RR473124829GB"));
  EXPECT_TRUE(AirWaybillHolds("020-12345675"));
  EXPECT_TRUE(AirWaybillHolds("02012345675"));
  EXPECT_TRUE(GtinHolds("4006381333931"));
  EXPECT_TRUE(GtinHolds("96385074"));
  EXPECT_TRUE(GtinHolds("036000291452"));
  EXPECT_TRUE(GtinHolds("10614141000415"));
}

TEST(IdentifiersTest, OneDigitOffDoesNotHold) {
  EXPECT_FALSE(ContainerNumberHolds("CSQU3054384"));
  EXPECT_FALSE(ImoNumberHolds("9074728"));
  EXPECT_FALSE(PostItemHolds("RR473124828GB"));
  EXPECT_FALSE(AirWaybillHolds("020-12345676"));
  EXPECT_FALSE(GtinHolds("4006381333930"));
}

TEST(IdentifiersTest, OtherFormsDoNotHold) {
  EXPECT_FALSE(ContainerNumberHolds(""));
  EXPECT_FALSE(ContainerNumberHolds("csqu3054383"));
  EXPECT_FALSE(ContainerNumberHolds("CSQU30543831"));
  EXPECT_FALSE(ImoNumberHolds("IMO907472"));
  EXPECT_FALSE(PostItemHolds("RR47312482GB"));
  EXPECT_FALSE(AirWaybillHolds("02-012345675"));
  EXPECT_FALSE(GtinHolds("40063813339"));
  EXPECT_FALSE(GtinHolds("40063813339x1"));
}

}  // namespace
}  // namespace cordon::client
