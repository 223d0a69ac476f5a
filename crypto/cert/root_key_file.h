#ifndef CORDON_CRYPTO_CERT_ROOT_KEY_FILE_H_
#define CORDON_CRYPTO_CERT_ROOT_KEY_FILE_H_

// The authority's root key as a file: apart from the daily vault, because it is
// needed only when an organisation joins or is put out. Works on bytes; where
// they lie is the caller's business.
//
//   struct {                        TLS presentation, RFC 9420 section 2
//     opaque magic[8] = "CORDONRK"; uint8 version = 1;
//     uint32 passes; uint64 memory_bytes; opaque salt[16];   Argon2id
//     opaque nonce[12];
//     opaque root<V>;               the root certificate, DER
//     opaque sealed[48];            the key's seed, ChaCha20-Poly1305 under
//   } RootKeyFile;                  the derived key; all before it associated
//
// Gives: without the passphrase the key cannot be had, and nothing in the file
// can be changed unnoticed. Does not give: protection of a weak passphrase
// beyond what Argon2id costs per guess.
// Threads: pure functions; both take the cost's memory for the call.

#include <cstdint>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/cert/issuer.h"
#include "crypto/prim/pwhash.h"

namespace cordon::cert {

inline constexpr PwhashCost kRootKeyFileCost{
    .passes = 3, .memory_bytes = uint64_t{256} * 1024 * 1024};

// Errors: as DeriveFromPassphrase.
absl::StatusOr<Bytes> SealRootKeyFile(
    const RootIssuer& root, const SecretBytes& passphrase, RandomSource& random,
    const PwhashCost& cost = kRootKeyFileCost);

// Errors: kDataLoss for what is no root key file; kPermissionDenied if the
// passphrase does not open it, or the file was changed: they look alike.
absl::StatusOr<RootIssuer> OpenRootKeyFile(ByteSpan file,
                                           const SecretBytes& passphrase);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_ROOT_KEY_FILE_H_
