#include "crypto/mls/vectors/kinds.h"

#include <cstddef>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "crypto/base/bytes.h"
#include "crypto/mls/vectors/fields.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls::vectors {
namespace {

using ::cordon::testing::IsOk;
using ::cordon::testing::StatusIs;
using ::testing::Not;

// The kinds whose every field is looked at. For those of trees and of codecs,
// where that is not so, see tests/interop.
constexpr const char* kChecked[] = {"crypto-basics",
                                    "deserialization",
                                    "key-schedule",
                                    "message-protection",
                                    "psk_secret",
                                    "secret-tree",
                                    "transcript-hashes",
                                    "welcome",
                                    "passive-client-welcome",
                                    "passive-client-handling-commit"};

// Bits that a verifier need not notice.
bool MayGoUnnoticed(const Json::json_pointer& place, size_t byte) {
  // Sender data keys take a sample of the ciphertext, its first 32 bytes.
  return place.to_string() == "/sender_data/ciphertext" && byte >= 32;
}

// The published vectors are data from outside: where they are not, there is
// nothing to mutate, and the runs say so by having no instances.
std::vector<std::string> PublishedFiles() {
  std::vector<std::string> files;
  for (const char* stem : kChecked) {
    std::ifstream in(absl::StrCat(CORDON_MLS_VECTORS_DIR, "/", stem, ".json"));
    if (in.good()) files.emplace_back(stem);
  }
  return files;
}

Json FirstCaseOf(const std::string& stem) {
  std::ifstream in(absl::StrCat(CORDON_MLS_VECTORS_DIR, "/", stem, ".json"));
  const Json cases = Json::parse(in);
  // A later case has more in it than the first.
  return cases[cases.size() > 2 ? 2 : 0];
}

bool IsHex(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return text != nullptr && !text->empty() && FromHex(*text).ok();
}

// Paths to every value in `node` for which `wanted` holds.
template <typename Wanted>
void Collect(const Json& node, const Json::json_pointer& at, Wanted wanted,
             std::vector<Json::json_pointer>& found) {
  if (node.is_object()) {
    for (const auto& [name, value] : node.items()) {
      Collect(value, at / name, wanted, found);
    }
  } else if (node.is_array()) {
    for (size_t i = 0; i < node.size(); ++i) {
      Collect(node[i], at / i, wanted, found);
    }
  } else if (wanted(node)) {
    found.push_back(at);
  }
}

// Not the lowest bit: X25519 ignores that of a private key's first byte.
Json Flipped(Json vector, const Json::json_pointer& at, size_t byte) {
  Bytes bytes = *FromHex(vector[at].get<std::string>());
  bytes[byte] ^= 0x08;
  vector[at] = ToHex(bytes);
  return vector;
}

class PublishedVectorTest : public ::testing::TestWithParam<std::string> {};

TEST_P(PublishedVectorTest, OneFlippedBitOfAnyFieldIsNoticed) {
  const Kind& kind = *FindKind(GetParam());
  const Json vector = FirstCaseOf(GetParam());
  ASSERT_OK(kind.verify(Fields(vector)));
  std::vector<Json::json_pointer> places;
  Collect(vector, Json::json_pointer(), IsHex, places);
  ASSERT_THAT(places, Not(::testing::IsEmpty()));

  for (const auto& place : places) {
    const size_t size = vector[place].get<std::string>().size() / 2;
    for (const size_t byte : {size_t{0}, size / 2}) {
      if (MayGoUnnoticed(place, byte)) continue;
      EXPECT_THAT(kind.verify(Fields(Flipped(vector, place, byte))),
                  Not(IsOk()))
          << place.to_string() << " byte " << byte;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, PublishedVectorTest,
                         ::testing::ValuesIn(PublishedFiles()),
                         [](const auto& test) {
                           std::string name = test.param;
                           for (char& each : name) {
                             if (each == '-') each = '_';
                           }
                           return name;
                         });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PublishedVectorTest);

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
