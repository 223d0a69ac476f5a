#include "crypto/base/log.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"

namespace cordon {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(LogTest, LineCarriesLevelAndParts) {
  ::testing::internal::CaptureStderr();
  LogWarning("room#", "3fa2", " seq=", 81);

  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(StartsWith("W "), EndsWith(" room#3fa2 seq=81\n")));
}

TEST(LogTest, LinesBelowTheLevelAreDropped) {
  SetLogLevel(LogLevel::kError);
  ::testing::internal::CaptureStderr();
  LogInfo("quiet");
  const std::string captured = ::testing::internal::GetCapturedStderr();
  SetLogLevel(LogLevel::kInfo);

  EXPECT_THAT(captured, IsEmpty());
}

TEST(LogTest, AliasIsStableInOneRunAndTellsIdsApart) {
  EXPECT_EQ(Alias(AsBytes("a")), Alias(AsBytes("a")));
  EXPECT_NE(Alias(AsBytes("a")), Alias(AsBytes("b")));
  EXPECT_EQ(Alias(AsBytes("a")).size(), 6U);
}

}  // namespace
}  // namespace cordon
