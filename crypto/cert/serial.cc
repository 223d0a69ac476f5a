#include "crypto/cert/serial.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>

#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/check.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/openssl.h"

namespace cordon::cert {

Asn1IntegerPtr WriteSerial(const Serial& serial) {
  const BignumPtr number(
      BN_bin2bn(serial.span().data(), Serial::kBytes, nullptr));
  CORDON_CHECK(number != nullptr);
  Asn1IntegerPtr integer(BN_to_ASN1_INTEGER(number.get(), nullptr));
  CORDON_CHECK(integer != nullptr);
  return integer;
}

absl::StatusOr<Serial> ReadSerial(const ASN1_INTEGER* integer) {
  const BignumPtr number(ASN1_INTEGER_to_BN(integer, nullptr));
  if (number == nullptr || BN_is_zero(number.get()) != 0 ||
      BN_is_negative(number.get()) != 0 ||
      BN_num_bytes(number.get()) > static_cast<int>(Serial::kBytes)) {
    return absl::InvalidArgumentError(
        "certificate: the serial number is out of range");
  }
  std::array<uint8_t, Serial::kBytes> raw{};
  CORDON_CHECK(BN_bn2binpad(number.get(), raw.data(), raw.size()) ==
               static_cast<int>(raw.size()));
  return Serial(raw);
}

}  // namespace cordon::cert
