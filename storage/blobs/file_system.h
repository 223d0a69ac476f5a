#ifndef CORDON_STORAGE_BLOBS_FILE_SYSTEM_H_
#define CORDON_STORAGE_BLOBS_FILE_SYSTEM_H_

// The few things that blob files ask of a disk: an interface, so that tests can
// put one there that fills up and stops, and the one real implementation.
//
// Threads: a FileSystem may be used from any thread, a File from one at a time.
// Errors: kNotFound; kResourceExhausted when the disk is full; kUnavailable for
// anything else that the system says. A write that fails may have written a
// part; nothing else changes anything when it fails.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"

namespace cordon::blobs {

// File is an open file; its end closes it, and syncs nothing.
class File {
 public:
  virtual ~File() = default;

  virtual absl::StatusOr<uint64_t> Size() = 0;
  // ReadAt fills `out` and gives how much it could, less only at the end.
  virtual absl::StatusOr<size_t> ReadAt(uint64_t offset,
                                        MutableByteSpan out) = 0;
  virtual absl::Status WriteAt(uint64_t offset, ByteSpan bytes) = 0;
  virtual absl::Status Truncate(uint64_t size) = 0;
  // Sync returns when the bytes survive a power cut; the name may need
  // SyncFolder.
  virtual absl::Status Sync() = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // OpenForWriting makes the file, for its owner alone, if there is none.
  virtual absl::StatusOr<std::unique_ptr<File>> OpenForWriting(
      const std::string& path) = 0;
  virtual absl::StatusOr<std::unique_ptr<File>> OpenForReading(
      const std::string& path) = 0;
  virtual bool Exists(const std::string& path) = 0;
  // Rename replaces what is called `to`, at once or not at all.
  virtual absl::Status Rename(const std::string& from,
                              const std::string& to) = 0;
  virtual absl::Status Remove(const std::string& path) = 0;

  // MakeFolder is fine with a folder that is there.
  virtual absl::Status MakeFolder(const std::string& path) = 0;
  // SyncFolder returns when the names in it survive a power cut.
  virtual absl::Status SyncFolder(const std::string& path) = 0;
  // List gives the names in a folder, in no order.
  virtual absl::StatusOr<std::vector<std::string>> List(
      const std::string& path) = 0;
};

// SystemFiles is the operating system's disk (POSIX).
FileSystem& SystemFiles();

}  // namespace cordon::blobs

#endif  // CORDON_STORAGE_BLOBS_FILE_SYSTEM_H_
