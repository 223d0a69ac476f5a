#include "crypto/cert/chain_verifier.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/mutex.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/revocation.h"
#include "crypto/prim/hash.h"

namespace cordon::cert {

ChainVerifier::ChainVerifier(const Certificate& root, size_t proofs_kept)
    : root_(root), proofs_kept_(proofs_kept), lists_(root) {
  CORDON_CHECK(proofs_kept > 0);
}

const VerifiedChain* ChainVerifier::FindLocked(const Key& key) const {
  if (const auto found = recent_.find(key); found != recent_.end()) {
    return &found->second;
  }
  const auto found = older_.find(key);
  if (found == older_.end()) return nullptr;
  // KeepLocked may drop the older generation, and `found` with it.
  const VerifiedChain proof = found->second;
  KeepLocked(key, proof);
  return &recent_.find(key)->second;
}

void ChainVerifier::KeepLocked(const Key& key,
                               const VerifiedChain& proof) const {
  if (recent_.size() >= proofs_kept_) {
    older_ = std::move(recent_);
    recent_.clear();
  }
  recent_.insert_or_assign(key, proof);
}

absl::StatusOr<VerifiedChain> ChainVerifier::Prove(ChainSpan chain) const {
  if (chain.size() != kChainCertificatesMax) {
    return VerifiedChain::Prove(root_, chain);
  }
  const Key key(Fingerprint(Sha256(chain[0])), Fingerprint(Sha256(chain[1])));
  {
    MutexLock lock(&mu_);
    const VerifiedChain* known = FindLocked(key);
    if (known != nullptr) return *known;
    ++paths_checked_;
  }
  CORDON_ASSIGN_OR_RETURN(VerifiedChain proof,
                          VerifiedChain::Prove(root_, chain));
  // Failures are not kept: a stranger could fill the memory with them.
  MutexLock lock(&mu_);
  KeepLocked(key, proof);
  lists_.NoteIssuer(proof);
  return proof;
}

absl::StatusOr<VerifiedChain> ChainVerifier::Verify(
    ChainSpan chain, const VerifyFor& wanted) const {
  CORDON_ASSIGN_OR_RETURN(VerifiedChain proof, Prove(chain));
  CORDON_RETURN_IF_ERROR(proof.CheckUsage(wanted.usage));
  if (!wanted.ignore_dates) {
    CORDON_RETURN_IF_ERROR(proof.CheckDates(wanted.at));
  }
  MutexLock lock(&mu_);
  CORDON_RETURN_IF_ERROR(lists_.CheckChain(proof, wanted.at));
  return proof;
}

absl::Status ChainVerifier::Recheck(const VerifiedChain& chain,
                                    absl::Time at) const {
  CORDON_RETURN_IF_ERROR(chain.CheckDates(at));
  MutexLock lock(&mu_);
  return lists_.CheckChain(chain, at);
}

absl::Status ChainVerifier::AdoptCrl(ByteSpan crl_der,
                                     const Certificate& issuer) {
  MutexLock lock(&mu_);
  return lists_.Adopt(crl_der, issuer);
}

void ChainVerifier::ReplaceCrls(RevocationLists lists) {
  MutexLock lock(&mu_);
  lists_ = std::move(lists);
}

absl::Status ChainVerifier::NoteClaim(const CrlReference& claim) {
  MutexLock lock(&mu_);
  return lists_.NoteClaim(claim);
}

absl::Status ChainVerifier::CheckAdmissible(const VerifiedChain& chain,
                                            absl::Time now) const {
  MutexLock lock(&mu_);
  return lists_.CheckAdmissible(chain, now);
}

CrlState ChainVerifier::StateOf(const IssuerId& issuer, absl::Time now) const {
  MutexLock lock(&mu_);
  return lists_.StateOf(issuer, now);
}

std::vector<CrlReference> ChainVerifier::HeldCrls() const {
  MutexLock lock(&mu_);
  return lists_.Held();
}

std::vector<CrlReference> ChainVerifier::WithheldCrls() const {
  MutexLock lock(&mu_);
  return lists_.Withheld();
}

size_t ChainVerifier::paths_checked() const {
  MutexLock lock(&mu_);
  return paths_checked_;
}

}  // namespace cordon::cert
