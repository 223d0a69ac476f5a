// What is stored or received of records is written back byte by byte, whatever
// of it parses: a signed record because its bytes are kept, a track because
// one state has one form. The first byte chooses the parser.

#include <cstddef>
#include <cstdint>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/prim/sign_ed25519.h"
#include "crypto/record/head_check.h"
#include "crypto/record/signed_record.h"

namespace {

using ::cordon::ByteSpan;
using ::cordon::Equal;

void TrySignedRecord(ByteSpan in) {
  const auto parsed = cordon::record::SignedRecord::Parse(in);
  if (!parsed.ok()) return;
  CORDON_CHECK(Equal(parsed->bytes(), in));
  CORDON_CHECK(!parsed->record().empty());
  // No fuzzer finds a signature under the key of all zeros: it is refused.
  CORDON_CHECK(!parsed->VerifySignature(cordon::Ed25519PublicKey{}).ok());
}

void TryTrack(ByteSpan in) {
  const auto parsed = cordon::record::AuthorTrack::Parse(in);
  if (!parsed.ok()) return;
  CORDON_CHECK(Equal(parsed->Serialize(), in));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const ByteSpan in(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    TrySignedRecord(in);
  } else {
    TryTrack(in);
  }
  return 0;
}
