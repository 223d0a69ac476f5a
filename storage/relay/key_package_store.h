#ifndef CORDON_STORAGE_RELAY_KEY_PACKAGE_STORE_H_
#define CORDON_STORAGE_RELAY_KEY_PACKAGE_STORE_H_

// The key packages that devices leave at the relay, each handed out once; the
// last-resort package of a device may be handed out again and says so.
//
// A claimed package leaves its reference behind until it expires, so that a
// device that publishes again after a lost answer cannot revive it.
// Threads: none; call it on the relay's lane only.
// Lifetime: the Db outlives the store, and holds RelaySchema().
// Writes happen in the caller's transaction: a package is answered only after
// the commit that marks it claimed.
// Errors: kNotFound from Claim; kResourceExhausted at kKeyPackagesMax;
// kAlreadyExists for a reference that is another device's; and what sqlite/db.h
// says of the file.

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {

// The hash that MLS refers to a key package by (RFC 9420 section 5.2).
using KeyPackageRef = Id<struct KeyPackageRefTag, 32>;

// Unclaimed packages of one device, the last resort not counted.
inline constexpr size_t kKeyPackagesMax = 200;

struct NewKeyPackage {
  DeviceId device;
  KeyPackageRef ref;
  absl::Time expires;
  bool last_resort = false;
  ByteSpan package;
};

struct ClaimedKeyPackage {
  KeyPackageRef ref;
  bool last_resort = false;  // others may have been given it too
  Bytes package;
};

struct KeyPackageCounts {
  uint64_t unclaimed = 0;  // without the last resort
  bool last_resort = false;

  friend bool operator==(const KeyPackageCounts&,
                         const KeyPackageCounts&) = default;
};

class KeyPackageStore {
 public:
  static absl::StatusOr<KeyPackageStore> Create(sqlite::Db* db);
  KeyPackageStore(KeyPackageStore&&) noexcept;
  KeyPackageStore& operator=(KeyPackageStore&&) noexcept;
  ~KeyPackageStore();

  // Publish keeps a package. Again changes nothing, claimed or not. A new last
  // resort takes the place of the device's old one.
  absl::Status Publish(const sqlite::Transaction& txn,
                       const NewKeyPackage& package);

  // Claim hands out the device's oldest package that lives beyond `now`, or
  // else its last resort.
  absl::StatusOr<ClaimedKeyPackage> Claim(const sqlite::Transaction& txn,
                                          DeviceId device, absl::Time now);

  absl::StatusOr<KeyPackageCounts> Counts(DeviceId device, absl::Time now);

  // DeleteOf forgets all of a device (revoked, or renewed its keys).
  absl::Status DeleteOf(const sqlite::Transaction& txn, DeviceId device);
  // DeleteExpired forgets, of all devices, what does not live beyond `now`.
  absl::Status DeleteExpired(const sqlite::Transaction& txn, absl::Time now);

 private:
  struct Statements;
  explicit KeyPackageStore(std::unique_ptr<Statements> sql);
  absl::StatusOr<bool> IsKnown(const NewKeyPackage& package);

  std::unique_ptr<Statements> sql_;
};

}  // namespace cordon::relay

#endif  // CORDON_STORAGE_RELAY_KEY_PACKAGE_STORE_H_
