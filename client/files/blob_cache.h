#ifndef CORDON_CLIENT_FILES_BLOB_CACHE_H_
#define CORDON_CLIENT_FILES_BLOB_CACHE_H_

// The device's sealed blob cache: what storage/blobs/blob_files.h keeps, for a
// caller that names a blob with every call. It remembers the parts that are
// growing and the blob that was read last, so that not every chunk opens a
// file. The folder is made by the first call.
//
// A part's bytes are safe against a power cut only once Complete has returned;
// that they are the right ones, crypto/blob finds out.
// Threads: one at a time. Lifetime: the FileSystem outlives it.
// Errors: as blob_files.h.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"
#include "storage/blobs/blob_files.h"
#include "storage/blobs/file_system.h"

namespace cordon::client {

class BlobCache {
 public:
  // More growing parts than this are not kept open.
  static constexpr size_t kOpenPartsMax = 16;

  BlobCache(blobs::FileSystem* files, std::string folder)
      : files_(files), folder_(std::move(folder)) {}
  BlobCache(const BlobCache&) = delete;
  BlobCache& operator=(const BlobCache&) = delete;

  absl::StatusOr<uint64_t> Size(BlobId blob);
  absl::StatusOr<Bytes> Read(BlobId blob, uint64_t offset, size_t bytes_max);
  absl::Status Append(BlobId blob, uint64_t offset, ByteSpan bytes);
  // Complete is kFailedPrecondition, and changes nothing, for another length.
  absl::StatusOr<Digest> Complete(BlobId blob, uint64_t size_bytes);
  absl::Status Erase(BlobId blob);
  absl::StatusOr<std::vector<BlobId>> List();

 private:
  struct LastRead {
    BlobId blob;
    blobs::BlobReader reader;
  };

  absl::StatusOr<blobs::BlobFiles*> Blobs();
  // Part gives the blob's growing file with `offset` as its end.
  absl::StatusOr<blobs::BlobWriter*> Part(BlobId blob, uint64_t offset);

  blobs::FileSystem* const files_;
  const std::string folder_;
  std::optional<blobs::BlobFiles> blobs_;
  std::map<BlobId, blobs::BlobWriter> parts_;
  std::optional<LastRead> last_read_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_FILES_BLOB_CACHE_H_
