#ifndef CORDON_STORAGE_VAULT_SMALL_FILE_H_
#define CORDON_STORAGE_VAULT_SMALL_FILE_H_

// Files that are read and replaced whole, readable by their owner alone.
// Threads: any, one at a time for one path.
// Errors: kNotFound; kResourceExhausted when the disk is full;
// kPermissionDenied; kUnavailable for the rest.

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"

namespace cordon::vault {

inline constexpr size_t kSmallFileBytesMax = 64 * 1024;

// ReadSmallFile is kDataLoss for a file beyond kSmallFileBytesMax: we never
// wrote one.
absl::StatusOr<Bytes> ReadSmallFile(const std::string& path);

// ReplaceFile writes `path`.tmp, syncs it, renames it over `path` and syncs
// the folder: after a crash there is the old content or the new.
absl::Status ReplaceFile(const std::string& path, ByteSpan content);

// RenameFile renames within a folder and syncs it.
absl::Status RenameFile(const std::string& from, const std::string& to);

// RemoveFile is OK when there is no such file.
absl::Status RemoveFile(const std::string& path);

bool FileExists(const std::string& path);

// FileLock holds a file, made if need be, against every other FileLock, in this
// program and others; the system lets go of it when the program dies.
class FileLock {
 public:
  // Take is kFailedPrecondition when somebody else holds it.
  static absl::StatusOr<FileLock> Take(const std::string& path);

  FileLock(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}

  int fd_;  // -1 when moved from
};

// MakeFolder makes `path`, for its owner alone; OK if it is a folder already.
absl::Status MakeFolder(const std::string& path);

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_SMALL_FILE_H_
