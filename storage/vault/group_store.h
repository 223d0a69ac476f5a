#ifndef CORDON_STORAGE_VAULT_GROUP_STORE_H_
#define CORDON_STORAGE_VAULT_GROUP_STORE_H_

// The private state of each room's MLS group, as parts under keys that only
// crypto/mls understands, so that sealing or opening one message rewrites a
// bounded number of bytes; the one commit a room may have pending; the private
// halves of the key packages this device has published.
//
// Every value may hold secrets. What is replaced or erased is overwritten in
// the file (secure_delete).
// Threads and errors: as vault.h.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kGroupKeyBytesMax = 64;
// The tree of 5 000 leaves with X.509 chains, twice over.
inline constexpr size_t kGroupPartBytesMax = 32 * 1024 * 1024;
inline constexpr size_t kGroupPartsMax = 100'000;
inline constexpr size_t kKeyPackagesMax = 1000;

// SHA-256 of a key package, RFC 9420 section 5.2.
using KeyPackageRef = Id<struct KeyPackageRefTag, 32>;

struct GroupPart {
  Bytes key;
  SecretBytes value;
};

// What one step of a group changes. A key is in `put` or in `erase`, not in
// both; erasing a key that is not there is no error.
struct GroupChanges {
  std::vector<GroupPart> put;
  std::vector<Bytes> erase;
};

// A commit that was made and not yet decided. All of it is on disk before the
// commit leaves, so a crash ends in adopting or dropping, never in guessing.
struct PendingCommit {
  RoomId room;
  EnvelopeId envelope;
  Epoch base;        // the epoch it was made in
  Bytes commit;      // the message to append
  Bytes group_info;  // sent with it
  Bytes welcome;     // sent with it; empty if it adds nobody
  Bytes purpose;     // what it was for, the client's own form
  absl::Time made;
};

// The private half of a published key package.
struct KeyPackageSecrets {
  KeyPackageRef ref;
  SecretBytes secrets;
  absl::Time expires;
  bool last_resort = false;
};

class GroupStore {
 public:
  explicit GroupStore(Statements* sql) : sql_(sql) {}

  // Apply makes the changes. kInvalidArgument for a key that is too long or
  // empty, kResourceExhausted for a part beyond kGroupPartBytesMax; checked
  // before anything is written.
  absl::Status Apply(RoomId room, const GroupChanges& changes);
  // Load gives all parts of a room, by key; empty if there are none.
  absl::StatusOr<std::vector<GroupPart>> Load(RoomId room) const;
  // EraseGroup forgets the room's state and its pending commit.
  absl::Status EraseGroup(RoomId room);

  // PutPending is kAlreadyExists while the room has another pending commit.
  absl::Status PutPending(const PendingCommit& pending,
                          const GroupChanges& changes);
  absl::StatusOr<PendingCommit> GetPending(RoomId room) const;
  absl::StatusOr<std::vector<RoomId>> ListPending() const;
  // AdoptPending makes the pending commit's changes and ends it; kNotFound
  // without one.
  absl::Status AdoptPending(RoomId room);
  // DropPending ends it and changes nothing else; kNotFound without one.
  absl::Status DropPending(RoomId room);

  // PutKeyPackage is kAlreadyExists for a known ref and kResourceExhausted
  // beyond kKeyPackagesMax.
  absl::Status PutKeyPackage(const KeyPackageSecrets& secrets);
  // TakeKeyPackage gives the secrets once: they are erased, unless the package
  // is a last resort, which stays. kNotFound if there are none.
  absl::StatusOr<KeyPackageSecrets> TakeKeyPackage(KeyPackageRef ref);
  // CountKeyPackages counts those that are good after `now`, without last
  // resorts.
  absl::StatusOr<size_t> CountKeyPackages(absl::Time now) const;
  // EraseKeyPackagesBefore erases those that expired before `limit`, last
  // resorts too, and says how many.
  absl::StatusOr<size_t> EraseKeyPackagesBefore(absl::Time limit);

 private:
  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_GROUP_STORE_H_
