#ifndef CORDON_TESTS_HOUSE_LAYERING_H_
#define CORDON_TESTS_HOUSE_LAYERING_H_

// Which way the arrows run: every #include of product code against the layer
// table of the top CMakeLists.txt, every outside header against its owner, and
// what the relay must not reach by any path. Tests may include anything.

#include "tests/house/build_files.h"
#include "tests/house/finding.h"
#include "tests/house/tree.h"

namespace cordon::house {

// Rule "layer": a header of a layer that the includer's layer may not use.
// Rule "deps": a header of a target that the includer's target does not link.
Findings CheckLayers(const Tree& tree, const BuildFiles& build);

// Rule "owner": <sodium.h>, <openssl/…> and the like outside their folders.
Findings CheckOwners(const Tree& tree);

// Rule "reach": headers or libraries below server/ that would let the relay
// read, over any number of steps.
Findings CheckRelayReach(const Tree& tree, const BuildFiles& build);

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_LAYERING_H_
