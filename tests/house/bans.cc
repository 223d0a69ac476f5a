#include "tests/house/bans.h"

#include <cctype>
#include <cstddef>
#include <regex>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "tests/house/finding.h"
#include "tests/house/guards.h"
#include "tests/house/source.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

struct Ban {
  const char* word;
  const char* instead;
  const char* allowed;  // regex for the paths where it may stand; "" nowhere
};

// Cores compute: what they need is handed to them. The vector program is none:
// it lies beside what it verifies, and nothing links it.
constexpr char kNotInCores[] =
    "^(?!crypto/(?!mls/vectors/)|storage/(relay|vault)/|server/core/|client/"
    "core/)";

constexpr Ban kBans[] = {
    {"std::string_view", "absl::string_view", ""},
    {"<string_view>", "absl/strings/string_view.h", ""},
    {"memcmp(", "EqualsConstantTime for secrets, Equal for the rest", ""},
    {"strcpy(", "std::string", ""},
    {"strcat(", "absl::StrCat", ""},
    {"sprintf(", "absl::StrFormat", ""},
    {"snprintf(", "absl::StrFormat", ""},
    {"rand(", "RandomSource", ""},
    {"srand(", "RandomSource", ""},
    {"std::random_device", "RandomSource", ""},
    {"std::mt19937", "RandomSource", "^tests/"},
    {"std::mt19937_64", "RandomSource", "^tests/"},
    {"absl::Now()", "Clock", "^(crypto/base/clock\\.cc|tests/(bench|e2e)/)"},
    {"std::chrono::system_clock", "Clock", ""},
    {"time(nullptr)", "Clock", ""},
    {"gettimeofday(", "Clock", ""},
    {"[=]", "name what the lambda keeps", ""},
    {"[=,", "name what the lambda keeps", ""},
    {"throw", "return an absl::Status", ""},
    {"assert(", "CORDON_CHECK, or a Status if input can cause it", ""},
    {"std::async", "a lane with a mailbox", ""},
    {".detach()", "an owner that joins", ""},
    {"sleep_for(", "a Mailbox or a FakeClock", "^tests/(bench|e2e)/"},
    {"absl::SleepFor(", "a Mailbox or a FakeClock", "^tests/(bench|e2e)/"},
    {"usleep(", "a Mailbox or a FakeClock", ""},
    {"std::mutex", "cordon::Mutex", ""},
    {"std::shared_mutex", "cordon::Mutex", ""},
    {"std::condition_variable", "cordon::Mutex::AwaitWithDeadline", ""},
    {"std::lock_guard", "cordon::MutexLock", ""},
    {"std::unique_lock", "cordon::MutexLock", ""},
    {"absl::Mutex", "cordon::Mutex", "^crypto/base/mutex\\.h"},
    {"absl::Notification", "tests/support/notification.h, which TSan follows",
     ""},
    {"absl::BlockingCounter", "cordon::Mutex, which TSan follows", ""},
    {"absl::MutexLock", "cordon::MutexLock", ""},
    {"std::thread", "a lane or runner outside the core", kNotInCores},
    {"std::jthread", "a lane or runner outside the core", kNotInCores},
    {"<fstream>", "an interface handed in", kNotInCores},
    {"<filesystem>", "an interface handed in", kNotInCores},
    {"std::cout", "an event or a log line", kNotInCores},
    {"std::cerr", "LogError", kNotInCores},
    {"getenv(", "a flag or Config",
     "^(server/config\\.cc|server/main\\.cc|client/cli/main\\.cc|tests/)"},
    // The one door to a secret. key_file wraps the vault's key; storage/sqlite
    // keys the vault, and binds what goes into it, so that no store looks. The
    // relay reads its key file, keeps its own keys and hands TLS its own, as
    // the client does. An invitation is shown to who asked for it.
    {"ExposeSecret", "hand the secret to crypto/",
     "^(crypto/|storage/(sqlite/(db|statement)|vault/key_file)\\.|"
     "server/(data_folder|relay_keys|rpc/tls)\\.|client/net/tls\\.|"
     "client/cli/secret_text\\.|tests/)"},
};

struct Macro {
  const char* path;
  const char* names;  // regex
};

constexpr Macro kMacros[] = {
    {"crypto/base/check.h", "CORDON_D?CHECK"},
    {"crypto/base/status.h",
     "CORDON_(RETURN_IF_ERROR|ASSIGN_OR_RETURN_?|STATUS_CONCAT_(INNER_)?)"},
    {"crypto/base/mutex.h", "CORDON_TSAN_"},
    {"tests/support/status_matchers.h",
     "ASSERT_OK|EXPECT_OK|ASSERT_OK_AND_ASSIGN_?|CORDON_TEST_CONCAT_(INNER_)?"},
};

bool IsWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// True if `word` stands in `code` as a word of its own: sodium_memcmp( is no
// memcmp(, and absl::MutexLock no absl::Mutex.
bool Stands(absl::string_view word, absl::string_view code) {
  for (size_t at = code.find(word); at != absl::string_view::npos;
       at = code.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool starts =
        !IsWord(word.front()) || at == 0 || !IsWord(code[at - 1]);
    const bool ends =
        !IsWord(word.back()) || end == code.size() || !IsWord(code[end]);
    if (starts && ends) return true;
  }
  return false;
}

bool IsAllowed(const Ban& ban, const std::string& path) {
  return *ban.allowed != '\0' &&
         std::regex_search(path, std::regex(ban.allowed));
}

bool IsAllowedMacro(const std::string& path, const std::string& name) {
  if (name == GuardOf(path)) return true;
  for (const Macro& macro : kMacros) {
    if (path == macro.path && std::regex_match(name, std::regex(macro.names))) {
      return true;
    }
  }
  return false;
}

}  // namespace

Findings CheckBans(const Tree& tree) {
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    for (size_t i = 0; i < source.code().size(); ++i) {
      for (const Ban& ban : kBans) {
        if (!Stands(ban.word, source.code()[i]) || IsAllowed(ban, path)) {
          continue;
        }
        findings.push_back({.rule = "ban",
                            .subject = path,
                            .line = static_cast<int>(i) + 1,
                            .message = absl::StrCat("instead of ", ban.word,
                                                    " use: ", ban.instead)});
      }
    }
  }
  return findings;
}

Findings CheckMacros(const Tree& tree) {
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    for (size_t i = 0; i < source.code().size(); ++i) {
      absl::string_view code = absl::StripAsciiWhitespace(source.code()[i]);
      if (!absl::ConsumePrefix(&code, "#define ")) continue;
      size_t end = 0;
      while (end < code.size() && IsWord(code[end])) ++end;
      const std::string name(code.substr(0, end));
      if (IsAllowedMacro(path, name)) continue;
      findings.push_back(
          {.rule = "macro",
           .subject = path,
           .line = static_cast<int>(i) + 1,
           .message = absl::StrCat("no macros of our own: make ", name,
                                   " a constant or a function")});
    }
  }
  return findings;
}

Findings CheckNolint(const Tree& tree) {
  static const std::regex named("NOLINT(NEXTLINE|BEGIN|END)?\\([a-z]");
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    for (size_t i = 0; i < source.comments().size(); ++i) {
      const std::string& comment = source.comments()[i];
      if (!absl::StrContains(comment, "NOLINT") ||
          std::regex_search(comment, named)) {
        continue;
      }
      findings.push_back({.rule = "nolint",
                          .subject = path,
                          .line = static_cast<int>(i) + 1,
                          .message = "name the check: NOLINT(check): why"});
    }
  }
  return findings;
}

}  // namespace cordon::house
