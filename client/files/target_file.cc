#include "client/files/target_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "client/files/file_trouble.h"
#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "storage/blobs/descriptor.h"

namespace cordon::client {
namespace {

constexpr mode_t kOwnerOnlyFile = 0600;
constexpr mode_t kOwnerOnlyFolder = 0700;
constexpr size_t kTemporaryNameBytes = 8;

absl::Status Taken(const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat(
      path,
      " is there already and stays as it is; move it away or choose "
      "another folder"));
}

absl::Status MakeFolder(const std::string& folder) {
  if (::mkdir(folder.c_str(), kOwnerOnlyFolder) == 0) return absl::OkStatus();
  const int error = errno;
  struct stat about{};
  if (::stat(folder.c_str(), &about) != 0) {
    return FileTrouble(error, "make the folder", folder);
  }
  if (S_ISDIR(about.st_mode)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(folder, " is no folder; choose another one"));
}

absl::Status SyncFolder(const std::string& folder) {
  const blobs::Descriptor open(
      ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!open.open() || ::fsync(open.get()) != 0) {
    return FileTrouble(errno, "write into", folder);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TargetFile> TargetFile::Create(const std::string& folder,
                                              const std::string& name,
                                              RandomSource& random) {
  CORDON_RETURN_IF_ERROR(MakeFolder(folder));
  std::string path = absl::StrCat(folder, "/", name);
  struct stat about{};
  if (::lstat(path.c_str(), &about) == 0) return Taken(path);
  std::string temporary =
      absl::StrCat(folder, "/.cordon-",
                   ToHex(RandomBytes(random, kTemporaryNameBytes)), ".part");
  blobs::Descriptor file(::open(temporary.c_str(),
                                O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                                kOwnerOnlyFile));
  if (!file.open()) return FileTrouble(errno, "write", path);
  return TargetFile(folder, std::move(temporary), std::move(path),
                    std::move(file));
}

TargetFile::TargetFile(std::string folder, std::string temporary,
                       std::string path, blobs::Descriptor file)
    : folder_(std::move(folder)),
      temporary_(std::move(temporary)),
      path_(std::move(path)),
      file_(std::move(file)) {}

TargetFile::TargetFile(TargetFile&& other) noexcept
    : folder_(std::move(other.folder_)),
      temporary_(std::exchange(other.temporary_, std::string())),
      path_(std::move(other.path_)),
      file_(std::move(other.file_)) {}

TargetFile::~TargetFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

absl::Status TargetFile::Write(ByteSpan bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t put =
        ::write(file_.get(), bytes.data() + done, bytes.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return FileTrouble(errno, "write", path_);
    done += static_cast<size_t>(put);
  }
  return absl::OkStatus();
}

absl::Status TargetFile::Keep() {
  if (::fsync(file_.get()) != 0) return FileTrouble(errno, "write", path_);
  CORDON_RETURN_IF_ERROR(TakeName());
  temporary_.clear();
  return SyncFolder(folder_);
}

absl::Status TargetFile::TakeName() const {
  if (::link(temporary_.c_str(), path_.c_str()) == 0) {
    ::unlink(temporary_.c_str());
    return absl::OkStatus();
  }
  if (errno == EEXIST) return Taken(path_);
  // A disk without hard links: the name is taken first, then filled at once.
  const blobs::Descriptor place(::open(
      path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnlyFile));
  if (!place.open() && errno == EEXIST) return Taken(path_);
  if (!place.open()) return FileTrouble(errno, "write", path_);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    ::unlink(path_.c_str());
    return FileTrouble(error, "write", path_);
  }
  return absl::OkStatus();
}

}  // namespace cordon::client
