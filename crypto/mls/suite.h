#ifndef CORDON_CRYPTO_MLS_SUITE_H_
#define CORDON_CRYPTO_MLS_SUITE_H_

// The one protocol version and the one cipher suite that this code speaks:
// MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519. RFC 9420, 5.1 and 17.1.
// Both registries are open: the codec reads any number, validation takes ours.

#include <cstddef>
#include <cstdint>

#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/prim/aead.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {

using ProtocolVersion = Number<struct ProtocolVersionTag, uint16_t>;
using CipherSuite = Number<struct CipherSuiteTag, uint16_t>;

inline constexpr ProtocolVersion kMls10{1};
inline constexpr CipherSuite kCipherSuite{3};

// KDF.Nh, AEAD.Nk and AEAD.Nn of the suite.
inline constexpr size_t kHashBytes = kDigestBytes;
inline constexpr size_t kKeyBytes = kAeadKeyBytes;
inline constexpr size_t kNonceBytes = kAeadNonceBytes;

// What the key schedule and the trees pass on.
using Secret = SecretArray<kHashBytes>;

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_SUITE_H_
