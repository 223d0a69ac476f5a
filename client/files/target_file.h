#ifndef CORDON_CLIENT_FILES_TARGET_FILE_H_
#define CORDON_CLIENT_FILES_TARGET_FILE_H_

// A file that is being opened into a person's folder. It grows under a hidden
// name there, readable by its owner alone, and gets its own name when Keep is
// called: whole, on disk, over nothing that was there. Dropped before that, it
// leaves nothing.
// Threads: one at a time.
// Errors: kFailedPrecondition when the name is taken, and file_trouble.h's.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "storage/blobs/descriptor.h"

namespace cordon::client {

class TargetFile {
 public:
  // Create makes `folder` if its parent is there.
  static absl::StatusOr<TargetFile> Create(const std::string& folder,
                                           const std::string& name,
                                           RandomSource& random);
  TargetFile(TargetFile&& other) noexcept;
  TargetFile(const TargetFile&) = delete;
  TargetFile& operator=(const TargetFile&) = delete;
  TargetFile& operator=(TargetFile&&) = delete;
  ~TargetFile();

  const std::string& path() const { return path_; }

  absl::Status Write(ByteSpan bytes);
  // Keep is called last.
  absl::Status Keep();

 private:
  TargetFile(std::string folder, std::string temporary, std::string path,
             blobs::Descriptor file);
  // TakeName gives the file its name unless somebody took it meanwhile.
  absl::Status TakeName() const;

  std::string folder_;
  std::string temporary_;  // empty: kept, or moved from
  std::string path_;
  blobs::Descriptor file_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_FILES_TARGET_FILE_H_
