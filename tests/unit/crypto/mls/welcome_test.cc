#include "crypto/mls/welcome.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/writer.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;

Welcome AWelcome() {
  return {
      .secrets = {{.new_member = {1}, .encrypted_group_secrets = {{2}, {3}}},
                  {.new_member = {4}, .encrypted_group_secrets = {{5}, {6}}}},
      .encrypted_group_info = {7}};
}

TEST(WelcomeTest, IsWrittenAsTheRfcSays) {
  EXPECT_EQ(ToHex(codec::Serialize(AWelcome())),
            "0003"            // suite
            "0c010101020103"  // secrets
            "010401050106"
            "0107");  // encrypted_group_info
  EXPECT_THAT(ParseWelcome(codec::Serialize(AWelcome())),
              IsOkAndHolds(AWelcome()));
}

TEST(WelcomeTest, EveryTruncationIsRefused) {
  const Bytes bytes = codec::Serialize(AWelcome());

  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(ParseWelcome(ByteSpan(bytes).first(size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(WelcomeTest, EntriesAreFoundByKeyPackage) {
  const Welcome welcome = AWelcome();

  ASSERT_OK_AND_ASSIGN(const auto* found, FindSecrets(welcome, Bytes{4}));
  EXPECT_EQ(*found, welcome.secrets[1]);
  EXPECT_THAT(FindSecrets(welcome, Bytes{5}),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(WelcomeTest, PartsAreAssembledForOneJoiner) {
  const Welcome whole = AWelcome();
  ASSERT_OK_AND_ASSIGN(
      const Welcome cut,
      Assemble(codec::Serialize(whole.secrets[1]), whole.encrypted_group_info));

  EXPECT_EQ(cut, (Welcome{.secrets = {whole.secrets[1]},
                          .encrypted_group_info = {7}}));
  EXPECT_THAT(Assemble(Bytes{1}, {}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::mls
