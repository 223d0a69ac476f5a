#ifndef CORDON_SERVER_CORE_CALLER_H_
#define CORDON_SERVER_CORE_CALLER_H_

// Who calls: the certificate that TLS has shown to be in the peer's possession,
// checked against the root, our revocation lists and the directory.
//
// That a chain leads to the root is proven once and remembered under the digest
// of what was presented; dates and revocation are asked for every call.
// Threads: the lane's.
// Errors: kUnauthenticated when no certificate was presented;
// kPermissionDenied, with the reason, when it does not hold;
// kResourceExhausted for one not seen before when too many of that address did
// not.

#include <cstddef>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/prim/hash.h"
#include "server/core/authz.h"
#include "server/core/rate_limit.h"
#include "server/core/trust.h"
#include "storage/relay/directory_store.h"

namespace cordon::server {

// What TLS tells of the other side.
struct Peer {
  std::string pem_chain{};  // empty: no certificate
  Digest chain_digest{};    // SHA-256 of it
  std::string address{};    // without the port
};

// CheckPresented: kUnauthenticated without a certificate, before anything else
// is spent on the call.
absl::Status CheckPresented(const Peer& peer);

struct Caller {
  DeviceId device;
  cert::DeviceName name;
  cert::RoleSet roles;
  Fingerprint transport;  // of the certificate it called with
};

// SeesOwnOnly: rights holders and platforms are guests in rooms of their own,
// and are not told who else takes part.
bool SeesOwnOnly(const Caller& caller);

class Callers {
 public:
  // Borrows all.
  Callers(relay::DirectoryStore* directory, const Trust* trust,
          const Clock* clock)
      : directory_(directory), trust_(trust), clock_(clock) {}

  // Identify answers for a method that needs a certificate (authz.h).
  absl::StatusOr<Caller> Identify(const Peer& peer, Method method);

  // Forget drops what is remembered: it may not be so (memory.h).
  void Forget() { known_.clear(); }

 private:
  struct Known {
    cert::VerifiedChain chain;
    DeviceId device;
    bool entered = false;  // seen in the directory, which it never leaves
  };
  // Remembered chains; beyond this all are forgotten and proven again.
  static constexpr size_t kKnownMax = 20'000;

  // Find proves a chain that was not seen before. Valid until the next call.
  absl::StatusOr<Known*> Find(const Peer& peer);
  absl::StatusOr<cert::VerifiedChain> Prove(const Peer& peer) const;
  absl::Status FindEntered(Known& known);

  relay::DirectoryStore* const directory_;
  const Trust* const trust_;
  const Clock* const clock_;
  absl::flat_hash_map<Digest, Known> known_;
  // Chains that did not hold, by address: proving one costs signatures.
  RateLimiter failed_{
      {.refusal = "too many certificates that do not hold; wait a moment"}};
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_CALLER_H_
