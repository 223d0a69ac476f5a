#ifndef CORDON_SERVER_CORE_DIRECTORY_H_
#define CORDON_SERVER_CORE_DIRECTORY_H_

// Who is there, and the key packages by which they can be admitted.
//
// Threads: the lane's.
// Errors: kResourceExhausted at a limit; those of the stores. Nothing has
// changed then.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/cert/chain_verifier.h"
#include "server/core/caller.h"
#include "server/core/rate_limit.h"
#include "server/core/rooms.h"
#include "server/core/trust.h"
#include "storage/relay/key_package_store.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

// One page of the directory, about a megabyte of chains.
inline constexpr size_t kDevicesPage = 256;
inline constexpr size_t kKeyPackagesPerPublishMax = 100;
inline constexpr size_t kDevicesPerClaimMax = 500;

struct DirectoryRow {
  DeviceId device{};
  std::vector<Bytes> identity{};
  absl::Time since{};
  uint64_t key_packages = 0;
};
struct DirectoryPage {
  std::vector<DirectoryRow> rows{};
  bool more = false;
};

// The store's word; rpc knows no store.
using KeyPackageReference = relay::KeyPackageRef;

struct KeyPackageInput {
  KeyPackageReference reference{};
  Bytes key_package{};
  absl::Time expires{};
  bool last_resort = false;
};

// What is offered, and what it is checked against (key_package_check.h).
struct PublishTask {
  std::vector<KeyPackageInput> packages{};
  DeviceId caller{};
  const cert::ChainVerifier* verifier = nullptr;  // lives as long as the relay
  absl::Time now{};
};

struct ClaimedPackage {
  DeviceId device{};
  Bytes key_package{};  // empty: the device has none
  bool last_resort = false;
};

class Directory {
 public:
  // Borrowed for the object's life. `claims` bounds how many key packages one
  // device may use up.
  struct Parts {
    relay::Stores* stores = nullptr;
    Rooms* rooms = nullptr;
    const Trust* trust = nullptr;
    RateLimiter* claims = nullptr;
    const Clock* clock = nullptr;
  };
  explicit Directory(const Parts& parts) : parts_(parts) {}

  // List pages by device id; an empty organisation means all that the caller
  // may know of. A guest is in rooms of its own and knows of itself:
  // kPermissionDenied when it asks for another organisation.
  absl::StatusOr<DirectoryPage> List(const Caller& caller,
                                     const std::string& organisation,
                                     const DeviceId& after);

  PublishTask BeginPublish(const Caller& caller,
                           std::vector<KeyPackageInput> packages) const;
  // Publish keeps checked key packages of the caller and says how many are
  // there now, the last resort not counted.
  absl::StatusOr<uint64_t> Publish(
      const sqlite::Transaction& txn, const Caller& caller,
      const std::vector<KeyPackageInput>& packages);

  // Claim hands out one for each device, in the order asked, for the room that
  // they are to be added to, or none: kPermissionDenied as
  // Rooms::CheckMayClaim says, kNotFound for a device that is not there (to a
  // guest, kPermissionDenied), kResourceExhausted at the caller's limit.
  absl::StatusOr<std::vector<ClaimedPackage>> Claim(
      const sqlite::Transaction& txn, const Caller& caller, const RoomId& room,
      const std::vector<DeviceId>& devices);

 private:
  absl::Status CheckMayClaim(const Caller& caller, const RoomId& room,
                             const std::vector<DeviceId>& devices);

  const Parts parts_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_DIRECTORY_H_
