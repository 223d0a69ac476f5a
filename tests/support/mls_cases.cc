#include "tests/support/mls_cases.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"
#include "tests/support/text_vectors.h"

namespace cordon::testing {
namespace {

constexpr absl::string_view kNumbers[] = {
    "cipher_suite", "epoch",  "generation",      "index",
    "left",         "length", "n_leaves",        "n_nodes",
    "node",         "parent", "proposal_sender", "resolutions",
    "right",        "root",   "sender",          "sibling"};

bool IsPlace(absl::string_view word) {
  return std::all_of(word.begin(), word.end(), absl::ascii_isdigit);
}

// The last word of `way` that is no place in a list decides.
bool IsNumber(absl::string_view way) {
  const std::vector<std::string> words = absl::StrSplit(way, '/');
  const auto name = std::find_if_not(words.rbegin(), words.rend(), IsPlace);
  return std::find(std::begin(kNumbers), std::end(kNumbers), *name) !=
         std::end(kNumbers);
}

Json ValueOf(const std::string& name, const std::string& text) {
  if (text == "null") return nullptr;
  if (text == "[]") return Json::array();
  if (IsNumber(name)) return Json::parse(text);
  return text;
}

std::string TextOf(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void AppendLines(const Json& value, const std::string& way, std::string& out) {
  if (!value.is_structured() || value.empty()) {
    absl::StrAppend(&out, way, " = ", TextOf(value));
    while (absl::EndsWith(out, " ")) out.pop_back();
    out += '\n';
    return;
  }
  const std::string stem = way.empty() ? way : way + "/";
  for (const auto& [name, each] : value.items()) {
    AppendLines(each, stem + name, out);
  }
}

// The ways to all values that hold something: numbers, text, hex.
void AppendValues(const Json& value, const Json::json_pointer& at,
                  std::vector<Json::json_pointer>& out) {
  if (value.is_object()) {
    for (const auto& [name, each] : value.items()) {
      AppendValues(each, at / name, out);
    }
  } else if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i) {
      AppendValues(value[i], at / i, out);
    }
  } else if (!value.is_null() && value != "") {
    out.push_back(at);
  }
}

// Most bytes of a message only travel; these tell what it is or where it ends.
constexpr struct {
  absl::string_view name;
  size_t byte;
} kShapes[] = {{"mls_welcome", 3},
               {"mls_group_info", 3},
               {"mls_key_package", 3},
               {"private_message", 3},
               {"public_message_application", 3},
               {"public_message_proposal", 3},
               {"public_message_commit", 3},
               {"ratchet_tree", 0},
               {"group_secrets", 0},
               {"commit", 0},
               {"add_proposal", 4},
               {"update_proposal", 0},
               {"pre_shared_key_proposal", 0},
               {"re_init_proposal", 0},
               {"external_init_proposal", 0},
               {"group_context_extensions_proposal", 0}};
// Four bytes of content.
constexpr absl::string_view kShapeless = "remove_proposal";

bool IsUpdate(const Json& operation) {
  return absl::StartsWith(operation["proposal"].get<std::string>(), "0002");
}

bool MayGoUnseen(absl::string_view kind, const Json& each,
                 const std::string& way, size_t byte) {
  // Sender data keys take a sample of the ciphertext, its first 32 bytes.
  if (kind == "secret-tree") {
    return way == "/sender_data/ciphertext" && byte >= 32;
  }
  // Whose operation it is matters to an Update only; the suite is not looked
  // at, as the published trees are all of suite 1.
  return kind == "tree-operations" &&
         (way == "/cipher_suite" ||
          (way == "/proposal_sender" && !IsUpdate(each)));
}

void ExpectSeen(const mls::vectors::Kind& kind, const Json& each,
                const Json::json_pointer& at, size_t byte) {
  const Json flipped = FlipMlsBit(each, at, byte);
  EXPECT_FALSE(kind.verify(mls::vectors::Fields(flipped)).ok())
      << at.to_string() << " byte " << byte;
}

void ExpectShapesSeen(const mls::vectors::Kind& kind, const Json& each) {
  for (const auto& [name, byte] : kShapes) {
    ExpectSeen(kind, each, Json::json_pointer(absl::StrCat("/", name)), byte);
  }
  EXPECT_EQ(each.size(), std::size(kShapes) + 1) << "and " << kShapeless;
  for (const auto& [name, value] : each.items()) {
    Json shorter = each;
    std::string text = value.get<std::string>();
    text.resize(text.size() - 2);
    shorter[name] = text;
    EXPECT_FALSE(kind.verify(mls::vectors::Fields(shorter)).ok())
        << name << " without its last byte";
  }
}

}  // namespace

Json MlsCase(TextCase& text) {
  // By hand and not by Json::unflatten, which takes an order for granted.
  Json made = Json::object();
  for (const std::string& name : text.Unread()) {
    made[Json::json_pointer("/" + name)] = ValueOf(name, text.Text(name));
  }
  return made;
}

std::string MlsCaseText(const Json& each) {
  std::string text;
  AppendLines(each, "", text);
  return text;
}

std::vector<Json> OwnMlsCases(absl::string_view kind) {
  std::vector<Json> cases;
  RunTextVectors(absl::StrCat("mls/", kind, ".txt"),
                 [&cases](TextCase& text) { cases.push_back(MlsCase(text)); });
  return cases;
}

Json FlipMlsBit(Json each, const Json::json_pointer& at, size_t byte) {
  Json& value = each[at];
  if (value.is_number()) {
    value = value.get<uint64_t>() ^ 1;
    return each;
  }
  const std::string text = value.get<std::string>();
  if (auto bytes = FromHex(text); bytes.ok()) {
    CORDON_CHECK(byte < bytes->size());
    (*bytes)[byte] ^= 0x08;
    value = ToHex(*bytes);
  } else {
    // A label: text, not hex.
    std::string other = text;
    other[0] = static_cast<char>(other[0] ^ 0x08);
    value = other;
  }
  return each;
}

void ExpectFlipsSeen(const mls::vectors::Kind& kind, const Json& each) {
  ASSERT_TRUE(kind.verify(mls::vectors::Fields(each)).ok());
  if (kind.name == "messages") return ExpectShapesSeen(kind, each);
  std::vector<Json::json_pointer> values;
  AppendValues(each, Json::json_pointer(), values);
  ASSERT_FALSE(values.empty());
  for (const Json::json_pointer& at : values) {
    const size_t size =
        each[at].is_string() ? each[at].get<std::string>().size() / 2 : 0;
    for (const size_t byte : std::set<size_t>{0, size / 2}) {
      if (MayGoUnseen(kind.name, each, at.to_string(), byte)) continue;
      ExpectSeen(kind, each, at, byte);
    }
  }
}

}  // namespace cordon::testing
