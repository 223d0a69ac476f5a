// Transcript Hashes: what one commit makes of them.

#include <variant>

#include "absl/status/status.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/transcript.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"
#include "crypto/prim/hash.h"

namespace cordon::mls::vectors {

absl::Status VerifyTranscriptHashes(const Fields& vector) {
  CORDON_RETURN_IF_ERROR(CheckSuite(vector));
  CORDON_ASSIGN_OR_RETURN(const Secret key, vector.Hash("confirmation_key"));
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes,
                          vector.Hex("authenticated_content"));
  CORDON_ASSIGN_OR_RETURN(const Bytes before,
                          vector.Hex("interim_transcript_hash_before"));
  CORDON_ASSIGN_OR_RETURN(
      const AuthenticatedContent commit,
      codec::ParseWhole<AuthenticatedContent>(bytes, ReadAuthenticatedContent));
  CORDON_RETURN_IF_ERROR(
      Expect(std::holds_alternative<Commit>(commit.content.content),
             "authenticated_content: no commit"));
  const Digest confirmed = ConfirmedTranscriptHash(before, commit);
  CORDON_RETURN_IF_ERROR(
      vector.Expect("confirmed_transcript_hash_after", confirmed));
  CORDON_RETURN_IF_ERROR(ExpectEqual("confirmation_tag",
                                     ConfirmationTag(key, confirmed),
                                     commit.auth.confirmation_tag));
  return vector.Expect(
      "interim_transcript_hash_after",
      InterimTranscriptHash(confirmed, commit.auth.confirmation_tag));
}

}  // namespace cordon::mls::vectors
