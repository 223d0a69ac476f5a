#ifndef CORDON_CLIENT_CORE_PARTS_H_
#define CORDON_CLIENT_CORE_PARTS_H_

// What the core is given from outside, and shares among its own parts. It opens
// no file and no socket itself.
// Lifetime: everything pointed at outlives the client.

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/file_lane.h"
#include "client/core/relay.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/cert/root_key_file.h"
#include "crypto/prim/pwhash.h"
#include "storage/vault/vault.h"

namespace cordon::client {

class EventSink;

// Where the authority's root key file lies: beside the vault, not in it.
class RootKeyShelf {
 public:
  virtual ~RootKeyShelf() = default;

  // Write replaces the file at once or not at all, and has it on disk.
  virtual absl::Status Write(ByteSpan file) = 0;
  // Read is kNotFound when this profile holds no root key.
  virtual absl::StatusOr<Bytes> Read() = 0;
  virtual absl::Status Erase() = 0;
};

struct Parts {
  vault::Vault* vault = nullptr;
  Relay* relay = nullptr;
  RootKeyShelf* root_key = nullptr;
  FileLane* files = nullptr;
  const Clock* clock = nullptr;
  RandomSource* random = nullptr;
  EventSink* events = nullptr;
  // What guessing the root key file's passphrase costs.
  PwhashCost root_key_cost = cert::kRootKeyFileCost;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_PARTS_H_
