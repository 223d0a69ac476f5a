#ifndef CORDON_CRYPTO_CERT_CSR_H_
#define CORDON_CRYPTO_CERT_CSR_H_

// Certification requests, PKCS #10 (RFC 2986): "this key is mine, and it asks
// to be certified as …". The signature proves possession of the key; the name
// is a wish, which the issuer compares with what it offered.
//
// A request carries the extensions of its usage's profile (profile.h) without
// roles, and an empty subject.
// Threads: values.
// Errors: kInvalidArgument for what does not parse or fits no profile;
// kUnauthenticated if the signature is not the key's.

#include <optional>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/name.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

class Csr {
 public:
  // ForDevice asks for an identity or transport certificate (checked).
  static Csr ForDevice(Usage usage, const DeviceName& device,
                       const Ed25519PrivateKey& key);
  // ForIssuing asks for an organisation's issuing certificate.
  static Csr ForIssuing(const OrgName& org, const Ed25519PrivateKey& key);

  // Parse refuses anything beyond kCertificateBytesMax, and verifies the
  // signature.
  static absl::StatusOr<Csr> Parse(ByteSpan der);

  const Bytes& der() const { return der_; }
  Usage usage() const { return usage_; }
  const Ed25519PublicKey& public_key() const { return public_key_; }
  // The organisation of a request for an issuing certificate, or a device's.
  const OrgName& org() const { return org_; }
  // None in a request for an issuing certificate.
  const std::optional<DeviceName>& device() const { return device_; }

 private:
  Csr(Usage usage, OrgName org, std::optional<DeviceName> device);

  // Sign fills der_ and public_key_.
  void Sign(const Ed25519PrivateKey& key);

  Bytes der_;
  Usage usage_;
  Ed25519PublicKey public_key_{};
  OrgName org_;
  std::optional<DeviceName> device_;
};

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_CSR_H_
