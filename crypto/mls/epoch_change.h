#ifndef CORDON_CRYPTO_MLS_EPOCH_CHANGE_H_
#define CORDON_CRYPTO_MLS_EPOCH_CHANGE_H_

// What a commit changed, in a form that rules of a room can be asked about
// before the next epoch is adopted. A value.

#include <optional>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/tree_math.h"

namespace cordon::mls {

struct EpochChange {
  // In the new tree; for an external commit the leaf that was just taken.
  LeafIndex committer;
  bool external = false;
  bool has_path = false;
  std::vector<ListedProposal> proposals;
  std::vector<LeafIndex> added;
  std::vector<LeafIndex> removed;
  std::vector<LeafIndex> updated;
  // The group has ended and is to go on as another.
  std::optional<ReInit> re_init = std::nullopt;
  Bytes authenticated_data = {};
};

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_EPOCH_CHANGE_H_
