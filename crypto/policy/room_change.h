#ifndef CORDON_CRYPTO_POLICY_ROOM_CHANGE_H_
#define CORDON_CRYPTO_POLICY_ROOM_CHANGE_H_

// Whether a room's policy allows what a proposal or a commit does to it. MLS
// has been asked before (mls/public_group.h, mls/group.h); this comes on top,
// and relay and clients ask the same function.
//
// | proposal            | allowed to                                          |
// | Add                 | whom MayAdmit lets, by value: the newcomer judges   |
// |                     | who made its Welcome, and that is who commits       |
// | Remove              | whom MayRemove lets; the relay, of who is revoked   |
// |                     | or expired; an external commit, of the same device  |
// | Update              | everybody                                           |
// | Extensions          | whom MayChangePolicy lets, by ValidateChange; the   |
// |                     | relay's key stays                                   |
// | ReInit              | nobody: a room never becomes another                |
// | PreSharedKey        | nobody: who lacks the key could not follow          |
//
// A proposal by reference is its author's, one by value the committer's. Who
// is committer counts for nothing else: any member may commit what others were
// allowed to propose. All is judged by the policy before the commit.
// Threads: pure functions.
// Errors: kPermissionDenied for what the policy forbids, kInvalidArgument for
// what no policy could allow, each in a sentence for people; what crypto/cert
// says of who acts.

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/name.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"

namespace cordon::policy {

// Who knows devices and revocations, and as of when. Borrowed for one call.
struct ChangeChecks {
  const cert::ChainVerifier& verifier;
  absl::Time instant;
};

// One epoch of a room. Borrowed for one call.
struct RoomEpoch {
  const mls::RatchetTree& tree;
  const mls::Extensions& extensions;
};

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): holds references
struct RoomCommit {
  RoomEpoch before;
  RoomEpoch after;
  mls::LeafIndex committer;  // in `after`
  bool external = false;
  absl::Span<const mls::ListedProposal> proposals;
};

absl::Status CheckCommit(const RoomCommit& commit, const ChangeChecks& checks);

// CheckProposal is for one by reference, when it arrives.
absl::Status CheckProposal(const mls::ListedProposal& proposal,
                           const RoomEpoch& room, const ChangeChecks& checks);

// CheckWelcome is the newcomer's own question: `welcomed_by` signed the Welcome
// by which `self` comes into `room`. The newcomer has seen no commit, and the
// relay, or a member who lets in whom it likes, could have made one up.
absl::Status CheckWelcome(mls::LeafIndex welcomed_by,
                          const cert::DeviceName& self, const RoomEpoch& room,
                          const ChangeChecks& checks);

}  // namespace cordon::policy

#endif  // CORDON_CRYPTO_POLICY_ROOM_CHANGE_H_
