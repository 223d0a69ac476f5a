#include "crypto/cert/serial.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/openssl.h"
#include "tests/support/status_matchers.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;

Asn1IntegerPtr FromHexNumber(const char* hex) {
  BIGNUM* raw = nullptr;
  BN_hex2bn(&raw, hex);
  const BignumPtr number(raw);
  return Asn1IntegerPtr(BN_to_ASN1_INTEGER(number.get(), nullptr));
}

TEST(SerialTest, ReadsBackWithItsLeadingZerosAndHighBit) {
  for (const char* hex :
       {"00000000000000000000000000000001", "ffffffffffffffffffffffffffffffff",
        "80000000000000000000000000000000",
        "0000123456789abcdef0000000000000"}) {
    const Serial serial = *Serial::Parse(*FromHex(hex));
    EXPECT_THAT(ReadSerial(WriteSerial(serial).get()), IsOkAndHolds(serial));
  }
}

TEST(SerialTest, ZeroNegativeAndLongerNumbersAreRefused) {
  for (const char* hex : {"0", "-1", "-ffffffffffffffffffffffffffffffff",
                          "0100000000000000000000000000000000"}) {
    EXPECT_THAT(ReadSerial(FromHexNumber(hex).get()),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << hex;
  }
}

}  // namespace
}  // namespace cordon::cert
