#ifndef CORDON_TESTS_UNIT_CRYPTO_CERT_RAW_CERTIFICATE_H_
#define CORDON_TESTS_UNIT_CRYPTO_CERT_RAW_CERTIFICATE_H_

// Certificates that our issuer would never make, for showing that they are
// refused, and OpenSSL's own verdict on them, for showing that ours was needed.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/certificate.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::testing {

// A certificate as it comes: extensions by OpenSSL's number, each in the
// syntax of openssl.cnf ("critical,URI:cordon://…").
struct RawCertificate {
  std::string subject;  // common name; empty for none
  std::string issuer = "cordon issuing";
  cert::Validity validity;
  std::map<int, std::string> extensions;
  Bytes roles;  // content of the roles extension; empty for none
};

// Sign makes the DER. `issuer_key`'s id is written as the authority key id.
Bytes Sign(const RawCertificate& raw, const Ed25519PublicKey& subject_key,
           const Ed25519PrivateKey& issuer_key);

// OpenSSL's path check as it comes, and with X509_V_FLAG_X509_STRICT, as
// crypto/cert asks for it.
enum class PathCheck : uint8_t { kPlain = 1, kStrict = 2 };

// OpensslAccepts is X509_verify_cert at `at`, nothing of ours around it.
bool OpensslAccepts(const std::vector<ByteSpan>& leaf_to_root, absl::Time at,
                    PathCheck check);

// What an honest device and issuing certificate carry; tests bend one of them.
RawCertificate RawDevice(const std::string& names, absl::Time now);
RawCertificate RawIssuing(const std::string& constraint, absl::Time now);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_UNIT_CRYPTO_CERT_RAW_CERTIFICATE_H_
