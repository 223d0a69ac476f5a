// That the vector verifiers see what they look at in the published cases: one
// flipped bit in any value must make a case fail.

#include <cstddef>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"
#include "tests/support/mls_cases.h"

namespace cordon::mls::vectors {
namespace {

using ::cordon::testing::ExpectFlipsSeen;

class PublishedVectorTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    kind_ = FindKind(GetParam());
    ASSERT_NE(kind_, nullptr);
    std::ifstream in(
        absl::StrCat(CORDON_SHARED_DIR, "/mls-vectors/", GetParam(), ".json"));
    ASSERT_TRUE(in);
    cases_ = Json::parse(in);
  }

  const Kind* kind_ = nullptr;
  Json cases_;
};

TEST_P(PublishedVectorTest, OneFlippedBitOfAnyValueIsSeen) {
  // The second case of what has several is small and, unlike the first, never
  // trivial.
  ExpectFlipsSeen(*kind_, cases_[cases_.size() > 1 ? 1 : 0]);
}

INSTANTIATE_TEST_SUITE_P(
    All, PublishedVectorTest,
    ::testing::Values("crypto-basics", "deserialization", "key-schedule",
                      "message-protection", "messages",
                      "passive-client-handling-commit",
                      "passive-client-welcome", "psk_secret", "secret-tree",
                      "transcript-hashes", "tree-math", "tree-validation",
                      "treekem", "welcome"),
    [](const auto& test) {
      std::string name = test.param;
      for (char& each : name) {
        if (each == '-') each = '_';
      }
      return name;
    });

class PublishedOperationTest : public PublishedVectorTest {};

// Each is of another shape: adding into the middle, at the end and beyond it,
// updating, removing.
TEST_P(PublishedOperationTest, OneFlippedBitOfAnyOfThemIsSeen) {
  for (size_t i = 0; i < cases_.size(); ++i) {
    SCOPED_TRACE(i);
    ExpectFlipsSeen(*kind_, cases_[i]);
  }
}

INSTANTIATE_TEST_SUITE_P(All, PublishedOperationTest,
                         ::testing::Values("tree-operations"));

}  // namespace
}  // namespace cordon::mls::vectors
