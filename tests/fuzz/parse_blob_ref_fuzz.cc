// Whatever parses as a reference to a file is written back byte by byte, and
// speaks of a file that may be.

#include <cstddef>
#include <cstdint>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/blob/blob_ref.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using cordon::blob::BlobRef;
  const cordon::ByteSpan in(data, size);
  if (const auto ref = BlobRef::Parse(in); ref.ok()) {
    CORDON_CHECK(cordon::Equal(ref->Serialize().ExposeSecret(), in));
    CORDON_CHECK(cordon::blob::CheckFileBytes(ref->plaintext_bytes()).ok());
    CORDON_CHECK(ref->ciphertext_bytes() > ref->plaintext_bytes());
  }
  return 0;
}
