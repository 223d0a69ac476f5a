// make_mls_cases DIR: writes the MLS cases of our own making, a file a kind.
// make_mls_cases --check DIR: changes nothing; exit 1 if a file is not what
// would be written.

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "tests/support/mls_cases.h"
#include "tests/vectors/mls_makers.h"

namespace cordon::testing {
namespace {

constexpr struct {
  const char* kind;
  Cases (*make)();
} kMakers[] = {
    {"crypto-basics", MakeCryptoBasics},
    {"deserialization", MakeDeserialization},
    {"key-schedule", MakeKeySchedule},
    {"message-protection", MakeMessageProtection},
    {"messages", MakeMessages},
    {"passive-client-handling-commit", MakePassiveClientHandlingCommit},
    {"passive-client-welcome", MakePassiveClientWelcome},
    {"psk_secret", MakePskSecret},
    {"secret-tree", MakeSecretTree},
    {"transcript-hashes", MakeTranscriptHashes},
    {"tree-math", MakeTreeMath},
    {"tree-operations", MakeTreeOperations},
    {"tree-validation", MakeTreeValidation},
    {"treekem", MakeTreeKem},
    {"welcome", MakeWelcome},
};

std::string TextOf(absl::string_view kind, const Cases& cases) {
  std::string text = absl::StrCat("# MLS, kind ", kind,
                                  ". Made by make_mls_cases; not by hand.\n");
  for (const Json& each : cases) {
    absl::StrAppend(&text, "\n", MlsCaseText(each));
  }
  return text;
}

bool IsWhatLies(const std::string& path, const std::string& text) {
  std::ifstream in(path);
  const std::string lies((std::istreambuf_iterator<char>(in)),
                         std::istreambuf_iterator<char>());
  if (lies == text) return true;
  std::cout << path << ": not what make_mls_cases writes\n";
  return false;
}

bool Run(bool check, const std::string& folder) {
  bool good = true;
  for (const auto& [kind, make] : kMakers) {
    const std::string path = absl::StrCat(folder, "/", kind, ".txt");
    const std::string text = TextOf(kind, make());
    if (check) {
      good = IsWhatLies(path, text) && good;
    } else {
      good = static_cast<bool>(std::ofstream(path) << text) && good;
    }
  }
  return good;
}

}  // namespace
}  // namespace cordon::testing

int main(int argc, char** argv) {
  const bool check = argc == 3 && absl::string_view(argv[1]) == "--check";
  if (argc != 2 && !check) {
    std::cerr << "usage: make_mls_cases [--check] DIR\n";
    return 2;
  }
  return cordon::testing::Run(check, argv[argc - 1]) ? 0 : 1;
}
