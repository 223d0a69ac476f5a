// That the vector verifiers see what they look at: one flipped bit in any field
// of a case must make it fail.

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"

namespace cordon::mls::vectors {
namespace {

Json CasesOf(absl::string_view stem) {
  std::ifstream in(
      absl::StrCat(CORDON_SHARED_DIR, "/mls-vectors/", stem, ".json"));
  EXPECT_TRUE(in) << stem;
  return Json::parse(in);
}

// The paths of all values that are neither objects nor arrays.
void AppendLeaves(const Json& value, const Json::json_pointer& at,
                  std::vector<Json::json_pointer>& out) {
  if (value.is_object()) {
    for (const auto& [name, each] : value.items()) {
      AppendLeaves(each, at / name, out);
    }
  } else if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i) {
      AppendLeaves(value[i], at / i, out);
    }
  } else if (!value.is_null() && value != "") {
    out.push_back(at);
  }
}

// FlipBit changes one bit of the first byte, or the lowest of a number. Not the
// lowest of a byte: X25519 ignores that of a private key.
void FlipBit(Json& value) {
  if (value.is_number_unsigned()) {
    value = value.get<uint64_t>() ^ 1;
    return;
  }
  std::string text = value.get<std::string>();
  constexpr absl::string_view kDigits = "0123456789abcdef";
  text[1] = kDigits[kDigits.find(text[1]) ^ 8];
  value = text;
}

class MlsVectorsTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    cases_ = CasesOf(GetParam());
    kind_ = FindKind(GetParam());
    ASSERT_NE(kind_, nullptr);
  }

  Json cases_;
  const Kind* kind_ = nullptr;
};

TEST_P(MlsVectorsTest, AnyFlippedBitMakesTheCaseFail) {
  // The second case is small and, unlike the first, never trivial.
  const Json& whole = cases_.at(1);
  ASSERT_TRUE(kind_->verify(Fields(whole)).ok());
  std::vector<Json::json_pointer> leaves;
  AppendLeaves(whole, Json::json_pointer(), leaves);
  ASSERT_FALSE(leaves.empty());

  for (const auto& leaf : leaves) {
    SCOPED_TRACE(leaf.to_string());
    Json flipped = whole;
    FlipBit(flipped[leaf]);
    EXPECT_FALSE(kind_->verify(Fields(flipped)).ok());
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, MlsVectorsTest,
                         ::testing::Values("tree-math", "tree-validation",
                                           "treekem"));

// Of an operation the suite is not looked at: its trees are all of suite 1.
TEST(MlsTreeOperationsVectorsTest, AnyFlippedBitMakesTheCaseFail) {
  const Json whole = CasesOf("tree-operations").at(0);
  ASSERT_TRUE(VerifyTreeOperations(Fields(whole)).ok());

  for (const char* name : {"tree_before", "proposal", "tree_hash_before",
                           "tree_after", "tree_hash_after"}) {
    SCOPED_TRACE(name);
    Json flipped = whole;
    FlipBit(flipped[name]);
    EXPECT_FALSE(VerifyTreeOperations(Fields(flipped)).ok());
  }
}

// Most bits of a message are content that only travels; those that tell its
// shape are seen.
TEST(MlsMessagesVectorsTest, AnyMissingByteMakesTheCaseFail) {
  const Json whole = CasesOf("messages").at(0);
  ASSERT_TRUE(VerifyMessages(Fields(whole)).ok());

  for (const auto& [name, value] : whole.items()) {
    SCOPED_TRACE(name);
    Json shorter = whole;
    std::string text = value.get<std::string>();
    text.resize(text.size() - 2);
    shorter[name] = text;
    EXPECT_FALSE(VerifyMessages(Fields(shorter)).ok());
  }
}

}  // namespace
}  // namespace cordon::mls::vectors
