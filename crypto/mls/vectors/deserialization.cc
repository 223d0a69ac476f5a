// Vector Deserialization: headers of variable-size vectors.

#include <cstdint>

#include "absl/status/status.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"

namespace cordon::mls::vectors {

absl::Status VerifyDeserialization(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const Bytes header, vector.Hex("vlbytes_header"));
  codec::Reader in(header);
  CORDON_ASSIGN_OR_RETURN(const uint32_t size, in.VectorSize());
  CORDON_RETURN_IF_ERROR(in.End());
  return vector.Expect("length", size);
}

}  // namespace cordon::mls::vectors
