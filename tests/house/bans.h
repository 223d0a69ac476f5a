#ifndef CORDON_TESTS_HOUSE_BANS_H_
#define CORDON_TESTS_HOUSE_BANS_H_

// Words that must not stand in our code, each with what to write instead.
// Comments and the insides of literals don't count.

#include "tests/house/finding.h"
#include "tests/house/tree.h"

namespace cordon::house {

// Rule "ban": a word of the table in bans.cc outside the places it is for.
Findings CheckBans(const Tree& tree);

// Rule "macro": a #define that is neither the file's guard nor one of the few
// that style allows.
Findings CheckMacros(const Tree& tree);

// Rule "nolint": a lint switched off without the name of the check.
Findings CheckNolint(const Tree& tree);

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_BANS_H_
