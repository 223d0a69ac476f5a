#ifndef CORDON_CRYPTO_CERT_SERIAL_H_
#define CORDON_CRYPTO_CERT_SERIAL_H_

// Serial numbers between our type and OpenSSL's; for this folder's sources.
// A serial is a positive INTEGER of at most 128 bits, leading zeros restored.

#include <openssl/types.h>

#include "absl/status/statusor.h"

#include "crypto/cert/certificate.h"
#include "crypto/cert/openssl.h"

namespace cordon::cert {

Asn1IntegerPtr WriteSerial(const Serial& serial);
// Errors: kInvalidArgument for zero, a negative or a longer number.
absl::StatusOr<Serial> ReadSerial(const ASN1_INTEGER* integer);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_SERIAL_H_
