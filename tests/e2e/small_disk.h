#ifndef CORDON_TESTS_E2E_SMALL_DISK_H_
#define CORDON_TESTS_E2E_SMALL_DISK_H_

// A disk of a few megabytes at a folder, that a test fills and frees. Only root
// may mount one: where that is not possible, `mounted` is false and the test is
// skipped. It outlives the programs that have files on it.
// Threads: one.

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"

#include "crypto/base/check.h"

namespace cordon::testing {

class SmallDisk {
 public:
  SmallDisk(const std::string& folder, int megabytes) : folder_(folder) {
    CORDON_CHECK(mkdir(folder.c_str(), 0700) == 0);
    mounted_ =
        mount("tmpfs", folder.c_str(), "tmpfs", 0,
              absl::StrCat("mode=0700,size=", megabytes, "m").c_str()) == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) (void)umount2(folder_.c_str(), MNT_DETACH);
  }

  bool mounted() const { return mounted_; }

  // Fill leaves not one byte.
  void Fill() const {
    const int file =
        open(Filler().c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    CORDON_CHECK(file >= 0);
    const std::string block(kBlockBytes, 'x');
    size_t bytes = block.size();
    while (bytes > 0) {
      if (write(file, block.data(), bytes) <= 0) bytes /= 2;
    }
    close(file);
  }
  void FreeUp() const { (void)unlink(Filler().c_str()); }

 private:
  static constexpr size_t kBlockBytes = size_t{64} * 1024;

  std::string Filler() const { return absl::StrCat(folder_, "/filler"); }

  const std::string folder_;
  bool mounted_ = false;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_E2E_SMALL_DISK_H_
