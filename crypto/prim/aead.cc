#include "crypto/prim/aead.h"

#include <sodium.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"

namespace cordon {
namespace {

static_assert(kAeadKeyBytes == crypto_aead_chacha20poly1305_ietf_KEYBYTES);
static_assert(kAeadNonceBytes == crypto_aead_chacha20poly1305_ietf_NPUBBYTES);
static_assert(kAeadTagBytes == crypto_aead_chacha20poly1305_ietf_ABYTES);

absl::Status CannotOpen() {
  return absl::InvalidArgumentError("aead: does not open");
}

// Out must have room for sealed.size() - kAeadTagBytes.
bool OpenInto(const AeadKey& key, const AeadNonce& nonce, ByteSpan associated,
              ByteSpan sealed, MutableByteSpan out) {
  return crypto_aead_chacha20poly1305_ietf_decrypt(
             out.data(), nullptr, nullptr, sealed.data(), sealed.size(),
             associated.data(), associated.size(), nonce.data(),
             key.ExposeSecret().data()) == 0;
}

}  // namespace

Bytes AeadSeal(const AeadKey& key, const AeadNonce& nonce, ByteSpan associated,
               ByteSpan plaintext) {
  Bytes sealed(plaintext.size() + kAeadTagBytes);
  crypto_aead_chacha20poly1305_ietf_encrypt(
      sealed.data(), nullptr, plaintext.data(), plaintext.size(),
      associated.data(), associated.size(), nullptr, nonce.data(),
      key.ExposeSecret().data());
  return sealed;
}

absl::StatusOr<Bytes> AeadOpen(const AeadKey& key, const AeadNonce& nonce,
                               ByteSpan associated, ByteSpan sealed) {
  if (sealed.size() < kAeadTagBytes) return CannotOpen();
  Bytes plaintext(sealed.size() - kAeadTagBytes);
  if (!OpenInto(key, nonce, associated, sealed, absl::MakeSpan(plaintext))) {
    return CannotOpen();
  }
  return plaintext;
}

absl::StatusOr<SecretBytes> AeadOpenSecret(const AeadKey& key,
                                           const AeadNonce& nonce,
                                           ByteSpan associated,
                                           ByteSpan sealed) {
  if (sealed.size() < kAeadTagBytes) return CannotOpen();
  SecretBytes plaintext(sealed.size() - kAeadTagBytes);
  if (!OpenInto(key, nonce, associated, sealed, plaintext.MutableSecret())) {
    return CannotOpen();
  }
  return plaintext;
}

}  // namespace cordon
