#ifndef CORDON_TESTS_SUPPORT_FAULTY_FILES_H_
#define CORDON_TESTS_SUPPORT_FAULTY_FILES_H_

// A disk in memory that fails on purpose and forgets what was not synced.
//
// It keeps for every file what a program sees (live) and what a power cut
// leaves (synced), and a record of every change in order. A new file's name is
// safe with the file's first sync; a rename or a removal with the folder's.
// Two adapters put it under our code: faulty_vfs.h under SQLite,
// faulty_file_system.h under the blob files.
// Threads: none.
//
// Errors: kResourceExhausted when full, kUnavailable when stopped, kNotFound.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "tests/support/seeded_random.h"

namespace cordon::testing {

enum class DiskOp : uint8_t { kWrite, kTruncate, kSync, kRename, kRemove };

struct DiskChange {
  DiskOp op = DiskOp::kWrite;
  std::string file;
};

class FaultyFiles {
 public:
  // FillAfter lets `writes` more writes through; every later one finds the disk
  // full, until FreeUp.
  void FillAfter(uint64_t writes) { writes_left_ = writes; }
  void FreeUp() { writes_left_.reset(); }

  // StopAfter lets `changes` more changes through (writes, truncations, syncs,
  // renames, removals); then everything fails, until Restart.
  void StopAfter(uint64_t changes) { changes_left_ = changes; }
  bool stopped() const { return changes_left_ == 0; }

  // Restart is a power cut and a new start: what was not synced is gone, or,
  // with `luck`, any part of it has survived by chance.
  void Restart(SeededRandom* luck = nullptr);

  // True if a power cut now would lose something of a file that has its name.
  bool has_unsynced() const;

  // Changes since the start or the last Forget.
  const std::vector<DiskChange>& changes() const { return changes_; }
  void ForgetChanges() { changes_.clear(); }
  uint64_t CountOf(DiskOp op) const;

  bool Exists(const std::string& name) const;
  absl::Status Create(const std::string& name);
  absl::StatusOr<uint64_t> Size(const std::string& name) const;
  // Read gives less than `size` bytes at the end of the file.
  absl::StatusOr<Bytes> Read(const std::string& name, uint64_t offset,
                             size_t size) const;
  absl::Status Write(const std::string& name, uint64_t offset, ByteSpan bytes);
  absl::Status Truncate(const std::string& name, uint64_t size);
  absl::Status Sync(const std::string& name);
  absl::Status Rename(const std::string& from, const std::string& to);
  absl::Status Remove(const std::string& name);
  absl::Status SyncFolder();
  std::vector<std::string> Names() const;

 private:
  struct Pending {
    std::optional<uint64_t> truncate_to;
    uint64_t offset = 0;
    Bytes bytes;
  };
  struct File {
    Bytes live;
    Bytes synced;
    std::vector<Pending> pending;  // in order, since the last sync
  };
  using FilePtr = std::shared_ptr<File>;  // two owners: both maps of names

  static void Apply(const Pending& change, Bytes& to);
  absl::StatusOr<FilePtr> Find(const std::string& name) const;
  absl::Status Change(DiskOp op, const std::string& name);

  std::map<std::string, FilePtr> live_names_;
  std::map<std::string, FilePtr> synced_names_;
  std::vector<DiskChange> changes_;
  std::optional<uint64_t> writes_left_;
  std::optional<uint64_t> changes_left_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAULTY_FILES_H_
