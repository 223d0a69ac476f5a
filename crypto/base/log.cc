#include "crypto/base/log.h"

#include <sodium.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/sodium_init.h"

namespace cordon {
namespace {

std::atomic<LogLevel> lowest_level{LogLevel::kInfo};

char LevelLetter(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return 'I';
    case LogLevel::kWarning:
      return 'W';
    case LogLevel::kError:
      return 'E';
  }
  return '?';
}

using Salt = std::array<uint8_t, crypto_shorthash_KEYBYTES>;

const Salt& RunSalt() {
  static const Salt& salt = *[] {
    InitSodium();
    auto* fresh = new Salt;
    crypto_shorthash_keygen(fresh->data());
    return fresh;
  }();
  return salt;
}

}  // namespace

void SetLogLevel(LogLevel level) {
  lowest_level = level;
}

void LogLine(LogLevel level, absl::string_view text) {
  if (level < lowest_level.load()) return;
  const std::string line =
      absl::StrCat(std::string(1, LevelLetter(level)), " ",
                   absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", SystemClock().Now(),
                                    absl::UTCTimeZone()),
                   " ", text, "\n");
  // One call, so that lines of several threads do not mix. A log that cannot
  // be written has nowhere to be reported.
  (void)std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string Alias(ByteSpan id) {
  std::array<uint8_t, crypto_shorthash_BYTES> hash{};
  crypto_shorthash(hash.data(), id.data(), id.size(), RunSalt().data());
  return ToHex(ByteSpan(hash).first(3));
}

}  // namespace cordon
