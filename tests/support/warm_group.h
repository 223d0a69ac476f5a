#ifndef CORDON_TESTS_SUPPORT_WARM_GROUP_H_
#define CORDON_TESTS_SUPPORT_WARM_GROUP_H_

// Any member's view of a group over a KnownTree, without the n commits that it
// would take to get there. All views of one tree are of the same epoch and
// understand each other.

#include "crypto/mls/group.h"
#include "crypto/mls/tree_math.h"
#include "tests/support/mls_clients.h"

namespace cordon::testing {

mls::Group GroupOver(KnownTree& known, mls::LeafIndex self);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_WARM_GROUP_H_
