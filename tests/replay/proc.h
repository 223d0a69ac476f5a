#ifndef CORDON_TESTS_REPLAY_PROC_H_
#define CORDON_TESTS_REPLAY_PROC_H_

// What Linux tells of a running program and of the machine.
// Threads: any. Zero stands for what cannot be read.

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace cordon::replay {

// The most memory it ever had in RAM.
uint64_t PeakMemoryKib(pid_t pid);
absl::Duration CpuOf(pid_t pid);
// What went over the loopback interface since the machine started.
uint64_t LoopbackBytes();
// The sizes of all files below a folder.
uint64_t FolderBytes(const std::string& folder);

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_PROC_H_
