#include "crypto/mls/vectors/kinds.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "crypto/mls/vectors/fields.h"
#include "tests/support/mls_cases.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls::vectors {
namespace {

using ::cordon::testing::ExpectFlipsSeen;
using ::cordon::testing::OwnMlsCases;
using ::cordon::testing::StatusIs;

// Of each there are cases of our own, in tests/vectors/mls.
constexpr const char* kOwn[] = {"crypto-basics",
                                "deserialization",
                                "key-schedule",
                                "message-protection",
                                "messages",
                                "passive-client-handling-commit",
                                "passive-client-welcome",
                                "psk_secret",
                                "secret-tree",
                                "transcript-hashes",
                                "tree-math",
                                "tree-operations",
                                "tree-validation",
                                "treekem",
                                "welcome"};

class OwnCaseTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    kind_ = FindKind(GetParam());
    ASSERT_NE(kind_, nullptr);
    cases_ = OwnMlsCases(GetParam());
    ASSERT_FALSE(cases_.empty());
  }

  const Kind* kind_ = nullptr;
  std::vector<Json> cases_;
};

TEST_P(OwnCaseTest, EveryCaseHolds) {
  for (const Json& each : cases_) {
    EXPECT_OK(kind_->verify(Fields(each)));
  }
}

TEST_P(OwnCaseTest, OneFlippedBitOfAnyValueIsSeen) {
  for (size_t i = 0; i < cases_.size(); ++i) {
    SCOPED_TRACE(absl::StrCat("case ", i));
    ExpectFlipsSeen(*kind_, cases_[i]);
  }
}

INSTANTIATE_TEST_SUITE_P(All, OwnCaseTest, ::testing::ValuesIn(kOwn),
                         [](const auto& test) {
                           std::string name = test.param;
                           for (char& each : name) {
                             if (each == '-') each = '_';
                           }
                           return name;
                         });

TEST(KindsTest, NoneIsWithoutCasesOfOurOwn) {
  for (const Kind& kind : Kinds()) {
    EXPECT_TRUE(std::any_of(
        std::begin(kOwn), std::end(kOwn),
        [&kind](const char* own) { return FindKind(own) == &kind; }))
        << kind.name;
  }
}

TEST(KindsTest, AreFoundByNameOrBeginning) {
  EXPECT_NE(FindKind("welcome"), nullptr);
  EXPECT_NE(FindKind("passive-client-random"), nullptr);
  EXPECT_EQ(FindKind("welcome-2"), nullptr);
  EXPECT_EQ(FindKind("README"), nullptr);
}

TEST(KindsTest, AnotherSuiteIsNotOurs) {
  const Json vector = Json::parse(R"({"cipher_suite": 1})");

  EXPECT_THAT(CheckSuite(Fields(vector)),
              StatusIs(absl::StatusCode::kUnimplemented));
  EXPECT_THAT(CheckSuite(Fields(Json::object())),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::mls::vectors
