#ifndef CORDON_CRYPTO_MLS_VECTORS_KINDS_H_
#define CORDON_CRYPTO_MLS_VECTORS_KINDS_H_

// The kinds of vectors that the MLS working group publishes, one verifier a
// kind, each in its own source. What verifying each means is written in the
// group's test-vectors.md; the names are theirs.
//
// A verifier is OK if the whole case holds; else its status says what differed
// first. kUnimplemented marks a case of a cipher suite that is not ours.
// Threads: pure functions.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "crypto/mls/vectors/fields.h"

namespace cordon::mls::vectors {

using Verify = absl::Status (*)(const Fields& vector);

struct Kind {
  // The file's name without ".json", or how it begins.
  absl::string_view name;
  Verify verify = nullptr;
  bool is_prefix = false;
};

absl::Span<const Kind> Kinds();

// FindKind is null for a file of no known kind; `stem` is without ".json".
const Kind* FindKind(absl::string_view stem);

absl::Status VerifyCryptoBasics(const Fields& vector);
absl::Status VerifyDeserialization(const Fields& vector);
absl::Status VerifyKeySchedule(const Fields& vector);
absl::Status VerifyMessageProtection(const Fields& vector);
absl::Status VerifyMessages(const Fields& vector);
absl::Status VerifyPassiveClient(const Fields& vector);
absl::Status VerifyPskSecret(const Fields& vector);
absl::Status VerifySecretTree(const Fields& vector);
absl::Status VerifyTranscriptHashes(const Fields& vector);
absl::Status VerifyTreeKem(const Fields& vector);
absl::Status VerifyTreeMath(const Fields& vector);
absl::Status VerifyTreeOperations(const Fields& vector);
absl::Status VerifyTreeValidation(const Fields& vector);
absl::Status VerifyWelcome(const Fields& vector);

// CheckSuite is what a verifier of a kind with suites begins with.
absl::Status CheckSuite(const Fields& vector);

}  // namespace cordon::mls::vectors

#endif  // CORDON_CRYPTO_MLS_VECTORS_KINDS_H_
