#include "client/files/file_trouble.h"

#include <cerrno>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace cordon::client {

absl::Status FileTrouble(int error, absl::string_view doing,
                         const std::string& path) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(
          absl::StrCat(path, ": there is no such file; check the path"));
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(
          absl::StrCat("this user may not ", doing, " ", path,
                       "; change its permissions or choose another place"));
    case ENOSPC:
    case EDQUOT:  // NOLINT(misc-include-cleaner): <cerrno> has it on POSIX
    case EFBIG:
      return absl::ResourceExhaustedError(
          absl::StrCat("the disk is full: could not ", doing, " ", path,
                       "; free some space and try again"));
    case ENAMETOOLONG:
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": the name is too long for this disk"));
    default:
      return absl::UnavailableError(
          absl::StrCat("could not ", doing, " ", path, ": ",
                       std::generic_category().message(error)));
  }
}

absl::Status CacheTrouble(const absl::Status& error) {
  if (!absl::IsResourceExhausted(error)) return error;
  return absl::ResourceExhaustedError(
      "the disk that holds the profile is full; free some space and try "
      "again");
}

}  // namespace cordon::client
