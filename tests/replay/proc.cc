#include "tests/replay/proc.h"

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace cordon::replay {
namespace {

// Fields of /proc/PID/stat after the name in brackets, from 0.
constexpr size_t kUserTicks = 11;
constexpr size_t kSystemTicks = 12;

uint64_t FirstNumber(absl::string_view text) {
  for (const absl::string_view word :
       absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty())) {
    uint64_t number = 0;
    if (absl::SimpleAtoi(word, &number)) return number;
  }
  return 0;
}

}  // namespace

uint64_t PeakMemoryKib(pid_t pid) {
  std::ifstream in(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(in, line);) {
    absl::string_view rest = line;
    if (absl::ConsumePrefix(&rest, "VmHWM:")) return FirstNumber(rest);
  }
  return 0;
}

absl::Duration CpuOf(pid_t pid) {
  std::ifstream in(absl::StrCat("/proc/", pid, "/stat"));
  std::string line;
  std::getline(in, line);
  const size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return absl::ZeroDuration();
  const std::vector<std::string> fields =
      absl::StrSplit(line.substr(name_end + 2), ' ');
  uint64_t user = 0;
  uint64_t system = 0;
  if (fields.size() <= kSystemTicks ||
      !absl::SimpleAtoi(fields[kUserTicks], &user) ||
      !absl::SimpleAtoi(fields[kSystemTicks], &system)) {
    return absl::ZeroDuration();
  }
  return absl::Seconds(1) * static_cast<double>(user + system) /
         static_cast<double>(sysconf(_SC_CLK_TCK));
}

uint64_t LoopbackBytes() {
  std::ifstream in("/sys/class/net/lo/statistics/tx_bytes");
  std::string line;
  std::getline(in, line);
  return FirstNumber(line);
}

uint64_t FolderBytes(const std::string& folder) {
  uint64_t bytes = 0;
  std::error_code error;
  std::filesystem::recursive_directory_iterator at(folder, error);
  for (; !error && at != std::filesystem::recursive_directory_iterator();
       at.increment(error)) {
    std::error_code gone;
    if (at->is_regular_file(gone)) bytes += at->file_size(gone);
  }
  return bytes;
}

}  // namespace cordon::replay
