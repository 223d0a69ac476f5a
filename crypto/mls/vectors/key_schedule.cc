// Key Schedule: all secrets of a chain of epochs.

#include "crypto/mls/key_schedule.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"
#include "crypto/prim/hkdf.h"

namespace cordon::mls::vectors {
namespace {

absl::Status VerifyExporter(const Fields& vector, const Secret& secret) {
  CORDON_ASSIGN_OR_RETURN(const std::string label, vector.Text("label"));
  CORDON_ASSIGN_OR_RETURN(const Bytes context, vector.Hex("context"));
  CORDON_ASSIGN_OR_RETURN(const uint64_t length, vector.Uint("length"));
  if (length > kHkdfOutputBytesMax) {
    return absl::InvalidArgumentError("length: too long");
  }
  return vector.Expect("secret",
                       Export(secret, label, context, length).ExposeSecret());
}

absl::Status VerifySecrets(const Fields& vector, const EpochSecrets& secrets) {
  const struct {
    const char* name;
    const Secret& secret;
  } parts[] = {{"init_secret", secrets.init},
               {"sender_data_secret", secrets.sender_data},
               {"encryption_secret", secrets.encryption},
               {"exporter_secret", secrets.exporter},
               {"epoch_authenticator", secrets.epoch_authenticator},
               {"external_secret", secrets.external},
               {"confirmation_key", secrets.confirmation_key},
               {"membership_key", secrets.membership_key},
               {"resumption_psk", secrets.resumption_psk}};
  for (const auto& part : parts) {
    CORDON_RETURN_IF_ERROR(
        vector.Expect(part.name, part.secret.ExposeSecret()));
  }
  CORDON_RETURN_IF_ERROR(vector.Expect(
      "external_pub", ExternalKeyPair(secrets.external).public_key));
  CORDON_ASSIGN_OR_RETURN(const Fields exporter, vector.Object("exporter"));
  return VerifyExporter(exporter, secrets.exporter);
}

// Says the init secret of the next epoch.
absl::StatusOr<Secret> VerifyEpoch(const Fields& vector, GroupContext context,
                                   const Secret& init) {
  CORDON_ASSIGN_OR_RETURN(context.tree_hash, vector.Hex("tree_hash"));
  CORDON_ASSIGN_OR_RETURN(context.confirmed_transcript_hash,
                          vector.Hex("confirmed_transcript_hash"));
  CORDON_ASSIGN_OR_RETURN(const Secret commit_secret,
                          vector.Hash("commit_secret"));
  CORDON_ASSIGN_OR_RETURN(const Secret psk_secret, vector.Hash("psk_secret"));
  const Bytes context_bytes = codec::Serialize(context);
  CORDON_RETURN_IF_ERROR(vector.Expect("group_context", context_bytes));
  const Secret joiner = DeriveJoinerSecret(init, commit_secret, context_bytes);
  CORDON_RETURN_IF_ERROR(vector.Expect("joiner_secret", joiner.ExposeSecret()));
  CORDON_RETURN_IF_ERROR(
      vector.Expect("welcome_secret",
                    DeriveWelcomeSecret(joiner, psk_secret).ExposeSecret()));
  EpochSecrets secrets = DeriveEpochSecrets(joiner, psk_secret, context_bytes);
  CORDON_RETURN_IF_ERROR(VerifySecrets(vector, secrets));
  return std::move(secrets.init);
}

}  // namespace

absl::Status VerifyKeySchedule(const Fields& vector) {
  CORDON_RETURN_IF_ERROR(CheckSuite(vector));
  GroupContext context;
  CORDON_ASSIGN_OR_RETURN(context.group_id, vector.Hex("group_id"));
  CORDON_ASSIGN_OR_RETURN(Secret init, vector.Hash("initial_init_secret"));
  CORDON_ASSIGN_OR_RETURN(const std::vector<Fields> epochs,
                          vector.Array("epochs"));
  for (size_t i = 0; i < epochs.size(); ++i) {
    context.epoch = Epoch{i};
    CORDON_ASSIGN_OR_RETURN(init, VerifyEpoch(epochs[i], context, init));
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls::vectors
