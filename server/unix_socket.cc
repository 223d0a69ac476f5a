#include "server/unix_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "crypto/base/status.h"

namespace cordon::server {
namespace {

constexpr size_t kLineBytesMax = 8192;
constexpr mode_t kOwnerOnly = 0600;

absl::StatusOr<sockaddr_un> AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, " is too long for a socket's path; choose a shorter --data"));
  }
  path.copy(address.sun_path, path.size());
  return address;
}

Descriptor MakeSocket() {
  return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

}  // namespace

Descriptor::~Descriptor() {
  if (file_ >= 0) close(file_);
}

absl::StatusOr<Descriptor> ListenAt(const std::string& path) {
  CORDON_ASSIGN_OR_RETURN(const sockaddr_un address, AddressOf(path));
  Descriptor made = MakeSocket();
  unlink(path.c_str());
  // Nobody may connect before listen, so the mode is right in time.
  if (made.get() < 0 ||
      bind(made.get(), reinterpret_cast<const sockaddr*>(&address),
           sizeof(address)) != 0 ||
      chmod(path.c_str(), kOwnerOnly) != 0 || listen(made.get(), 1) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot listen on ", path));
  }
  return made;
}

absl::StatusOr<Descriptor> ConnectAt(const std::string& path) {
  CORDON_ASSIGN_OR_RETURN(const sockaddr_un address, AddressOf(path));
  Descriptor made = MakeSocket();
  if (made.get() < 0 ||
      connect(made.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) != 0) {
    return absl::NotFoundError(absl::StrCat("nobody listens on ", path));
  }
  return made;
}

absl::StatusOr<std::string> ReadLine(const Descriptor& from) {
  std::string line;
  while (line.size() < kLineBytesMax) {
    char c = 0;
    if (read(from.get(), &c, 1) != 1) break;
    if (c == '\n') return line;
    line.push_back(c);
  }
  return absl::UnavailableError("the other side is gone");
}

absl::Status WriteLine(const Descriptor& to, const std::string& line) {
  const std::string bytes = line + "\n";
  if (send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
      static_cast<ssize_t>(bytes.size())) {
    return absl::OkStatus();
  }
  return absl::UnavailableError("the other side is gone");
}

}  // namespace cordon::server
