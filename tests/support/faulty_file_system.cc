#include "tests/support/faulty_file_system.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "storage/blobs/file_system.h"
#include "tests/support/faulty_files.h"

namespace cordon::testing {
namespace {

class FaultyFile final : public blobs::File {
 public:
  FaultyFile(FaultyFiles* files, std::string name)
      : files_(files), name_(std::move(name)) {}

  absl::StatusOr<uint64_t> Size() override { return files_->Size(name_); }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, MutableByteSpan out) override {
    CORDON_ASSIGN_OR_RETURN(const Bytes bytes,
                            files_->Read(name_, offset, out.size()));
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return bytes.size();
  }
  absl::Status WriteAt(uint64_t offset, ByteSpan bytes) override {
    return files_->Write(name_, offset, bytes);
  }
  absl::Status Truncate(uint64_t size) override {
    return files_->Truncate(name_, size);
  }
  absl::Status Sync() override { return files_->Sync(name_); }

 private:
  FaultyFiles* const files_;
  const std::string name_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<blobs::File>> FaultyFileSystem::OpenForWriting(
    const std::string& path) {
  CORDON_RETURN_IF_ERROR(files_->Create(path));
  return std::make_unique<FaultyFile>(files_, path);
}

absl::StatusOr<std::unique_ptr<blobs::File>> FaultyFileSystem::OpenForReading(
    const std::string& path) {
  CORDON_RETURN_IF_ERROR(files_->Size(path).status());
  return std::make_unique<FaultyFile>(files_, path);
}

bool FaultyFileSystem::Exists(const std::string& path) {
  return files_->Exists(path);
}

absl::Status FaultyFileSystem::Rename(const std::string& from,
                                      const std::string& to) {
  return files_->Rename(from, to);
}

absl::Status FaultyFileSystem::Remove(const std::string& path) {
  return files_->Remove(path);
}

absl::Status FaultyFileSystem::MakeFolder(const std::string& /*path*/) {
  return absl::OkStatus();
}

absl::Status FaultyFileSystem::SyncFolder(const std::string& /*path*/) {
  return files_->SyncFolder();
}

absl::StatusOr<std::vector<std::string>> FaultyFileSystem::List(
    const std::string& /*path*/) {
  std::vector<std::string> names = files_->Names();
  for (std::string& name : names) {
    name = name.substr(name.rfind('/') + 1);
  }
  return names;
}

}  // namespace cordon::testing
