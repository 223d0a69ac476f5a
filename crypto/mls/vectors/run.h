#ifndef CORDON_CRYPTO_MLS_VECTORS_RUN_H_
#define CORDON_CRYPTO_MLS_VECTORS_RUN_H_

// Running a folder of vector files and reporting on it: a line a file, and for
// a file with failures one more that says what differed first.
//
// Only *.json are vector files; whatever else lies in the folder is left alone.
// Threads: none. Reads files, so it is part of a program and of no core.

#include <cstddef>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"

namespace cordon::mls::vectors {

struct FileReport {
  size_t passed = 0;
  size_t failed = 0;
  // Of cipher suites that are not ours.
  size_t skipped = 0;
  // What differed first, and in which case; empty if none failed.
  std::string first_difference;

  // A file in which nothing was verified proves nothing.
  bool ok() const { return failed == 0 && passed > 0; }
};

// RunCases verifies all cases of one file.
FileReport RunCases(const Kind& kind, const Json& cases);

// RunFolder writes a line for every *.json in `folder` and is true if all of
// them are known and ok and there is at least one.
bool RunFolder(const std::string& folder, std::ostream& out);

}  // namespace cordon::mls::vectors

#endif  // CORDON_CRYPTO_MLS_VECTORS_RUN_H_
