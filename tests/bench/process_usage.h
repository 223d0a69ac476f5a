#ifndef CORDON_TESTS_BENCH_PROCESS_USAGE_H_
#define CORDON_TESTS_BENCH_PROCESS_USAGE_H_

// What another process of ours has used so far.
// Threads: any. A process that is gone ends the program: nothing measured of
// it would be true.

#include <sys/types.h>

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"

namespace cordon::bench {

// CpuTime is user and system time together, finer than the ticks of /proc.
absl::Duration CpuTime(pid_t pid);
// UsageOf says what `work` took, and what the process used meanwhile.
struct Usage {
  double seconds = 0;
  absl::Duration cpu;
};
Usage UsageOf(pid_t pid, absl::FunctionRef<void()> work);
// ResidentKib is what lies in RAM now.
int64_t ResidentKib(pid_t pid);

// AllowOpenFiles raises this process's limit to the hard one, for it and the
// processes it starts; false if that leaves fewer than `files`.
bool AllowOpenFiles(uint64_t files);

// Ticks is a clock that is never set: nanoseconds since the machine started.
int64_t Ticks();

}  // namespace cordon::bench

#endif  // CORDON_TESTS_BENCH_PROCESS_USAGE_H_
