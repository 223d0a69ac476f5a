#ifndef CORDON_TESTS_SUPPORT_MLS_CASES_H_
#define CORDON_TESTS_SUPPORT_MLS_CASES_H_

// Cases of MLS vectors as text, for the verifiers of crypto/mls/vectors, which
// read the JSON of the published ones; and what a bit flipped in one looks
// like.
//
// An attribute's name is the way to its value ("epochs/0/joiner_secret"). Its
// value is a number where the last word of the way counts something, `null`,
// `[]` for an empty list, and else hex or text as the kind says.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"
#include "tests/support/text_vectors.h"

namespace cordon::testing {

using mls::vectors::Json;

// MlsCase reads every attribute of `text`; MlsCaseText is its inverse, a line
// an attribute.
Json MlsCase(TextCase& text);
std::string MlsCaseText(const Json& each);

// What `kind` names in tests/vectors/mls. The running test fails if that is
// absent or empty.
std::vector<Json> OwnMlsCases(absl::string_view kind);

// FlipMlsBit changes one bit of the value at `at`: of byte `byte` of hex, of
// the first letter of text, the lowest of a number. Not the lowest of a byte:
// X25519 ignores that of a private key's first.
Json FlipMlsBit(Json each, const Json::json_pointer& at, size_t byte);

// ExpectFlipsSeen fails the running test for a bit whose flipping leaves the
// case good: of any value of a case whose values are all looked at; where that
// is not so (see MayGoUnseen) of those that tell a shape.
void ExpectFlipsSeen(const mls::vectors::Kind& kind, const Json& each);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_MLS_CASES_H_
