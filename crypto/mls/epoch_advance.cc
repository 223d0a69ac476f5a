#include "crypto/mls/epoch_advance.h"

#include <utility>

#include "crypto/base/bytes.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/transcript.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {

GroupContext ProvisionalContext(const GroupContext& old,
                                const RatchetTree& tree,
                                Extensions extensions) {
  const Digest tree_hash = tree.RootHash();
  return GroupContext{
      .version = old.version,
      .cipher_suite = old.cipher_suite,
      .group_id = old.group_id,
      .epoch = old.epoch.Next(),
      .tree_hash = ToBytes(tree_hash),
      .confirmed_transcript_hash = old.confirmed_transcript_hash,
      .extensions = std::move(extensions)};
}

AdvancedEpoch Advance(const ScheduleInputs& inputs,
                      const AuthenticatedContent& commit, GroupContext context,
                      RatchetTree tree) {
  const Digest confirmed =
      ConfirmedTranscriptHash(inputs.interim_transcript_hash, commit);
  context.confirmed_transcript_hash = ToBytes(confirmed);
  EpochPublic shared = EpochPublic::Of(std::move(context), std::move(tree));
  Secret joiner = DeriveJoinerSecret(inputs.init, inputs.commit_secret,
                                     shared.context_bytes);
  Secret welcome = DeriveWelcomeSecret(joiner, inputs.psk_secret);
  EpochSecrets secrets =
      DeriveEpochSecrets(joiner, inputs.psk_secret, shared.context_bytes);
  const Digest tag = ConfirmationTag(secrets.confirmation_key, confirmed);
  return AdvancedEpoch{.shared = std::move(shared),
                       .secrets = std::move(secrets),
                       .joiner = std::move(joiner),
                       .welcome = std::move(welcome),
                       .confirmation_tag = tag};
}

EpochState MakeState(EpochPublic shared, EpochSecrets secrets, OwnKeys own,
                     ByteSpan confirmation_tag) {
  OpeningKeys opening{.self = own.path.self(),
                      .sender_data = std::move(secrets.sender_data),
                      .resumption_psk = std::move(secrets.resumption_psk),
                      .messages = SecretTree::Create(
                          shared.tree.width(), std::move(secrets.encryption))};
  MemberKeys member{
      .init = std::move(secrets.init),
      .exporter = std::move(secrets.exporter),
      .external = std::move(secrets.external),
      .membership_key = std::move(secrets.membership_key),
      .epoch_authenticator = std::move(secrets.epoch_authenticator),
      .path = std::move(own.path),
      .signer = std::move(own.signer),
      .interim_transcript_hash = InterimTranscriptHash(
          shared.context.confirmed_transcript_hash, confirmation_tag),
      .confirmation_tag = ToBytes(confirmation_tag)};
  return EpochState(std::move(shared), std::move(opening), std::move(member));
}

}  // namespace cordon::mls
