#ifndef CORDON_SERVER_CORE_STORED_CHAIN_H_
#define CORDON_SERVER_CORE_STORED_CHAIN_H_

// A certificate chain as one value of the directory store:
//   struct { opaque certificate<V>; } chain<V>;   // the device's first
//
// Threads: pure functions.
// Errors: kDataLoss, as only our own store can have spoiled it.

#include <vector>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"

namespace cordon::server {

Bytes WriteStoredChain(const std::vector<Bytes>& chain);
absl::StatusOr<std::vector<Bytes>> ReadStoredChain(ByteSpan stored);

// Views of a chain's certificates, as crypto/cert takes them; valid as long as
// `chain` is.
std::vector<ByteSpan> ViewsOf(const std::vector<Bytes>& chain);

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_STORED_CHAIN_H_
