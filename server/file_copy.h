#ifndef CORDON_SERVER_FILE_COPY_H_
#define CORDON_SERVER_FILE_COPY_H_

// Copies of files for backup and restore, and the list that says whether they
// are whole: SHA256SUMS, one line a file, which `sha256sum -c` checks too.
//
// Threads: the caller's. Memory: one piece of a file.
// Errors: kAlreadyExists for a target that is there; kDataLoss for a list or a
// file that is not what it was; and what storage/blobs/file_system.h says. The
// sentences name the file.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/prim/hash.h"

namespace cordon::server {

inline constexpr char kSumsName[] = "SHA256SUMS";

struct Sum {
  std::string name;  // relative to the list's folder
  Digest digest{};
};

// CopyFile makes `to`, synced, and gives the digest of what it copied.
absl::StatusOr<Digest> CopyFile(const std::string& from, const std::string& to);

absl::StatusOr<Digest> DigestOf(const std::string& path);

// WriteSums makes folder/SHA256SUMS, synced; ReadSums reads it.
absl::Status WriteSums(const std::string& folder, const std::vector<Sum>& sums);
absl::StatusOr<std::vector<Sum>> ReadSums(const std::string& folder);

// SyncNames makes the names in a folder survive a power cut.
absl::Status SyncNames(const std::string& folder);

}  // namespace cordon::server

#endif  // CORDON_SERVER_FILE_COPY_H_
