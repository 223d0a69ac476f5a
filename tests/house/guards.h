#ifndef CORDON_TESTS_HOUSE_GUARDS_H_
#define CORDON_TESTS_HOUSE_GUARDS_H_

// The shape every header and source starts with.

#include <string>

#include "absl/strings/string_view.h"

#include "tests/house/finding.h"
#include "tests/house/tree.h"

namespace cordon::house {

// GuardOf is CORDON_CRYPTO_MLS_GROUP_H_ for crypto/mls/group.h.
std::string GuardOf(absl::string_view path);

// Rule "guard": #ifndef, #define and the closing comment name the path.
Findings CheckGuards(const Tree& tree);

// Rule "own-header": x.cc includes x.h before anything else, which proves that
// x.h compiles alone. Headers without a source are compiled alone by the build
// (CORDON_HEADER_CHECK).
Findings CheckOwnHeaderFirst(const Tree& tree);

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_GUARDS_H_
