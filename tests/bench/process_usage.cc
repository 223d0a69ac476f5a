#include "tests/bench/process_usage.h"

#include <sys/resource.h>
#include <sys/types.h>
#include <time.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include "crypto/base/check.h"

namespace cordon::bench {

absl::Duration CpuTime(pid_t pid) {
  clockid_t clock = 0;
  CORDON_CHECK(clock_getcpuclockid(pid, &clock) == 0);
  timespec used{};
  CORDON_CHECK(clock_gettime(clock, &used) == 0);
  return absl::DurationFromTimespec(used);
}

Usage UsageOf(pid_t pid, absl::FunctionRef<void()> work) {
  const absl::Duration cpu = CpuTime(pid);
  const int64_t start = Ticks();
  work();
  return {.seconds = static_cast<double>(Ticks() - start) / 1e9,
          .cpu = CpuTime(pid) - cpu};
}

int64_t ResidentKib(pid_t pid) {
  std::ifstream in(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(in, line);) {
    absl::string_view rest = line;
    if (!absl::ConsumePrefix(&rest, "VmRSS:")) continue;
    absl::ConsumeSuffix(&rest, "kB");
    int64_t kib = 0;
    CORDON_CHECK(absl::SimpleAtoi(rest, &kib));
    return kib;
  }
  CORDON_CHECK(false);
  return 0;
}

bool AllowOpenFiles(uint64_t files) {
  rlimit limit{};
  CORDON_CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = limit.rlim_max;
  CORDON_CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
  return limit.rlim_cur >= files;
}

int64_t Ticks() {
  timespec now{};
  CORDON_CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
  return absl::ToInt64Nanoseconds(absl::DurationFromTimespec(now));
}

}  // namespace cordon::bench
