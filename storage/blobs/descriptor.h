#ifndef CORDON_STORAGE_BLOBS_DESCRIPTOR_H_
#define CORDON_STORAGE_BLOBS_DESCRIPTOR_H_

// An open file of the system, closed with its owner. Threads: one at a time.

#include <unistd.h>

#include <utility>

namespace cordon::blobs {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_;  // -1: none
};

}  // namespace cordon::blobs

#endif  // CORDON_STORAGE_BLOBS_DESCRIPTOR_H_
