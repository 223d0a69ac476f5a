// Everything that crypto/cert reads from strangers: what it takes, it takes in
// one encoding, and nothing crashes on the rest.
//
// The first byte says which parser gets what follows.

#include <cstddef>
#include <cstdint>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/join_answer.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pem.h"
#include "crypto/cert/role.h"
#include "tests/support/test_pki.h"

namespace cordon::cert {
namespace {

// A list is only ever read with its issuer's certificate at hand.
const Certificate& SomeIssuer() {
  static const auto& pki = *new testing::TestPki;
  return pki.root().certificate();
}

void ParseOne(uint8_t kind, ByteSpan input) {
  switch (kind % 9) {
    case 0:
      if (const auto it = Certificate::Parse(input); it.ok()) {
        CORDON_CHECK(Equal(it->der(), input));
      }
      break;
    case 1:
      if (const auto it = Csr::Parse(input); it.ok()) {
        CORDON_CHECK(Equal(it->der(), input));
      }
      break;
    case 2:
      if (const auto it = Crl::Parse(input, SomeIssuer()); it.ok()) {
        CORDON_CHECK(Equal(it->der(), input));
      }
      break;
    case 3:
      if (const auto it = Invitation::ParseText(AsText(input)); it.ok()) {
        CORDON_CHECK(
            Invitation::ParseText(AsText(it->ToText().ExposeSecret())).ok());
      }
      break;
    case 4:
      if (const auto it = JoinRequest::Parse(input); it.ok()) {
        CORDON_CHECK(Equal(it->bytes(), input));
      }
      break;
    case 5:
      if (const auto it = JoinAnswer::Parse(input); it.ok()) {
        CORDON_CHECK(Equal(it->ToBytes(), input));
      }
      break;
    case 6:
      if (const auto it = DeviceName::ParseUri(AsText(input)); it.ok()) {
        CORDON_CHECK(it->uri() == AsText(input));
      }
      break;
    case 7:
      (void)RolesFromDer(input).ok();
      break;
    default:
      (void)CertificatesFromPem(AsText(input)).ok();
      break;
  }
}

}  // namespace
}  // namespace cordon::cert

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 0) cordon::cert::ParseOne(data[0], {data + 1, size - 1});
  return 0;
}
