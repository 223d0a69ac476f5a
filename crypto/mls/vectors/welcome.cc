// Welcome: a joiner's secrets and what they open.

#include "crypto/mls/welcome.h"

#include <utility>

#include "absl/status/status.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/group_secrets.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"

namespace cordon::mls::vectors {

absl::Status VerifyWelcome(const Fields& vector) {
  CORDON_RETURN_IF_ERROR(CheckSuite(vector));
  CORDON_ASSIGN_OR_RETURN(auto init_priv, vector.Hash("init_priv"));
  CORDON_ASSIGN_OR_RETURN(const Bytes signer_pub, vector.Hex("signer_pub"));
  CORDON_ASSIGN_OR_RETURN(const Bytes key_package_bytes,
                          vector.Hex("key_package"));
  CORDON_ASSIGN_OR_RETURN(const Bytes welcome_bytes, vector.Hex("welcome"));
  CORDON_ASSIGN_OR_RETURN(const KeyPackage key_package,
                          ParseAs<KeyPackage>(key_package_bytes));
  CORDON_ASSIGN_OR_RETURN(const Welcome welcome,
                          ParseAs<Welcome>(welcome_bytes));
  const auto init_key = hpke::KeyPair::Of(std::move(init_priv));
  CORDON_RETURN_IF_ERROR(
      ExpectEqual("init_priv", init_key.public_key, key_package.init_key));

  CORDON_ASSIGN_OR_RETURN(const EncryptedGroupSecrets* own,
                          FindSecrets(welcome, MakeKeyPackageRef(key_package)));
  CORDON_ASSIGN_OR_RETURN(
      const GroupSecrets secrets,
      OpenGroupSecrets(*own, init_key, welcome.encrypted_group_info));
  CORDON_RETURN_IF_ERROR(Expect(secrets.psks.empty(), "welcome: has PSKs"));
  CORDON_ASSIGN_OR_RETURN(const Secret joiner,
                          Secret::Copy(secrets.joiner_secret.ExposeSecret()));
  const Secret no_psks;
  CORDON_ASSIGN_OR_RETURN(const GroupInfo info,
                          OpenGroupInfo(welcome.encrypted_group_info,
                                        DeriveWelcomeSecret(joiner, no_psks)));
  CORDON_RETURN_IF_ERROR(VerifyGroupInfo(info, signer_pub));
  const EpochSecrets epoch =
      DeriveEpochSecrets(joiner, no_psks, codec::Serialize(info.group_context));
  return ExpectEqual(
      "confirmation_tag",
      ConfirmationTag(epoch.confirmation_key,
                      info.group_context.confirmed_transcript_hash),
      info.confirmation_tag);
}

}  // namespace cordon::mls::vectors
