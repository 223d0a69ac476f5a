#ifndef CORDON_TESTS_REPLAY_PAPERS_H_
#define CORDON_TESTS_REPLAY_PAPERS_H_

// What rights holders hand over: a guide as a PDF document (libharu) with text
// and a picture, and a photo as PNG (libpng). Documents are of very different
// sizes, as real ones are.
// Threads: functions of their arguments; they write the files they are told to.

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "crypto/prim/hash.h"
#include "tests/replay/cast.h"
#include "tests/replay/dice.h"

namespace cordon::replay {

inline constexpr size_t kDocumentBytesMin = 50 * 1024;
inline constexpr size_t kDocumentBytesMax = 3 * 1024 * 1024;

struct Papers {
  std::string document;  // path
  std::string photo;     // path
};

// WritePapers makes both files in `folder`; the document is about as large as
// `document_bytes` says.
absl::StatusOr<Papers> WritePapers(const Organisation& owner,
                                   size_t document_bytes,
                                   const std::string& folder, Dice& dice);

// GuideJson is what goes with them: GUIDE of docs/json.md, complete at `now`.
nlohmann::json GuideJson(const Organisation& owner, absl::Time now);

// HashFile is the SHA-256 of a file's bytes.
absl::StatusOr<Digest> HashFile(const std::string& path);

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_PAPERS_H_
