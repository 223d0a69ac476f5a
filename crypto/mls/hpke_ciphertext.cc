#include "crypto/mls/hpke_ciphertext.h"

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"

namespace cordon::mls {

void Write(const HpkeCiphertext& sealed, codec::Writer& out) {
  out.Vector(sealed.kem_output);
  out.Vector(sealed.ciphertext);
}

absl::StatusOr<HpkeCiphertext> ReadHpkeCiphertext(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan kem_output, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan ciphertext, in.Vector());
  return HpkeCiphertext{.kem_output = ToBytes(kem_output),
                        .ciphertext = ToBytes(ciphertext)};
}

}  // namespace cordon::mls
