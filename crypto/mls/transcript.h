#ifndef CORDON_CRYPTO_MLS_TRANSCRIPT_H_
#define CORDON_CRYPTO_MLS_TRANSCRIPT_H_

// The two running hashes over all commits of a group. RFC 9420, section 8.2.
//
//   confirmed[n] = Hash(interim[n-1] || wire_format || content || signature<V>)
//   interim[n]   = Hash(confirmed[n] || confirmation_tag<V>)
//
// Threads: pure functions.

#include "crypto/base/bytes.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {

// ConfirmedTranscriptHash is the one after `commit`; `interim_before` is empty
// only in a test, never in a group.
Digest ConfirmedTranscriptHash(ByteSpan interim_before,
                               const AuthenticatedContent& commit);

Digest InterimTranscriptHash(ByteSpan confirmed, ByteSpan confirmation_tag);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_TRANSCRIPT_H_
