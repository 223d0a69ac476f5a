#ifndef CORDON_TESTS_SUPPORT_FAULTY_VFS_H_
#define CORDON_TESTS_SUPPORT_FAULTY_VFS_H_

// Puts a FaultyFiles under SQLite: open a Db with `.file_layer = vfs.name()`.
//
// No locks between openings and no shared memory, so it serves one Db at a
// time, in exclusive locking mode, which is how storage/sqlite opens files.
// Lifetime: the FaultyFiles and the FaultyVfs outlive every Db on them.

#include <memory>
#include <string>

#include "tests/support/faulty_files.h"

struct sqlite3_vfs;

namespace cordon::testing {

class FaultyVfs {
 public:
  explicit FaultyVfs(FaultyFiles* files);
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;
  ~FaultyVfs();

  const std::string& name() const { return name_; }

 private:
  const std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAULTY_VFS_H_
