#ifndef CORDON_TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_
#define CORDON_TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_

// Puts a FaultyFiles under storage/blobs. There is one folder: SyncFolder syncs
// every name, and List gives what stands behind the last slash.
// Threads: none. Lifetime: the FaultyFiles outlives it.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/blobs/file_system.h"
#include "tests/support/faulty_files.h"

namespace cordon::testing {

class FaultyFileSystem final : public blobs::FileSystem {
 public:
  explicit FaultyFileSystem(FaultyFiles* files) : files_(files) {}

  absl::StatusOr<std::unique_ptr<blobs::File>> OpenForWriting(
      const std::string& path) override;
  absl::StatusOr<std::unique_ptr<blobs::File>> OpenForReading(
      const std::string& path) override;
  bool Exists(const std::string& path) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status MakeFolder(const std::string& path) override;
  absl::Status SyncFolder(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(
      const std::string& path) override;

 private:
  FaultyFiles* const files_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_
