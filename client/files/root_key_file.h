#ifndef CORDON_CLIENT_FILES_ROOT_KEY_FILE_H_
#define CORDON_CLIENT_FILES_ROOT_KEY_FILE_H_

// The root key file of a profile: root.key beside the vault, readable by its
// owner alone. What is in it, and its encryption, is crypto/cert's business.
// Threads: one at a time.
// Errors: as storage/vault/small_file.h; kNotFound from Read when this profile
// holds no root key.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/parts.h"
#include "crypto/base/bytes.h"

namespace cordon::client {

class RootKeyFile final : public RootKeyShelf {
 public:
  // `folder` is the profile's and exists when the first call comes.
  explicit RootKeyFile(const std::string& folder)
      : path_(folder + "/root.key") {}

  absl::Status Write(ByteSpan file) override;
  absl::StatusOr<Bytes> Read() override;
  absl::Status Erase() override;

 private:
  const std::string path_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_FILES_ROOT_KEY_FILE_H_
