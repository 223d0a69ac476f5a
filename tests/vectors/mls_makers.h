#ifndef CORDON_TESTS_VECTORS_MLS_MAKERS_H_
#define CORDON_TESTS_VECTORS_MLS_MAKERS_H_

// What makes the cases in tests/vectors/mls: a function a kind, each from a
// seed of its own, so that one kind's cases do not change with another's.
//
// The values come from our own code. They hold it to what it computes today and
// give the verifiers something to verify everywhere; that it computes what the
// RFC says is shown by the published vectors.

#include <utility>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/vectors/fields.h"

namespace cordon::testing {

using mls::vectors::Json;
using Cases = std::vector<Json>;

// Of what only a mistake of ours could make fail.
template <typename StatusOr>
auto Made(StatusOr made) {
  CORDON_CHECK(made.ok());
  return *std::move(made);
}

inline Json Hex(ByteSpan bytes) {
  return ToHex(bytes);
}
inline Json Hex(const mls::Secret& secret) {
  return Hex(secret.ExposeSecret());
}

// mls_maker_basics.cc
Cases MakeCryptoBasics();
Cases MakeDeserialization();
Cases MakeKeySchedule();
Cases MakePskSecret();
Cases MakeSecretTree();

// mls_maker_framing.cc
Cases MakeMessageProtection();
Cases MakeMessages();
Cases MakeTranscriptHashes();

// mls_maker_trees.cc
Cases MakeTreeMath();
Cases MakeTreeOperations();
Cases MakeTreeValidation();
Cases MakeTreeKem();

// mls_maker_groups.cc
Cases MakeWelcome();
Cases MakePassiveClientWelcome();
Cases MakePassiveClientHandlingCommit();

}  // namespace cordon::testing

#endif  // CORDON_TESTS_VECTORS_MLS_MAKERS_H_
