#ifndef CORDON_SERVER_CORE_ENROLMENT_H_
#define CORDON_SERVER_CORE_ENROLMENT_H_

// How a relay gets its root, and how organisations and devices come in.
//
// The relay holds of an invitation its id, its expiry and the public half of a
// key: it can turn strangers away and forge nothing. Requests and answers pass
// through; what they say is between inviter and joiner.
//
// Every call may be repeated after a lost answer and then changes nothing.
// Threads: the lane's.
// Errors: kPermissionDenied for a wrong set-up code, a request that is not
// signed with the invitation's key, an invitation of somebody else's;
// kFailedPrecondition for what comes too late; kResourceExhausted at
// kInvitationsPerInviterMax; kNotFound for an invitation that
// is not there; and those of crypto/cert. Nothing has changed then.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "server/core/caller.h"
#include "server/core/publications.h"
#include "server/core/trust.h"
#include "storage/relay/enrolment_store.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

// One page of ListInvitations; with requests of 16 KiB it fits a message.
inline constexpr size_t kInvitationsPage = 256;

// Invitations that one device may have at the relay, and how long each stays
// there after its end: a joiner that was away may still ask for its answer.
inline constexpr uint64_t kInvitationsPerInviterMax = 10'000;
inline constexpr absl::Duration kInvitationKept = absl::Hours(30 * 24);

// The set-up code: 100 random bits in groups of five letters and digits without
// the ones that look alike. `cordond init` shows it once and keeps its digest.
std::string MakeSetupCode(RandomSource& random);
// SetupCodeVerifier forgives case, spaces and dashes.
Bytes SetupCodeVerifier(absl::string_view code);

// A device's two chains: the device's certificate, then its issuing one.
struct ChainPair {
  std::vector<Bytes> identity{};
  std::vector<Bytes> transport{};
};

struct SetUpInput {
  std::string setup_code{};
  Bytes root_certificate{};
  ChainPair chains{};  // of the device that sets up
};

// The store's words; rpc knows no store.
using InvitedKind = relay::InvitationKind;
using InvitationStep = relay::InvitationState;
using InvitationPublicKey = relay::InvitationKey;

struct InvitationInput {
  InvitationId id{};
  InvitationPublicKey public_key{};
  InvitedKind kind = InvitedKind::kUser;
  absl::Time expires{};
};

struct InvitationRow {
  InvitationId id{};
  absl::Time expires{};
  InvitationStep step = InvitationStep::kOpen;
  Bytes request{};  // while it waits for its answer
};
struct InvitationPage {
  std::vector<InvitationRow> rows{};
  bool more = false;
};

class Enrolment {
 public:
  // Borrowed for the object's life.
  struct Parts {
    relay::Stores* stores = nullptr;
    Trust* trust = nullptr;
    Publications* publications = nullptr;
    const Clock* clock = nullptr;
  };
  explicit Enrolment(const Parts& parts) : parts_(parts) {}

  // Without a certificate.
  absl::Status SetUp(const sqlite::Transaction& txn, const SetUpInput& input);
  absl::Status Redeem(const sqlite::Transaction& txn,
                      const InvitationId& invitation, Bytes request);
  // FetchAnswer gives the answer, empty while there is none.
  absl::StatusOr<Bytes> FetchAnswer(const InvitationId& invitation);

  // With one.
  absl::Status Invite(const sqlite::Transaction& txn, const Caller& caller,
                      const InvitationInput& input);
  absl::StatusOr<InvitationPage> List(const Caller& caller,
                                      const InvitationId& after);
  absl::Status Revoke(const sqlite::Transaction& txn, const Caller& caller,
                      const InvitationId& invitation);
  absl::Status Answer(const sqlite::Transaction& txn, const Caller& caller,
                      const InvitationId& invitation, ByteSpan answer);
  // Sweep forgets invitations that are over, with what came of them, and key
  // packages that have expired.
  absl::Status Sweep(const sqlite::Transaction& txn);
  // Enter puts the caller into the directory, or renews it there; the
  // transport chain is the one that the call was made with.
  absl::Status Enter(const sqlite::Transaction& txn, const Caller& caller,
                     const ChainPair& chains);

 private:
  absl::Status CheckMayInviteMore(const Caller& caller, const InvitationId& id);
  // FindOwn gives an invitation if it is the caller's.
  absl::StatusOr<relay::Invitation> FindOwn(const Caller& caller,
                                            const InvitationId& invitation);
  absl::Status PutDevice(const sqlite::Transaction& txn,
                         const cert::ChainVerifier& verifier,
                         const ChainPair& chains);

  const Parts parts_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_ENROLMENT_H_
