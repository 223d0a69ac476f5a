#include "crypto/mls/vectors/kinds.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "crypto/base/status.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/vectors/fields.h"

namespace cordon::mls::vectors {
namespace {

constexpr Kind kKinds[] = {
    {"crypto-basics", VerifyCryptoBasics},
    {"deserialization", VerifyDeserialization},
    {"key-schedule", VerifyKeySchedule},
    {"message-protection", VerifyMessageProtection},
    {"messages", VerifyMessages},
    {"psk_secret", VerifyPskSecret},
    {"secret-tree", VerifySecretTree},
    {"transcript-hashes", VerifyTranscriptHashes},
    {"tree-math", VerifyTreeMath},
    {"tree-operations", VerifyTreeOperations},
    {"tree-validation", VerifyTreeValidation},
    {"treekem", VerifyTreeKem},
    {"welcome", VerifyWelcome},
    {"passive-client-", VerifyPassiveClient, /*is_prefix=*/true},
};

}  // namespace

absl::Span<const Kind> Kinds() {
  return kKinds;
}

const Kind* FindKind(absl::string_view stem) {
  const auto* found = std::find_if(
      std::begin(kKinds), std::end(kKinds), [stem](const Kind& kind) {
        return kind.is_prefix ? absl::StartsWith(stem, kind.name)
                              : stem == kind.name;
      });
  return found == std::end(kKinds) ? nullptr : found;
}

absl::Status CheckSuite(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const uint64_t suite, vector.Uint("cipher_suite"));
  if (suite != kCipherSuite.value) {
    return absl::UnimplementedError("another cipher suite");
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls::vectors
