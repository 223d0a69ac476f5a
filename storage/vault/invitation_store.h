#ifndef CORDON_STORAGE_VAULT_INVITATION_STORE_H_
#define CORDON_STORAGE_VAULT_INVITATION_STORE_H_

// The invitations this device gave out: the secret that a request must be
// signed with, what was offered, the request when it has come.
//
// | state     | may become            |
// | open      | requested, closed     |
// | requested | approved, closed      |
// | approved  | – (its secret erased) |
// | closed    | – (its secret erased) |
// Threads and errors: as vault.h; kNotFound for an unknown id,
// kFailedPrecondition for a step that the table does not have.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kInvitationsMax = 10'000;
inline constexpr size_t kInvitationsPerPageMax = 500;
inline constexpr size_t kRequestBytesMax = 64 * 1024;

enum class InvitationState : uint8_t {
  kOpen = 1,
  kRequested = 2,
  kApproved = 3,
  kClosed = 4,  // revoked, refused or expired
};

struct StoredInvitation {
  InvitationId id;
  SecretBytes secret;  // empty once approved or closed
  Bytes offer;         // name, role, expiry: the client's form
  InvitationState state = InvitationState::kOpen;
  Bytes request;  // empty while open
  absl::Time made;
};

class InvitationStore {
 public:
  explicit InvitationStore(Statements* sql) : sql_(sql) {}

  // Add takes id, secret, offer and time; the invitation is open.
  // kAlreadyExists for a known id, kResourceExhausted beyond kInvitationsMax.
  absl::Status Add(const StoredInvitation& invitation);
  absl::StatusOr<StoredInvitation> Get(InvitationId id) const;
  // List gives up to kInvitationsPerPageMax after the id `after`, by id; the
  // zero id is before all.
  absl::StatusOr<std::vector<StoredInvitation>> List(InvitationId after) const;

  // SetRequest makes an open invitation a requested one. The same request
  // again is OK; another one is kFailedPrecondition. kResourceExhausted beyond
  // kRequestBytesMax.
  absl::Status SetRequest(InvitationId id, ByteSpan request);
  absl::Status Approve(InvitationId id);
  absl::Status Close(InvitationId id);

 private:
  absl::Status End(InvitationId id, InvitationState end);

  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_INVITATION_STORE_H_
