#ifndef CORDON_SERVER_CORE_REVOCATION_H_
#define CORDON_SERVER_CORE_REVOCATION_H_

// Putting people out: a newer revocation list is kept, told to everybody, and
// whoever it names is refused from that moment, open streams included, and to
// be removed from its rooms (removals.h).
//
// Threads: the lane's.
// Errors: kFailedPrecondition for a list older than the one held, and those of
// crypto/cert. Nothing has changed then.

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/clock.h"
#include "server/core/follow_item.h"
#include "server/core/publications.h"
#include "server/core/removals.h"
#include "server/core/trust.h"
#include "storage/relay/directory_store.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

class Revocation {
 public:
  // Borrowed for the object's life.
  struct Parts {
    relay::Stores* stores = nullptr;
    Trust* trust = nullptr;
    Removals* removals = nullptr;
    Publications* publications = nullptr;
    const Clock* clock = nullptr;
  };
  explicit Revocation(const Parts& parts) : parts_(parts) {}

  // Post adopts a list; one that is held already is OK and changes nothing.
  absl::Status Post(const sqlite::Transaction& txn, const CrlItem& list);

 private:
  // ListDevices pages through those whom a list of this issuer can name.
  absl::StatusOr<std::vector<relay::Device>> ListDevices(const CrlItem& list,
                                                         const DeviceId& after);
  absl::StatusOr<bool> IsRefused(const relay::Device& device) const;

  const Parts parts_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_REVOCATION_H_
