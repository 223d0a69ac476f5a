#include "client/files/root_key_file.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "storage/vault/small_file.h"

namespace cordon::client {

absl::Status RootKeyFile::Write(ByteSpan file) {
  return vault::ReplaceFile(path_, file);
}

absl::StatusOr<Bytes> RootKeyFile::Read() {
  return vault::ReadSmallFile(path_);
}

absl::Status RootKeyFile::Erase() {
  return vault::RemoveFile(path_);
}

}  // namespace cordon::client
