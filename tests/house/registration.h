#ifndef CORDON_TESTS_HOUSE_REGISTRATION_H_
#define CORDON_TESTS_HOUSE_REGISTRATION_H_

// Nothing lies around unused: every file is built, every test runs.

#include "tests/house/build_files.h"
#include "tests/house/finding.h"
#include "tests/house/tree.h"

namespace cordon::house {

// Rule "target": a source in no target, a listed source that is not there, a
// product header in two targets, a product target made without a layer.
Findings CheckTargets(const Tree& tree, const BuildFiles& build);

// Rule "registered": an x_test.cc that no cordon_test() runs, a test that
// cannot run because its file is named otherwise.
Findings CheckTestsRun(const Tree& tree, const BuildFiles& build);

// Rule "mirror": a tests/unit/a/b_test.cc without a/b.h or a/b.cc.
Findings CheckMirror(const Tree& tree);

// Rule "switched-off": DISABLED_ or GTEST_SKIP. allowed.txt wants a reason and
// a date for each.
Findings CheckSwitchedOff(const Tree& tree);

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_REGISTRATION_H_
