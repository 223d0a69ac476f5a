#ifndef CORDON_TESTS_SUPPORT_RELAY_ON_DISK_H_
#define CORDON_TESTS_SUPPORT_RELAY_ON_DISK_H_

// A relay database on a disk that forgets what was not synced: after every
// change a test calls Restart and looks again.

#include <memory>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/check.h"
#include "crypto/base/status.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/faulty_files.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/seeded_random.h"

namespace cordon::testing {

class RelayOnDisk {
 public:
  RelayOnDisk() { CORDON_CHECK(Open().ok()); }

  relay::Stores& operator*() { return *stores_; }
  relay::Stores* operator->() { return &*stores_; }
  sqlite::Db& db() { return *db_; }
  FaultyFiles& disk() { return disk_; }

  // Write runs `body` in one transaction and commits it.
  absl::Status Write(
      absl::FunctionRef<absl::Status(const sqlite::Transaction&)> body) {
    CORDON_ASSIGN_OR_RETURN(sqlite::Transaction txn,
                            sqlite::Transaction::Begin(db_.get()));
    CORDON_RETURN_IF_ERROR(body(txn));
    return txn.Commit();
  }

  // Close ends the program without a last word to the disk.
  void Close() {
    disk_.StopAfter(0);
    stores_.reset();
    db_.reset();
  }

  // Restart is a power cut: only what was synced is there.
  absl::Status Restart(SeededRandom* luck = nullptr) {
    Close();
    disk_.Restart(luck);
    return Open();
  }

  // Erase closes, and leaves an empty disk.
  void Erase() {
    Close();
    disk_ = FaultyFiles();
  }

  absl::Status Open() {
    SeededRandom random(11);
    CORDON_ASSIGN_OR_RETURN(
        db_, sqlite::Db::Open({.path = "relay.db",
                               .mode = sqlite::OpenMode::kMayCreate,
                               .file_layer = vfs_.name()},
                              sqlite::Key::Random(random)));
    CORDON_ASSIGN_OR_RETURN(stores_, relay::OpenStores(db_.get()));
    return absl::OkStatus();
  }

 private:
  FaultyFiles disk_;
  FaultyVfs vfs_{&disk_};
  std::unique_ptr<sqlite::Db> db_;
  std::optional<relay::Stores> stores_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_RELAY_ON_DISK_H_
