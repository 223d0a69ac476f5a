#include "storage/blobs/file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "storage/blobs/descriptor.h"

namespace cordon::blobs {
namespace {

constexpr mode_t kOwnerOnlyFile = 0600;

// Paths hold blob ids; they stay out of messages.
absl::Status ErrorFrom(int error, absl::string_view doing) {
  const std::string text = absl::StrCat("files: ", doing, ": ",
                                        std::generic_category().message(error));
  switch (error) {
    case ENOENT:
      return absl::NotFoundError(text);
    case ENOSPC:
    case EDQUOT:  // NOLINT(misc-include-cleaner): <cerrno> has it on POSIX
    case EFBIG:
      return absl::ResourceExhaustedError(text);
    default:
      return absl::UnavailableError(text);
  }
}

absl::StatusOr<Descriptor> Open(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, kOwnerOnlyFile);
  if (fd < 0) return ErrorFrom(errno, "open");
  return Descriptor(fd);
}

absl::Status SyncDescriptor(const Descriptor& descriptor) {
  if (::fsync(descriptor.get()) != 0) return ErrorFrom(errno, "sync");
  return absl::OkStatus();
}

class PosixFile final : public File {
 public:
  explicit PosixFile(Descriptor descriptor)
      : descriptor_(std::move(descriptor)) {}

  absl::StatusOr<uint64_t> Size() override {
    struct stat about{};
    if (::fstat(descriptor_.get(), &about) != 0) {
      return ErrorFrom(errno, "size");
    }
    return static_cast<uint64_t>(about.st_size);
  }

  absl::StatusOr<size_t> ReadAt(uint64_t offset, MutableByteSpan out) override {
    size_t done = 0;
    while (done < out.size()) {
      const ssize_t got =
          ::pread(descriptor_.get(), out.data() + done, out.size() - done,
                  static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return ErrorFrom(errno, "read");
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    return done;
  }

  absl::Status WriteAt(uint64_t offset, ByteSpan bytes) override {
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t put =
          ::pwrite(descriptor_.get(), bytes.data() + done, bytes.size() - done,
                   static_cast<off_t>(offset + done));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return ErrorFrom(errno, "write");
      done += static_cast<size_t>(put);
    }
    return absl::OkStatus();
  }

  absl::Status Truncate(uint64_t size) override {
    if (::ftruncate(descriptor_.get(), static_cast<off_t>(size)) != 0) {
      return ErrorFrom(errno, "truncate");
    }
    return absl::OkStatus();
  }

  absl::Status Sync() override { return SyncDescriptor(descriptor_); }

 private:
  const Descriptor descriptor_;
};

class PosixFileSystem final : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<File>> OpenForWriting(
      const std::string& path) override {
    return OpenWith(path, O_RDWR | O_CREAT);
  }

  absl::StatusOr<std::unique_ptr<File>> OpenForReading(
      const std::string& path) override {
    return OpenWith(path, O_RDONLY);
  }

  bool Exists(const std::string& path) override {
    return ::access(path.c_str(), F_OK) == 0;
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) {
      return ErrorFrom(errno, "rename");
    }
    return absl::OkStatus();
  }

  absl::Status Remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return ErrorFrom(errno, "remove");
    return absl::OkStatus();
  }

  absl::Status MakeFolder(const std::string& path) override {
    constexpr mode_t kOwnerOnlyFolder = 0700;
    if (::mkdir(path.c_str(), kOwnerOnlyFolder) != 0 && errno != EEXIST) {
      return ErrorFrom(errno, "make the folder");
    }
    return absl::OkStatus();
  }

  absl::Status SyncFolder(const std::string& path) override {
    CORDON_ASSIGN_OR_RETURN(const Descriptor folder,
                            Open(path, O_RDONLY | O_DIRECTORY));
    return SyncDescriptor(folder);
  }

  absl::StatusOr<std::vector<std::string>> List(
      const std::string& path) override {
    std::error_code error;
    std::filesystem::directory_iterator entry(path, error);
    std::vector<std::string> names;
    while (!error && entry != std::filesystem::directory_iterator()) {
      names.push_back(entry->path().filename().string());
      entry.increment(error);
    }
    if (error) return ErrorFrom(error.value(), "list");
    return names;
  }

 private:
  static absl::StatusOr<std::unique_ptr<File>> OpenWith(const std::string& path,
                                                        int flags) {
    CORDON_ASSIGN_OR_RETURN(Descriptor descriptor, Open(path, flags));
    return std::make_unique<PosixFile>(std::move(descriptor));
  }
};

}  // namespace

FileSystem& SystemFiles() {
  static auto& files = *new PosixFileSystem;
  return files;
}

}  // namespace cordon::blobs
