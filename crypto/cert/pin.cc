#include "crypto/cert/pin.h"

#include <openssl/x509.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/pem.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {
namespace {

// RFC 8410, section 4: SEQUENCE { SEQUENCE { 1.3.101.112 }, BIT STRING }.
constexpr std::array<uint8_t, 12> kEd25519SpkiPrefix = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

}  // namespace

Digest SpkiDigest(const Ed25519PublicKey& key) {
  return Sha256(Concat(kEd25519SpkiPrefix, key));
}

Pin PinOf(const Ed25519PublicKey& key) {
  return Pin(SpkiDigest(key));
}

std::string PinText(const Pin& pin) {
  return ToHex(pin.span());
}

absl::StatusOr<Pin> ParsePin(absl::string_view text) {
  const absl::StatusOr<Bytes> bytes = FromHex(text);
  if (!bytes.ok() || bytes->size() != Pin::kBytes) {
    return absl::InvalidArgumentError("pin: must be 64 hexadecimal digits");
  }
  return Pin::Parse(*bytes);
}

absl::StatusOr<Pin> PinOfPem(absl::string_view pem) {
  const ErrorQueueScope errors;
  CORDON_ASSIGN_OR_RETURN(const std::vector<Bytes> chain,
                          CertificatesFromPem(pem));
  const uint8_t* at = chain.front().data();
  const X509Ptr x509(
      d2i_X509(nullptr, &at, static_cast<long>(chain.front().size())));
  if (x509 == nullptr) {
    return absl::InvalidArgumentError("pin: the certificate does not parse");
  }
  return Pin(Sha256(
      ToDer<X509_PUBKEY>(X509_get_X509_PUBKEY(x509.get()), i2d_X509_PUBKEY)));
}

}  // namespace cordon::cert
