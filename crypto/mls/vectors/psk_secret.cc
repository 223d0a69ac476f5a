// Pre-Shared Keys: the secret that a list of external keys gives.

#include "crypto/mls/psk_secret.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/given_psks.h"
#include "crypto/mls/vectors/kinds.h"

namespace cordon::mls::vectors {

absl::Status VerifyPskSecret(const Fields& vector) {
  CORDON_RETURN_IF_ERROR(CheckSuite(vector));
  CORDON_ASSIGN_OR_RETURN(const std::vector<Fields> psks, vector.Array("psks"));
  GivenPsks known;
  std::vector<PreSharedKeyId> ids;
  for (const Fields& psk : psks) {
    CORDON_ASSIGN_OR_RETURN(Bytes id, psk.Hex("psk_id"));
    CORDON_ASSIGN_OR_RETURN(const Bytes key, psk.Hex("psk"));
    CORDON_ASSIGN_OR_RETURN(Bytes nonce, psk.Hex("psk_nonce"));
    known.Add(id, key);
    ids.push_back(
        {.psk = ExternalPsk{std::move(id)}, .nonce = std::move(nonce)});
  }
  CORDON_ASSIGN_OR_RETURN(const Secret secret, DerivePskSecret(ids, known));
  return vector.Expect("psk_secret", secret.ExposeSecret());
}

}  // namespace cordon::mls::vectors
