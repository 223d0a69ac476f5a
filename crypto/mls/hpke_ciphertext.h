#ifndef CORDON_CRYPTO_MLS_HPKE_CIPHERTEXT_H_
#define CORDON_CRYPTO_MLS_HPKE_CIPHERTEXT_H_

// What HPKE made for one recipient, as it travels. RFC 9420, section 5.1.3.
//
//   struct { opaque kem_output<V>; opaque ciphertext<V>; } HPKECiphertext;
//
// Any sizes: the codec knows no suite.
// Threads: a value.
// Errors: kInvalidArgument for what does not parse.

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"

namespace cordon::mls {

struct HpkeCiphertext {
  Bytes kem_output;
  Bytes ciphertext;

  friend bool operator==(const HpkeCiphertext&,
                         const HpkeCiphertext&) = default;
};

void Write(const HpkeCiphertext& sealed, codec::Writer& out);
absl::StatusOr<HpkeCiphertext> ReadHpkeCiphertext(codec::Reader& in);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_HPKE_CIPHERTEXT_H_
