#ifndef CORDON_STORAGE_VAULT_SEAL_LOG_H_
#define CORDON_STORAGE_VAULT_SEAL_LOG_H_

// Which message keys were ever used, and for which envelope.
//
// In one room a key is named by (epoch, leaf, generation). Two ciphertexts
// under one name would break both; so whoever seals notes it here in the
// transaction that stores the ratchet, and whoever opens notes it in the one
// that stores the record. Nothing is ever taken out, also when an envelope
// lost its epoch: the key is spent.
// Threads and errors: as vault.h.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kKeyUsesPerPageMax = 1000;

// The name of one message key.
struct MessageKeyName {
  RoomId room;
  Epoch epoch;
  uint32_t leaf = 0;
  uint32_t generation = 0;

  friend bool operator==(const MessageKeyName&,
                         const MessageKeyName&) = default;
};

struct KeyUse {
  MessageKeyName key;
  EnvelopeId envelope;
  bool own = false;  // sealed by this device, not opened
};

class SealLog {
 public:
  explicit SealLog(Statements* sql) : sql_(sql) {}

  // NoteSealed and NoteOpened are kAlreadyExists when the key was used before,
  // whatever for; then nothing may be sent, or shown.
  absl::Status NoteSealed(const MessageKeyName& key, EnvelopeId envelope);
  absl::Status NoteOpened(const MessageKeyName& key, EnvelopeId envelope);

  // Get is kNotFound for a key that was never used here.
  absl::StatusOr<KeyUse> Get(const MessageKeyName& key) const;

  // List gives up to kKeyUsesPerPageMax uses of a room in the order of their
  // names, after `after` or from the first.
  absl::StatusOr<std::vector<KeyUse>> List(
      RoomId room, const std::optional<MessageKeyName>& after) const;

 private:
  absl::Status Note(const MessageKeyName& key, EnvelopeId envelope, bool own);

  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_SEAL_LOG_H_
