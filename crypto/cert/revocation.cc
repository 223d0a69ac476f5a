#include "crypto/cert/revocation.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/crl.h"

namespace cordon::cert {
namespace {

void SortByIssuer(std::vector<CrlReference>& references) {
  std::sort(references.begin(), references.end(),
            [](const CrlReference& a, const CrlReference& b) {
              return a.issuer < b.issuer;
            });
}

}  // namespace

RevocationLists::RevocationLists(const Certificate& root)
    : root_(root), root_id_(IssuerIdOf(root.public_key())) {
  CORDON_CHECK(root.usage() == Usage::kRoot);
}

absl::Status RevocationLists::CheckIssuer(const Crl& crl,
                                          const Certificate& issuer) const {
  if (crl.issuer() == root_id_) return absl::OkStatus();
  CORDON_RETURN_IF_ERROR(ProveIssuing(root_, issuer));
  // A key that was taken away from its organisation could otherwise take its
  // devices' revocations back.
  if (!CheckLink({root_id_, issuer.serial()}, crl.this_update()).ok()) {
    return absl::PermissionDeniedError(
        "revocation: the list was made after its issuer had been revoked");
  }
  return absl::OkStatus();
}

absl::Status RevocationLists::Adopt(ByteSpan crl_der,
                                    const Certificate& issuer) {
  CORDON_ASSIGN_OR_RETURN(Crl crl, Crl::Parse(crl_der, issuer));
  CORDON_RETURN_IF_ERROR(CheckIssuer(crl, issuer));
  const auto held = lists_.find(crl.issuer());
  if (held == lists_.end()) {
    if (lists_.size() == kIssuersMax) {
      return absl::ResourceExhaustedError("revocation: beyond kIssuersMax");
    }
    lists_.emplace(crl.issuer(), std::move(crl));
    return absl::OkStatus();
  }
  if (crl.number() < held->second.number()) {
    return absl::FailedPreconditionError(
        "revocation: older than the list seen before; the newer one is being "
        "withheld");
  }
  if (crl.number() == held->second.number()) {
    if (Equal(crl.der(), held->second.der())) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "revocation: the issuer made two lists under one number");
  }
  held->second = std::move(crl);
  return absl::OkStatus();
}

void RevocationLists::NoteIssuer(const VerifiedChain& chain) {
  if (seen_.size() < kIssuersMax) seen_.insert(chain.leaf().issuer);
}

absl::Status RevocationLists::NoteClaim(const CrlReference& claim) {
  if (claim.issuer != root_id_ && !seen_.contains(claim.issuer) &&
      !lists_.contains(claim.issuer)) {
    return absl::NotFoundError("revocation: a claim about an unknown issuer");
  }
  CrlNumber& highest = claims_[claim.issuer];
  highest = std::max(highest, claim.number);
  return absl::OkStatus();
}

absl::Status RevocationLists::CheckLink(const IssuedAs& link,
                                        absl::Time at) const {
  const Crl* list = Find(link.issuer);
  if (list == nullptr) return absl::OkStatus();
  const std::optional<absl::Time> since = list->RevokedSince(link.serial);
  if (since.has_value() && *since <= at) {
    return absl::PermissionDeniedError(
        "revocation: the certificate has been revoked");
  }
  return absl::OkStatus();
}

absl::Status RevocationLists::CheckChain(const VerifiedChain& chain,
                                         absl::Time at) const {
  CORDON_RETURN_IF_ERROR(CheckLink(chain.issuing(), at));
  return CheckLink(chain.leaf(), at);
}

CrlState RevocationLists::StateOf(const IssuerId& issuer,
                                  absl::Time now) const {
  const Crl* list = Find(issuer);
  if (list == nullptr) return CrlState::kMissing;
  return now <= list->next_update() ? CrlState::kCurrent : CrlState::kOutdated;
}

absl::Status RevocationLists::CheckAdmissible(const VerifiedChain& chain,
                                              absl::Time now) const {
  CORDON_RETURN_IF_ERROR(CheckChain(chain, now));
  for (const IssuerId& issuer : {chain.issuing().issuer, chain.leaf().issuer}) {
    switch (StateOf(issuer, now)) {
      case CrlState::kMissing:
        return absl::FailedPreconditionError(
            "revocation: a revocation list is missing, so nobody can be "
            "admitted under it");
      case CrlState::kOutdated:
        return absl::FailedPreconditionError(
            "revocation: a revocation list is outdated, so nobody can be "
            "admitted under it");
      case CrlState::kCurrent:
        break;
    }
    const auto claim = claims_.find(issuer);
    if (claim != claims_.end() && claim->second > Find(issuer)->number()) {
      return absl::FailedPreconditionError(
          "revocation: a newer revocation list is being withheld, so nobody "
          "can be admitted under it");
    }
  }
  return absl::OkStatus();
}

std::vector<CrlReference> RevocationLists::Held() const {
  std::vector<CrlReference> held;
  held.reserve(lists_.size());
  for (const auto& [issuer, list] : lists_) {
    held.push_back({issuer, list.number()});
  }
  SortByIssuer(held);
  return held;
}

std::vector<CrlReference> RevocationLists::Withheld() const {
  std::vector<CrlReference> withheld;
  for (const auto& [issuer, number] : claims_) {
    const Crl* list = Find(issuer);
    if (list == nullptr || list->number() < number) {
      withheld.push_back({issuer, number});
    }
  }
  SortByIssuer(withheld);
  return withheld;
}

const Crl* RevocationLists::Find(const IssuerId& issuer) const {
  const auto found = lists_.find(issuer);
  return found == lists_.end() ? nullptr : &found->second;
}

}  // namespace cordon::cert
