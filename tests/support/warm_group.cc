#include "tests/support/warm_group.h"

#include <utility>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/number.h"
#include "crypto/mls/epoch_advance.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/group.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/hash.h"
#include "tests/support/mls_clients.h"

namespace cordon::testing {

mls::Group GroupOver(KnownTree& known, mls::LeafIndex self) {
  const Digest tree_hash = known.tree().RootHash();
  auto shared = mls::EpochPublic::Of(
      mls::GroupContext{.group_id = ToBytes(KnownTree::kGroupId),
                        .epoch = Epoch{1},
                        .tree_hash = ToBytes(tree_hash),
                        .confirmed_transcript_hash = Bytes(kDigestBytes, 1),
                        .extensions = {}},
      known.tree());
  const mls::Secret joiner;
  auto secrets =
      mls::DeriveEpochSecrets(joiner, mls::Secret(), shared.context_bytes);
  const Digest tag = mls::ConfirmationTag(
      secrets.confirmation_key, shared.context.confirmed_transcript_hash);
  auto state =
      mls::MakeState(std::move(shared), std::move(secrets),
                     {.path = known.KeysOf(self),
                      .signer = known.client(self.value).signer.CloneSecret()},
                     tag);
  mls::StateChanges changes;
  state.SaveTo(changes);
  std::vector<mls::StatePiece> pieces;
  for (mls::StateChange& change : changes) {
    if (!change.value.has_value()) continue;
    pieces.push_back({std::move(change.name), *std::move(change.value)});
  }
  auto group = mls::Group::Load(pieces);
  CORDON_CHECK(group.ok());
  return *std::move(group);
}

}  // namespace cordon::testing
