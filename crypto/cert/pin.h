#ifndef CORDON_CRYPTO_CERT_PIN_H_
#define CORDON_CRYPTO_CERT_PIN_H_

// The pin: how a client knows its relay. SHA-256 of the relay's public key as
// X.509 writes it (SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7). Dates and
// names in the relay's certificate mean nothing.
//
// Text form: 64 lower-case hexadecimal digits.
// Threads: values.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

using Pin = Id<struct PinTag, 32>;

// SpkiDigest is the SHA-256 of the SubjectPublicKeyInfo of an Ed25519 key.
Digest SpkiDigest(const Ed25519PublicKey& key);

Pin PinOf(const Ed25519PublicKey& key);
std::string PinText(const Pin& pin);
// Errors: kInvalidArgument for anything but 64 hexadecimal digits.
absl::StatusOr<Pin> ParsePin(absl::string_view text);

// PinOfPem is the pin of the first certificate in `pem`, of whatever kind of
// key, as TLS stacks hand a peer's certificate out.
// Errors: kInvalidArgument if there is none.
absl::StatusOr<Pin> PinOfPem(absl::string_view pem);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_PIN_H_
