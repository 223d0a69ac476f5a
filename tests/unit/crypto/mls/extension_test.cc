#include "crypto/mls/extension.h"

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/credential.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::IsEmpty;

constexpr ExtensionType kPolicy{0xf100};

Bytes Encoded(const Extensions& extensions) {
  codec::Writer out;
  codec::WriteVectorOf(extensions, out);
  return out.Take();
}

TEST(ExtensionTest, ListSurvivesWritingAndReading) {
  const Extensions list = {
      MakeApplicationId(AsBytes("desk 4")),
      Extension{.type = kPolicy, .data = ToBytes("p")},
  };

  const Bytes bytes = Encoded(list);
  codec::Reader in(bytes);

  EXPECT_THAT(ReadExtensions(in), IsOkAndHolds(Eq(list)));
  EXPECT_TRUE(in.AtEnd());
}

TEST(ExtensionTest, ListWithOneTypeTwiceIsRefused) {
  const Bytes bytes = Encoded({
      Extension{.type = kPolicy, .data = ToBytes("a")},
      Extension{.type = kApplicationIdExtension, .data = {}},
      Extension{.type = kPolicy, .data = ToBytes("b")},
  });
  codec::Reader in(bytes);

  EXPECT_THAT(ReadExtensions(in), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ExtensionTest, ListLongerThanTheLimitIsRefused) {
  Extensions list;
  for (uint16_t i = 0; i < kExtensionsMax; ++i) {
    list.push_back({.type = ExtensionType{i}, .data = {}});
  }
  const Bytes longest = Encoded(list);
  list.push_back({.type = kPolicy, .data = {}});
  const Bytes too_long = Encoded(list);
  codec::Reader in(longest);
  codec::Reader in_too_long(too_long);

  EXPECT_OK(ReadExtensions(in));
  EXPECT_THAT(ReadExtensions(in_too_long),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ExtensionTest, SetReplacesWhatIsThereAndAppendsWhatIsNot) {
  Extensions list = {Extension{.type = kPolicy, .data = ToBytes("old")}};

  SetExtension(list, {.type = kPolicy, .data = ToBytes("new")});
  SetExtension(list, MakeApplicationId(AsBytes("id")));

  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(FindExtension(list, kPolicy)->data, ToBytes("new"));
  EXPECT_NE(FindExtension(list, kApplicationIdExtension), nullptr);
  EXPECT_EQ(FindExtension(list, kExternalPubExtension), nullptr);
}

TEST(ExtensionTest, RequiredCapabilitiesAreFoundAsMade) {
  const RequiredCapabilities required = {
      .extensions = {kPolicy},
      .proposals = {ProposalType{0xf200}},
      .credentials = {kX509Credential},
  };

  EXPECT_THAT(FindRequiredCapabilities({MakeRequiredCapabilities(required)}),
              IsOkAndHolds(Eq(required)));
  EXPECT_THAT(FindRequiredCapabilities({}), IsOkAndHolds(Eq(std::nullopt)));
}

TEST(ExtensionTest, RequiredCapabilitiesWithSomethingBehindAreRefused) {
  Extension extension = MakeRequiredCapabilities({});
  extension.data.push_back(0);

  EXPECT_THAT(FindRequiredCapabilities({extension}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ExtensionTest, RequiredCapabilitiesWithHalfATypeAreRefused) {
  const Extension extension{.type = kRequiredCapabilitiesExtension,
                            .data = {1, 0, 0, 0}};

  EXPECT_THAT(FindRequiredCapabilities({extension}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ExtensionTest, ExternalSendersAreFoundAsMade) {
  const ExternalSender relay{.signature_key = Bytes(32, 7),
                             .credential = Credential::Basic(AsBytes("relay"))};

  EXPECT_THAT(FindExternalSenders({MakeExternalSenders({relay})}),
              IsOkAndHolds(ElementsAre(relay)));
  EXPECT_THAT(FindExternalSenders({}), IsOkAndHolds(IsEmpty()));
}

TEST(ExtensionTest, ExternalSendersBeyondTheLimitAreRefused) {
  const std::vector<ExternalSender> many(
      kExternalSendersMax + 1,
      {.signature_key = Bytes(32, 7),
       .credential = Credential::Basic(AsBytes("relay"))});

  EXPECT_THAT(FindExternalSenders({MakeExternalSenders(many)}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ExtensionTest, ExternalPubAndApplicationIdAreFoundAsMade) {
  const Extensions list = {MakeExternalPub(Bytes(32, 9)),
                           MakeApplicationId(AsBytes("desk"))};

  EXPECT_THAT(FindExternalPub(list), IsOkAndHolds(Eq(Bytes(32, 9))));
  EXPECT_THAT(FindApplicationId(list), IsOkAndHolds(Eq(ToBytes("desk"))));
  EXPECT_THAT(FindExternalPub({}), IsOkAndHolds(Eq(std::nullopt)));
}

TEST(ExtensionTest, TruncatedExternalPubIsRefused) {
  Extension extension = MakeExternalPub(Bytes(32, 9));
  extension.data.pop_back();

  EXPECT_THAT(FindExternalPub({extension}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ExtensionTest, DefaultTypesAreTheFirstOnes) {
  EXPECT_TRUE(IsDefault(ExtensionType{1}));
  EXPECT_TRUE(IsDefault(ExtensionType{5}));
  EXPECT_FALSE(IsDefault(ExtensionType{0}));
  EXPECT_FALSE(IsDefault(ExtensionType{6}));
  EXPECT_TRUE(IsDefault(ProposalType{7}));
  EXPECT_FALSE(IsDefault(ProposalType{8}));
}

TEST(ExtensionTest, GreaseIsAlwaysOneOfTheReservedValues) {
  SeededRandom random(1);
  std::set<uint16_t> seen;

  for (int i = 0; i < 1000; ++i) seen.insert(GreaseValue(random));

  EXPECT_EQ(seen.size(), 15U);
  EXPECT_TRUE(seen.contains(0x0a0a));
  EXPECT_TRUE(seen.contains(0xeaea));
  EXPECT_FALSE(seen.contains(0xfafa));
}

}  // namespace
}  // namespace cordon::mls
