#include "client/files/source_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "client/files/file_trouble.h"
#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "storage/blobs/descriptor.h"

namespace cordon::client {
namespace {

absl::Status CheckPlain(const struct stat& about, const std::string& path) {
  if (S_ISDIR(about.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, " is a folder; name its files, or put them into an archive"));
  }
  if (!S_ISREG(about.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is no plain file; only those can be sent"));
  }
  return absl::OkStatus();
}

absl::Status CheckSize(const struct stat& about, uint64_t bytes_max,
                       const std::string& path) {
  if (about.st_size <= 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is empty; an empty file cannot be sent"));
  }
  if (static_cast<uint64_t>(about.st_size) > bytes_max) {
    return absl::ResourceExhaustedError(
        absl::StrCat(path, " has ", about.st_size, " bytes, the limit is ",
                     bytes_max, "; split it or send a smaller one"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SourceFile> SourceFile::Open(std::string path,
                                            uint64_t bytes_max) {
  // Asked before opening: to open a device may do something.
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) {
    return FileTrouble(errno, "read", path);
  }
  CORDON_RETURN_IF_ERROR(CheckPlain(about, path));
  blobs::Descriptor file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return FileTrouble(errno, "read", path);
  if (::fstat(file.get(), &about) != 0) {
    return FileTrouble(errno, "read", path);
  }
  CORDON_RETURN_IF_ERROR(CheckPlain(about, path));
  CORDON_RETURN_IF_ERROR(CheckSize(about, bytes_max, path));
  return SourceFile(std::move(path), std::move(file), about);
}

std::string SourceFile::name() const {
  return path_.substr(path_.find_last_of('/') + 1);
}

absl::Status SourceFile::Read(MutableByteSpan out) {
  size_t done = 0;
  while (done < out.size()) {
    const ssize_t got =
        ::read(file_.get(), out.data() + done, out.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileTrouble(errno, "read", path_);
    if (got == 0) return Changed();
    done += static_cast<size_t>(got);
  }
  return absl::OkStatus();
}

absl::Status SourceFile::CheckUnchanged() const {
  struct stat named{};
  if (::stat(path_.c_str(), &named) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, " went away while it was read; nothing was sent"));
  }
  struct stat read{};
  if (::fstat(file_.get(), &read) != 0) {
    return FileTrouble(errno, "read", path_);
  }
  const bool same = named.st_dev == about_.st_dev &&
                    named.st_ino == about_.st_ino &&
                    read.st_size == about_.st_size &&
                    read.st_mtim.tv_sec == about_.st_mtim.tv_sec &&
                    read.st_mtim.tv_nsec == about_.st_mtim.tv_nsec;
  return same ? absl::OkStatus() : Changed();
}

absl::Status SourceFile::Changed() const {
  return absl::FailedPreconditionError(absl::StrCat(
      path_, " changed while it was read; nothing was sent, try again"));
}

}  // namespace cordon::client
