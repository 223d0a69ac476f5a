#include "crypto/mls/transcript.h"

#include <cstdint>

#include "crypto/base/bytes.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {

Digest ConfirmedTranscriptHash(ByteSpan interim_before,
                               const AuthenticatedContent& commit) {
  codec::Writer out;
  out.Fixed(interim_before);
  out.U16(static_cast<uint16_t>(commit.wire_format));
  Write(commit.content, out);
  out.Vector(commit.auth.signature);
  return Sha256(out.bytes());
}

Digest InterimTranscriptHash(ByteSpan confirmed, ByteSpan confirmation_tag) {
  codec::Writer out;
  out.Fixed(confirmed);
  out.Vector(confirmation_tag);
  return Sha256(out.bytes());
}

}  // namespace cordon::mls
