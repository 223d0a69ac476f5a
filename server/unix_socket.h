#ifndef CORDON_SERVER_UNIX_SOCKET_H_
#define CORDON_SERVER_UNIX_SOCKET_H_

// A local socket by its path, and lines on it.
//
// Threads: a Descriptor belongs to one at a time.
// Errors: kFailedPrecondition for a path that is too long for a socket or
// cannot be bound; kNotFound when nobody listens there; kUnavailable when the
// other side is gone.

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace cordon::server {

// Descriptor closes its file at its end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int file) : file_(file) {}
  Descriptor(Descriptor&& other) noexcept
      : file_(std::exchange(other.file_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~Descriptor();

  int get() const { return file_; }

 private:
  int file_ = -1;
};

// ListenAt replaces a socket that a dead process left, and lets its owner
// alone connect.
absl::StatusOr<Descriptor> ListenAt(const std::string& path);
absl::StatusOr<Descriptor> ConnectAt(const std::string& path);

// ReadLine reads up to a line's end, at most kLineBytesMax; WriteLine adds it.
absl::StatusOr<std::string> ReadLine(const Descriptor& from);
absl::Status WriteLine(const Descriptor& to, const std::string& line);

}  // namespace cordon::server

#endif  // CORDON_SERVER_UNIX_SOCKET_H_
