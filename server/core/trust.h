#ifndef CORDON_SERVER_CORE_TRUST_H_
#define CORDON_SERVER_CORE_TRUST_H_

// Whom this relay believes: the root it was set up with, the issuing
// certificates that root signed, and the newest revocation list of each issuer,
// as far as they were shown to it. Kept in the directory store, and here for
// asking.
//
// Before the set-up there is no root, and nobody is believed. What a step
// begins or adopts is believed at once, and no longer if the step or its batch
// is taken back (memory.h).
// Threads: the lane's; verifier() may be used by any thread once it is there.
// Lifetime: `stores` outlive it; a verifier whose root is stored lives as long
// as the Trust.
// Errors: those of crypto/cert for what does not hold; kDataLoss for a store
// whose certificates do not parse.

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/crl.h"
#include "server/core/follow_item.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

class Trust {
 public:
  // Load reads what was kept; a relay that was not set up has no root.
  static absl::StatusOr<std::unique_ptr<Trust>> Load(relay::Stores* stores);

  // Null until the relay is set up.
  const cert::ChainVerifier* verifier() const { return verifier_.get(); }

  // Begin believes a root that the step keeps; there must be none.
  void Begin(const cert::Certificate& root);

  // EnterIssuing keeps an issuing certificate that the root signed.
  absl::Status EnterIssuing(const sqlite::Transaction& txn,
                            const cert::Certificate& issuing, absl::Time now);

  // Adopt takes a list in the place of the one held of its issuer: the root,
  // or one whose certificate is given. Says whether it is new: not yet stored.
  absl::StatusOr<bool> Adopt(const sqlite::Transaction& txn,
                             const CrlItem& list, absl::Time now);

  // What a step began or adopted stands, or was taken back. Reload reads all
  // from the store again.
  void Keep() { unsettled_ = false; }
  absl::Status TakeBack();
  absl::Status Reload();

  // TakeNewer gives the lists that go beyond the numbers known, which are known
  // from then on.
  std::vector<CrlItem> TakeNewer(
      absl::flat_hash_map<cert::IssuerId, uint64_t>& known) const;

 private:
  struct Held {
    cert::CrlNumber number;
    CrlItem list;
  };

  using Lists = absl::flat_hash_map<cert::IssuerId, Held>;

  explicit Trust(relay::Stores* stores) : stores_(stores) {}

  absl::Status LoadLists();
  absl::StatusOr<cert::Certificate> IssuerOf(const CrlItem& list) const;
  absl::StatusOr<bool> IsStored(const cert::Crl& list);

  relay::Stores* const stores_;
  std::unique_ptr<cert::ChainVerifier> verifier_;
  Lists lists_;
  bool unsettled_ = false;  // the step that is running began or adopted
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_TRUST_H_
