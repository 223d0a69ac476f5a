#ifndef CORDON_TESTS_E2E_MARKER_SEARCH_H_
#define CORDON_TESTS_E2E_MARKER_SEARCH_H_

// Looks for byte strings in files and in the memory of a running program, as an
// operator of the machine could.
// Threads: any.

#include <sys/types.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace cordon::e2e {

struct Searched {
  uint64_t bytes = 0;           // how much was looked at
  std::set<std::string> found;  // those of the markers that stand in it
};

// SearchFolder reads every file below a folder; SearchFile one.
absl::StatusOr<Searched> SearchFolder(const std::string& folder,
                                      const std::vector<std::string>& markers);
absl::StatusOr<Searched> SearchFile(const std::string& path,
                                    const std::vector<std::string>& markers);

// SearchMemory reads all mapped memory of a process: what a core image of it
// would hold. kPermissionDenied if the kernel does not let us.
absl::StatusOr<Searched> SearchMemory(pid_t pid,
                                      const std::vector<std::string>& markers);

}  // namespace cordon::e2e

#endif  // CORDON_TESTS_E2E_MARKER_SEARCH_H_
