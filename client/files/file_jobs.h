#ifndef CORDON_CLIENT_FILES_FILE_JOBS_H_
#define CORDON_CLIENT_FILES_FILE_JOBS_H_

// Sealing a file into the cache and opening one out of it, a piece at a time:
// memory is bounded by a piece, and whoever steps several jobs in turn lets
// none wait for another's end.
//
// A job that is dropped before its Finish, or fails, leaves nothing behind.
// Threads: one at a time, the cache's.
// Lifetime: cache and random outlive the job.
// Errors: as client/core/file_lane.h; after an error the job is only dropped.

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/file_lane.h"
#include "client/files/blob_cache.h"
#include "client/files/source_file.h"
#include "client/files/target_file.h"
#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/blob/blob_cipher.h"

namespace cordon::client {

class SealJob {
 public:
  static absl::StatusOr<std::unique_ptr<SealJob>> Begin(BlobCache* cache,
                                                        RandomSource& random,
                                                        std::string path,
                                                        uint64_t bytes_max);
  SealJob(const SealJob&) = delete;
  SealJob& operator=(const SealJob&) = delete;
  ~SealJob();

  bool done() const { return sealer_.done(); }
  // Bytes of the file, read and all.
  uint64_t done_bytes() const { return read_bytes_; }
  uint64_t total_bytes() const { return source_.size_bytes(); }

  // Step reads, seals and writes one piece; not after done().
  absl::Status Step();
  // Finish, once done(), proves that the source stayed as it was, has the
  // ciphertext on disk under its name, and hands out the key.
  absl::StatusOr<SealedFile> Finish();

 private:
  SealJob(BlobCache* cache, SourceFile source, blob::BlobSealer sealer);

  BlobCache* const cache_;
  SourceFile source_;
  blob::BlobSealer sealer_;
  uint64_t read_bytes_ = 0;
  uint64_t written_bytes_ = 0;  // of the ciphertext
  Bytes piece_;                 // of the file
  std::string media_type_;
  bool kept_ = false;
};

class OpenJob {
 public:
  static absl::StatusOr<std::unique_ptr<OpenJob>> Begin(BlobCache* cache,
                                                        RandomSource& random,
                                                        OpenFileCall call);
  OpenJob(const OpenJob&) = delete;
  OpenJob& operator=(const OpenJob&) = delete;

  bool done() const { return opener_.done(); }
  uint64_t done_bytes() const { return written_bytes_; }
  uint64_t total_bytes() const { return call_.ref.plaintext_bytes(); }

  // Step opens and writes one piece; kDataLoss for one that does not open.
  absl::Status Step();
  // Finish, once done() and so with the right digest, gives the file its name.
  absl::StatusOr<WrittenFile> Finish();

 private:
  OpenJob(BlobCache* cache, OpenFileCall call, blob::BlobOpener opener,
          TargetFile target);

  BlobCache* const cache_;
  const OpenFileCall call_;
  blob::BlobOpener opener_;
  TargetFile target_;
  uint64_t read_bytes_ = 0;     // of the ciphertext
  uint64_t written_bytes_ = 0;  // of the file
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_FILES_FILE_JOBS_H_
