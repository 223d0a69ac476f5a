#ifndef CORDON_STORAGE_BLOBS_BLOB_FILES_H_
#define CORDON_STORAGE_BLOBS_BLOB_FILES_H_

// Ciphertext files, one a blob, in one folder: the relay's store and the
// device's cache. START HERE for files. They hold only what crypto/blob sealed;
// nothing here knows a key.
//
// A file grows as ID.part and gets its name ID when it is whole: written,
// synced, hashed, renamed, folder synced. So whatever is called ID is complete,
// after a power cut too. How far a part is synced is for the caller to keep
// (relay/blob_store.h, the vault): after a power cut a file may be longer than
// what was synced, with bytes nobody wrote.
//
// Threads: different blobs from different threads; one blob from one at a time.
// Memory: kPieceBytes at a time, whatever the file's size.
// Lifetime: the FileSystem outlives BlobFiles and what it gives.
// Errors: kNotFound; kAlreadyExists to write what is complete;
// kFailedPrecondition for an offset that is not the end; kDataLoss for a part
// that is shorter than was synced; and what file_system.h says.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"
#include "storage/blobs/file_system.h"

namespace cordon::blobs {

// What one read of a file brings into memory when it is hashed.
inline constexpr size_t kPieceBytes = size_t{64} * 1024;

// BlobWriter is one blob that grows. Its end keeps the part for a resume.
class BlobWriter {
 public:
  BlobWriter(BlobWriter&&) noexcept = default;
  BlobWriter& operator=(BlobWriter&&) noexcept = default;

  uint64_t size_bytes() const { return size_bytes_; }

  // Append writes at the end, which must be `offset`. On failure the size stays
  // as it was, and the same bytes may be tried again.
  absl::Status Append(uint64_t offset, ByteSpan bytes);

  // Sync returns when all of size_bytes() survives a power cut.
  absl::Status Sync();

  // Finish makes the file complete and gives the SHA-256 of all of it. Called
  // last; after an error the part may be resumed.
  absl::StatusOr<Digest> Finish();

 private:
  friend class BlobFiles;

  struct Place {
    FileSystem* files = nullptr;
    std::string folder;
    std::string part;
    std::string name;
  };
  BlobWriter(Place place, std::unique_ptr<File> file, uint64_t size_bytes);

  Place place_;
  std::unique_ptr<File> file_;
  uint64_t size_bytes_;
  bool name_synced_ = false;
};

// BlobReader is one complete blob; a Delete meanwhile does not disturb it.
class BlobReader {
 public:
  BlobReader(BlobReader&&) noexcept = default;
  BlobReader& operator=(BlobReader&&) noexcept = default;

  uint64_t size_bytes() const { return size_bytes_; }

  // Read gives `size` bytes from `offset`, less only at the end of the file.
  absl::StatusOr<Bytes> Read(uint64_t offset, size_t size);

 private:
  friend class BlobFiles;

  BlobReader(std::unique_ptr<File> file, uint64_t size_bytes)
      : file_(std::move(file)), size_bytes_(size_bytes) {}

  std::unique_ptr<File> file_;
  uint64_t size_bytes_;
};

class BlobFiles {
 public:
  // Open makes the folder if there is none.
  static absl::StatusOr<BlobFiles> Open(FileSystem* files, std::string folder);

  // Write begins a blob, or resumes it behind the `synced_bytes` that an
  // earlier Sync made safe; what lies after them is cut off.
  absl::StatusOr<BlobWriter> Write(BlobId blob, uint64_t synced_bytes);

  absl::StatusOr<BlobReader> Read(BlobId blob);
  bool IsComplete(BlobId blob) const;
  // BytesHere is how long the blob's file is, complete or a part; 0 for none.
  absl::StatusOr<uint64_t> BytesHere(BlobId blob);

  // Hash reads a complete blob again: for a program that ended between Finish
  // and keeping its answer.
  absl::StatusOr<Digest> Hash(BlobId blob);

  // Delete removes the blob, complete or not; one that is not there is fine.
  absl::Status Delete(BlobId blob);

  // List gives all blobs, complete or not: to find what no row knows any more.
  absl::StatusOr<std::vector<BlobId>> List();

 private:
  BlobFiles(FileSystem* files, std::string folder)
      : files_(files), folder_(std::move(folder)) {}
  std::string NameOf(BlobId blob) const;
  std::string PartOf(BlobId blob) const;

  FileSystem* files_;
  std::string folder_;
};

}  // namespace cordon::blobs

#endif  // CORDON_STORAGE_BLOBS_BLOB_FILES_H_
