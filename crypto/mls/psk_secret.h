#ifndef CORDON_CRYPTO_MLS_PSK_SECRET_H_
#define CORDON_CRYPTO_MLS_PSK_SECRET_H_

// From pre-shared keys to the one secret that enters the key schedule. RFC
// 9420, section 8.4; and the question where the keys come from.
//
// Threads: pure functions.
// Errors: kResourceExhausted beyond kPsksMax; what the lookup says, as said.

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"

namespace cordon::mls {

// PskLookup is what a group asks its application: the keys it was given, and
// resumption keys that the group itself no longer has or never had.
class PskLookup {
 public:
  virtual ~PskLookup() = default;

  // Errors: kNotFound if there is no such key.
  virtual absl::StatusOr<SecretBytes> External(ByteSpan id) const = 0;
  virtual absl::StatusOr<SecretBytes> Resumption(ByteSpan group_id,
                                                 Epoch epoch) const = 0;
};

// NoPsks knows none.
const PskLookup& NoPsks();

// DerivePskSecret asks for every key in order and chains them; all zero for
// none.
absl::StatusOr<Secret> DerivePskSecret(absl::Span<const PreSharedKeyId> ids,
                                       const PskLookup& lookup);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_PSK_SECRET_H_
