#ifndef CORDON_CRYPTO_POLICY_INBOX_KEY_H_
#define CORDON_CRYPTO_POLICY_INBOX_KEY_H_

// The inbox key of a device, an extension of its leaf: an X25519 public key to
// which colleagues seal what only this device should read (the history of a
// grant, by HPKE). It is not the leaf's MLS key, which changes with every
// commit; the leaf's signature vouches for it.
//
//   struct { opaque public_key[32]; } InboxKey;
//
// Threads: pure functions. Errors: kInvalidArgument for another length, for the
// zero key and for a leaf without the extension. Other keys of small order are
// refused by HPKE when sealing (kem_x25519.h).

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/extension.h"
#include "crypto/prim/kem_x25519.h"

namespace cordon::policy {

mls::Extension InboxKeyExtension(const X25519PublicKey& key);

absl::StatusOr<X25519PublicKey> ParseInboxKey(ByteSpan extension_data);

// InboxKeyOf reads the key from a leaf's extensions.
absl::StatusOr<X25519PublicKey> InboxKeyOf(const mls::Extensions& leaf);

}  // namespace cordon::policy

#endif  // CORDON_CRYPTO_POLICY_INBOX_KEY_H_
