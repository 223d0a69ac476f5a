#ifndef CORDON_CRYPTO_CERT_CHAIN_VERIFIER_H_
#define CORDON_CRYPTO_CERT_CHAIN_VERIFIER_H_

// START HERE to ask "who is this": one root, the revocation lists known, and a
// memory of the chains already proven.
//
// What is remembered is the proof (signatures, names, roles), by the
// fingerprints of both certificates; dates and revocation are asked anew each
// time, so an answer from memory is never more lenient. A room of thousands of
// devices costs one path check a device.
// Threads: any; the mutex is a leaf, and no signature is checked under it but
// those of revocation lists.
// Errors: as chain.h and revocation.h say.

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/mutex.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/revocation.h"

namespace cordon::cert {

// Proofs kept: those used last, at least this many and at most twice as many.
inline constexpr size_t kProofsKept = 6000;

// What a chain is verified for.
struct VerifyFor {
  Usage usage = Usage::kIdentity;
  absl::Time at;
  // Forgives what only time has done; never a revocation.
  bool ignore_dates = false;
};

class ChainVerifier {
 public:
  // `proofs_kept` > 0.
  explicit ChainVerifier(const Certificate& root,
                         size_t proofs_kept = kProofsKept);

  const Certificate& root() const { return root_; }

  absl::StatusOr<VerifiedChain> Verify(ChainSpan chain,
                                       const VerifyFor& wanted) const
      ABSL_LOCKS_EXCLUDED(mu_);

  // Recheck asks dates and revocation again, for a stream that stays open
  // while lists arrive.
  absl::Status Recheck(const VerifiedChain& chain, absl::Time at) const
      ABSL_LOCKS_EXCLUDED(mu_);

  // As RevocationLists has them.
  absl::Status AdoptCrl(ByteSpan crl_der, const Certificate& issuer)
      ABSL_LOCKS_EXCLUDED(mu_);
  // ReplaceCrls holds these lists, of the same root, and no others.
  void ReplaceCrls(RevocationLists lists) ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status NoteClaim(const CrlReference& claim) ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status CheckAdmissible(const VerifiedChain& chain, absl::Time now) const
      ABSL_LOCKS_EXCLUDED(mu_);
  CrlState StateOf(const IssuerId& issuer, absl::Time now) const
      ABSL_LOCKS_EXCLUDED(mu_);
  std::vector<CrlReference> HeldCrls() const ABSL_LOCKS_EXCLUDED(mu_);
  std::vector<CrlReference> WithheldCrls() const ABSL_LOCKS_EXCLUDED(mu_);

  // How many path checks were made; for tests and counters.
  size_t paths_checked() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  using Key = std::pair<Fingerprint, Fingerprint>;  // leaf, issuing
  using Proofs = absl::flat_hash_map<Key, VerifiedChain>;

  absl::StatusOr<VerifiedChain> Prove(ChainSpan chain) const
      ABSL_LOCKS_EXCLUDED(mu_);
  const VerifiedChain* FindLocked(const Key& key) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void KeepLocked(const Key& key, const VerifiedChain& proof) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  // Fixed after construction.
  const Certificate root_;
  const size_t proofs_kept_;

  mutable Mutex mu_;
  mutable RevocationLists lists_ ABSL_GUARDED_BY(mu_);
  // Two generations: when `recent_` is full it becomes `older_`, whose entries
  // go unless they are asked for again.
  mutable Proofs recent_ ABSL_GUARDED_BY(mu_);
  mutable Proofs older_ ABSL_GUARDED_BY(mu_);
  mutable size_t paths_checked_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_CHAIN_VERIFIER_H_
