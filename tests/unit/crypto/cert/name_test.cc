#include "crypto/cert/name.h"

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"
#include "tests/support/status_matchers.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::StatusIs;

TEST(OrgNameTest, TheLastLabelIsTheKind) {
  for (const OrgKind kind : kOrgKinds) {
    const std::string text = "some." + std::string(OrgKindLabel(kind));
    ASSERT_OK_AND_ASSIGN(const OrgName name, OrgName::Parse(text));
    EXPECT_EQ(name.kind(), kind);
    EXPECT_EQ(name.text(), text);
  }
}

TEST(OrgNameTest, AnyOtherSpellingIsRefused) {
  const std::string long_label(kOrgNameBytesMax - 7, 'a');
  EXPECT_OK(OrgName::Parse(long_label + ".rilo"));

  for (const std::string& text :
       {std::string(), std::string("customs"), std::string(".customs"),
        std::string("fr..customs"), std::string("fr.customs."),
        std::string("FR.customs"), std::string("fr.Customs"),
        std::string("fr_x.customs"), std::string("-fr.customs"),
        std::string("fr-.customs"), std::string("fr.custom"),
        std::string("fr.customs/a"), std::string("fr .customs"),
        std::string("fr\0.customs", 11), std::string("fr\xc3\xa9.customs"),
        long_label + ".customs"}) {
    EXPECT_THAT(OrgName::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

TEST(UserNameTest, IsSpelledOrganisationAndUser) {
  ASSERT_OK_AND_ASSIGN(const UserName name,
                       UserName::Parse("fr.customs/alice.b_c-9"));

  EXPECT_EQ(name.org().text(), "fr.customs");
  EXPECT_EQ(name.user(), "alice.b_c-9");
  EXPECT_EQ(name.text(), "fr.customs/alice.b_c-9");
}

TEST(UserNameTest, AnyOtherSpellingIsRefused) {
  for (const char* text :
       {"fr.customs", "fr.customs/", "/alice", "fr.customs/alice/laptop",
        "fr.customs/Alice", "fr.customs/..", "fr.customs/.alice",
        "fr.customs/-alice", "fr.customs/al ice", "fr.customs/al%69ce",
        "fr.nowhere/alice"}) {
    EXPECT_THAT(UserName::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

TEST(DeviceNameTest, TextAndUriAreTwoSpellingsOfOneName) {
  ASSERT_OK_AND_ASSIGN(const DeviceName name,
                       DeviceName::Parse("fr.customs/alice/laptop"));
  ASSERT_OK_AND_ASSIGN(
      const DeviceName same,
      DeviceName::ParseUri("cordon://fr.customs/alice/laptop"));

  EXPECT_EQ(name, same);
  EXPECT_EQ(name.text(), "fr.customs/alice/laptop");
  EXPECT_EQ(name.uri(), "cordon://fr.customs/alice/laptop");
  EXPECT_EQ(name.org().text(), "fr.customs");
  EXPECT_EQ(name.owner().user(), "alice");
  EXPECT_EQ(name.device(), "laptop");
}

TEST(DeviceNameTest, TheIdIsTheHashOfTheUri) {
  ASSERT_OK_AND_ASSIGN(const DeviceName name,
                       DeviceName::Parse("fr.customs/alice/laptop"));

  EXPECT_EQ(name.id(),
            DeviceId(Sha256(AsBytes("cordon://fr.customs/alice/laptop"))));
}

TEST(DeviceNameTest, AnyOtherUriIsRefused) {
  for (const char* uri :
       {"fr.customs/alice/laptop", "cordon:fr.customs/alice/laptop",
        "CORDON://fr.customs/alice/laptop", "https://fr.customs/alice/laptop",
        "cordon://fr.customs/alice/laptop/", "cordon://fr.customs//laptop",
        "cordon://x@fr.customs/alice/laptop",
        "cordon://fr.customs:1/alice/laptop",
        "cordon://fr.customs/alice/laptop?a",
        "cordon://fr.customs/alice/laptop#a"}) {
    EXPECT_THAT(DeviceName::ParseUri(uri),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << uri;
  }
}

TEST(DeviceNameTest, SegmentsEndAtTheirLimit) {
  ASSERT_OK_AND_ASSIGN(const UserName alice,
                       UserName::Parse("fr.customs/alice"));

  EXPECT_OK(DeviceName::Create(alice, std::string(kNameSegmentBytesMax, 'a')));
  EXPECT_THAT(
      DeviceName::Create(alice, std::string(kNameSegmentBytesMax + 1, 'a')),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(DeviceNameTest, OrdersAndHashes) {
  ASSERT_OK_AND_ASSIGN(const DeviceName a, DeviceName::Parse("a.rilo/x/y"));
  ASSERT_OK_AND_ASSIGN(const DeviceName b, DeviceName::Parse("a.rilo/x/z"));
  const absl::flat_hash_set<DeviceName> names = {a, b, a};

  EXPECT_LT(a, b);
  EXPECT_EQ(names.size(), 2);
  EXPECT_NE(a.id(), b.id());
}

}  // namespace
}  // namespace cordon::cert
