// What is stored or received of records is written back byte by byte, whatever
// of it parses: a signed record because its bytes are kept, the tracks because
// one state has one form. The first byte chooses the parser.

#include <cstddef>
#include <cstdint>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/prim/sign_ed25519.h"
#include "crypto/record/crl_track.h"
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

template <typename Track>
void TryTrack(ByteSpan in) {
  const auto parsed = Track::Parse(in);
  if (!parsed.ok()) return;
  CORDON_CHECK(Equal(parsed->Serialize(), in));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const ByteSpan in(data + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      TrySignedRecord(in);
      break;
    case 1:
      TryTrack<cordon::record::AuthorTrack>(in);
      break;
    default:
      TryTrack<cordon::record::CrlTrack>(in);
      break;
  }
  return 0;
}
