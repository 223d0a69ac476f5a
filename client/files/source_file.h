#ifndef CORDON_CLIENT_FILES_SOURCE_FILE_H_
#define CORDON_CLIENT_FILES_SOURCE_FILE_H_

// A person's file that is being read, once, from its start to its end.
//
// Its length is fixed when it is opened and judged before a byte is read. That
// it stayed the file it was is asked at the end: what was read then is one
// state of one file.
// Threads: one at a time.
// Errors: kInvalidArgument for what is empty or no plain file,
// kResourceExhausted over the limit, kFailedPrecondition when it changed or
// went away meanwhile, and file_trouble.h's.

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "storage/blobs/descriptor.h"

namespace cordon::client {

class SourceFile {
 public:
  static absl::StatusOr<SourceFile> Open(std::string path, uint64_t bytes_max);

  uint64_t size_bytes() const { return static_cast<uint64_t>(about_.st_size); }
  // The last part of the path.
  std::string name() const;

  // Read fills all of `out` with what comes next.
  absl::Status Read(MutableByteSpan out);
  // CheckUnchanged is for after the last Read: the path still names this very
  // file, with the length and the time of change that it had.
  absl::Status CheckUnchanged() const;

 private:
  SourceFile(std::string path, blobs::Descriptor file, const struct stat& about)
      : path_(std::move(path)), file_(std::move(file)), about_(about) {}
  absl::Status Changed() const;

  std::string path_;
  blobs::Descriptor file_;
  struct stat about_;  // as it was when it was opened
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_FILES_SOURCE_FILE_H_
