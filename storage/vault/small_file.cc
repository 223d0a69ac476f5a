#include "storage/vault/small_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"

namespace cordon::vault {
namespace {

constexpr mode_t kFileForOwner = 0600;
constexpr mode_t kFolderForOwner = 0700;
constexpr size_t kReadBytes = 4096;

absl::Status ErrorFromErrno(int error, absl::string_view doing) {
  switch (error) {
    case ENOENT:
      return absl::NotFoundError(
          absl::StrCat(doing, ": there is no such file"));
    case ENOSPC:
    case EDQUOT:  // NOLINT(misc-include-cleaner): <cerrno> has it
      return absl::ResourceExhaustedError(
          absl::StrCat(doing, ": the disk is full"));
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(
          absl::StrCat(doing, ": the system does not allow it"));
    default:
      return absl::UnavailableError(absl::StrCat(doing, ": errno ", error));
  }
}

absl::Status WriteAll(int fd, ByteSpan rest) {
  while (!rest.empty()) {
    const ssize_t written = ::write(fd, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrorFromErrno(errno, "write a file");
    rest.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return ErrorFromErrno(errno, "open a folder");
  const absl::Cleanup close = [fd] { ::close(fd); };
  if (::fsync(fd) != 0) return ErrorFromErrno(errno, "sync a folder");
  return absl::OkStatus();
}

absl::Status WriteSynced(const std::string& path, ByteSpan content) {
  const int fd = ::open(path.c_str(),
                        O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                        kFileForOwner);
  if (fd < 0) return ErrorFromErrno(errno, "make a file");
  const absl::Cleanup close = [fd] { ::close(fd); };
  CORDON_RETURN_IF_ERROR(WriteAll(fd, content));
  if (::fsync(fd) != 0) return ErrorFromErrno(errno, "sync a file");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Bytes> ReadSmallFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ErrorFromErrno(errno, "open a file");
  const absl::Cleanup close = [fd] { ::close(fd); };
  Bytes content;
  std::array<uint8_t, kReadBytes> part{};
  while (true) {
    const ssize_t got = ::read(fd, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrorFromErrno(errno, "read a file");
    if (got == 0) return content;
    Append(content, ByteSpan(part).first(static_cast<size_t>(got)));
    if (content.size() > kSmallFileBytesMax) {
      return absl::DataLossError("read a file: it is too big");
    }
  }
}

absl::Status ReplaceFile(const std::string& path, ByteSpan content) {
  const std::string temporary = absl::StrCat(path, ".tmp");
  absl::Status written = WriteSynced(temporary, content);
  if (!written.ok()) {
    ::unlink(temporary.c_str());
    return written;
  }
  return RenameFile(temporary, path);
}

absl::Status RenameFile(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return ErrorFromErrno(errno, "rename a file");
  }
  return SyncFolderOf(to);
}

absl::Status RemoveFile(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return ErrorFromErrno(errno, "remove a file");
}

bool FileExists(const std::string& path) {
  struct stat about{};
  return ::stat(path.c_str(), &about) == 0;
}

absl::StatusOr<FileLock> FileLock::Take(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
                        kFileForOwner);
  if (fd < 0) return ErrorFromErrno(errno, "open a lock file");
  FileLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) {
    return absl::FailedPreconditionError("lock a file: it is held");
  }
  return ErrorFromErrno(errno, "lock a file");
}

FileLock::FileLock(FileLock&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

absl::Status MakeFolder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderForOwner) == 0) return SyncFolderOf(path);
  const int error = errno;
  struct stat about{};
  if (error == EEXIST && ::stat(path.c_str(), &about) == 0 &&
      S_ISDIR(about.st_mode)) {
    return absl::OkStatus();
  }
  return ErrorFromErrno(error, "make a folder");
}

}  // namespace cordon::vault
