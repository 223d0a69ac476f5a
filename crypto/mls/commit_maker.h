#ifndef CORDON_CRYPTO_MLS_COMMIT_MAKER_H_
#define CORDON_CRYPTO_MLS_COMMIT_MAKER_H_

// Making a commit and the Welcome that goes with it. RFC 9420, section 12.4.1.
//
// Threads: none; a commit sent as a PrivateMessage uses up a key of `state`.
// Errors: kInvalidArgument for proposals by value that break a rule, kNotFound
// for a pre-shared key that is not known here, kFailedPrecondition in a group
// that has ended.

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/epoch_change.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/services.h"
#include "crypto/mls/welcome.h"

namespace cordon::mls {

// Whether who joins finds the tree in the GroupInfo or is given it beside.
enum class TreePlace : uint8_t { kInside = 1, kBeside = 2 };

struct CommitOptions {
  // By value; those of others that wait in the epoch come by reference.
  std::vector<Proposal> proposals = {};
  bool include_pending = true;
  // A path also where the proposals do not ask for one.
  bool force_path = false;
  // Send the commit as a PrivateMessage.
  bool encrypt = false;
  TreePlace tree = TreePlace::kInside;
  // Shown to who joins by the Welcome, and to nobody else.
  Extensions welcome_extensions = {};
  Bytes authenticated_data = {};
  // What our leaf is to be from now on, with a path.
  std::optional<Identity> identity = std::nullopt;
};

struct MadeCommit {
  Bytes commit;  // an MLSMessage
  // If the commit adds somebody.
  std::optional<Welcome> welcome;
  EpochState next;
  EpochChange change;
};

absl::StatusOr<MadeCommit> MakeCommit(EpochState& state, CommitOptions options,
                                      const Services& services);

// What a GroupInfo shall carry beside the context.
struct GroupInfoOptions {
  bool external_pub = true;
  TreePlace tree = TreePlace::kBeside;
  Extensions extensions = {};
};
GroupInfo MakeGroupInfo(const EpochState& state, GroupInfoOptions options);

// Protect frames signed content for the wire, as it says itself.
absl::StatusOr<Bytes> Protect(AuthenticatedContent content, EpochState& state,
                              RandomSource& random);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_COMMIT_MAKER_H_
