#ifndef CORDON_CRYPTO_MLS_STATE_CHANGE_H_
#define CORDON_CRYPTO_MLS_STATE_CHANGE_H_

// How a group's state reaches a store: as small named pieces, of which each
// step changes a bounded number.
//
// A name starts with the epoch (uint64, big-endian), so that one epoch's pieces
// lie together; the rest of it is the business of whoever wrote it. Values are
// secrets, all of them.
// Threads: values.

#include <optional>
#include <utility>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"

namespace cordon::mls {

struct StateChange {
  Bytes name;
  // Absent: the piece is to be erased.
  std::optional<SecretBytes> value;
};
// To be stored in this order, all of them or none.
using StateChanges = std::vector<StateChange>;

// One stored piece, as it is given back.
struct StatePiece {
  Bytes name;
  SecretBytes value;
};

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_STATE_CHANGE_H_
