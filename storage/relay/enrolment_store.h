#ifndef CORDON_STORAGE_RELAY_ENROLMENT_STORE_H_
#define CORDON_STORAGE_RELAY_ENROLMENT_STORE_H_

// How devices come in: the relay's one-time set-up, and invitations from open
// to answered. Requests and answers are opaque bytes here.
//
// | state     | PutRequest         | PutAnswer        | Revoke           |
// | open      | -> requested       | refused          | -> revoked       |
// | requested | OK if the same     | -> answered      | -> revoked       |
// | answered  | OK if the same     | OK if the same   | refused          |
// | revoked   | refused            | refused          | OK               |
// Expiry is judged by the caller's clock: an expired invitation takes no first
// request; a request that came in time may still be answered.
//
// Every step may be repeated after a lost answer and then changes nothing.
// Threads: none; call it on the relay's lane only.
// Lifetime: the Db outlives the store, and holds RelaySchema().
// Writes happen in the caller's transaction.
// Errors: kNotFound for an invitation (or set-up) that is not there;
// kFailedPrecondition for "refused" above; kAlreadyExists for another request,
// answer or invitation where there is one; and what sqlite/db.h says.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {

// The public half of the key that an invitation's secret derives.
using InvitationKey = Id<struct InvitationKeyTag, 32>;

enum class InvitationKind : uint8_t {
  kOrganisation = 1,
  kUser = 2,
  kDevice = 3
};

enum class InvitationState : uint8_t {
  kOpen = 1,
  kRequested = 2,
  kAnswered = 3,
  kRevoked = 4,
};

struct RelaySetup {
  Bytes code_verifier;
  bool used = false;
  Bytes root_certificate;  // empty until used
};

struct NewInvitation {
  InvitationId id;
  InvitationKey public_key;
  DeviceId inviter;
  InvitationKind kind = InvitationKind::kUser;
  absl::Time expires;
};

struct Invitation {
  InvitationId id;
  InvitationKey public_key;
  DeviceId inviter;
  InvitationKind kind = InvitationKind::kUser;
  absl::Time expires;
  InvitationState state = InvitationState::kOpen;
};

struct JoinRequest {
  InvitationId invitation;
  Bytes request;
};

class EnrolmentStore {
 public:
  static absl::StatusOr<EnrolmentStore> Create(sqlite::Db* db);
  EnrolmentStore(EnrolmentStore&&) noexcept;
  EnrolmentStore& operator=(EnrolmentStore&&) noexcept;
  ~EnrolmentStore();

  // BeginSetup keeps the verifier of the one-time code; kAlreadyExists if there
  // is one.
  absl::Status BeginSetup(const sqlite::Transaction& txn,
                          ByteSpan code_verifier);
  absl::StatusOr<RelaySetup> FindSetup();
  // FinishSetup spends the code and keeps the root. The same root again is OK;
  // another is kFailedPrecondition.
  absl::Status FinishSetup(const sqlite::Transaction& txn,
                           ByteSpan root_certificate);

  absl::Status Add(const sqlite::Transaction& txn,
                   const NewInvitation& invitation);
  absl::StatusOr<Invitation> Find(InvitationId id);
  // ListBy gives an inviter's invitations by id, after `after` (the zero id:
  // from the start).
  absl::StatusOr<std::vector<Invitation>> ListBy(DeviceId inviter,
                                                 InvitationId after,
                                                 size_t entries_max);
  // CountBy counts all of an inviter's that are there.
  absl::StatusOr<uint64_t> CountBy(DeviceId inviter);
  absl::Status Revoke(const sqlite::Transaction& txn, InvitationId id);

  absl::Status PutRequest(const sqlite::Transaction& txn, InvitationId id,
                          ByteSpan request, absl::Time now);
  // FindRequest and FindAnswer: kNotFound while there is none.
  absl::StatusOr<Bytes> FindRequest(InvitationId id);
  // Waiting gives the requests that an inviter has not answered, by invitation.
  absl::StatusOr<std::vector<JoinRequest>> Waiting(DeviceId inviter,
                                                   size_t entries_max);
  absl::Status PutAnswer(const sqlite::Transaction& txn, InvitationId id,
                         ByteSpan answer);
  absl::StatusOr<Bytes> FindAnswer(InvitationId id);

  // DeleteExpired forgets invitations, with request and answer, that expired
  // before `before`.
  absl::Status DeleteExpired(const sqlite::Transaction& txn, absl::Time before);

 private:
  struct Statements;
  explicit EnrolmentStore(std::unique_ptr<Statements> sql);
  absl::Status SetState(InvitationId id, InvitationState state);

  std::unique_ptr<Statements> sql_;
};

}  // namespace cordon::relay

#endif  // CORDON_STORAGE_RELAY_ENROLMENT_STORE_H_
