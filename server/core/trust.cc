#include "server/core/trust.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/revocation.h"
#include "server/core/follow_item.h"
#include "storage/relay/directory_store.h"
#include "storage/relay/enrolment_store.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {
namespace {

constexpr size_t kListsPage = 256;

// The store keys lists by a 32-byte issuer that it does not look into.
Fingerprint StoredKey(const cert::IssuerId& issuer) {
  return *Fingerprint::Parse(issuer.span());
}

absl::StatusOr<std::optional<cert::Certificate>> FindRoot(
    relay::EnrolmentStore& store) {
  const absl::StatusOr<relay::RelaySetup> setup = store.FindSetup();
  if (absl::IsNotFound(setup.status())) return std::nullopt;
  CORDON_RETURN_IF_ERROR(setup.status());
  if (!setup->used) return std::nullopt;
  return cert::Certificate::Parse(setup->root_certificate);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Trust>> Trust::Load(relay::Stores* stores) {
  auto trust = absl::WrapUnique(new Trust(stores));
  CORDON_RETURN_IF_ERROR(trust->Reload());
  return trust;
}

absl::Status Trust::TakeBack() {
  return unsettled_ ? Reload() : absl::OkStatus();
}

absl::Status Trust::Reload() {
  unsettled_ = false;
  CORDON_ASSIGN_OR_RETURN(const std::optional<cert::Certificate> root,
                          FindRoot(stores_->enrolment));
  if (!root.has_value()) {
    // No other thread has it: what a step does is told after its commit.
    verifier_ = nullptr;
    lists_.clear();
    return absl::OkStatus();
  }
  if (verifier_ == nullptr || verifier_->root() != *root) {
    verifier_ = std::make_unique<cert::ChainVerifier>(*root);
  }
  return LoadLists();
}

void Trust::Begin(const cert::Certificate& root) {
  CORDON_CHECK(verifier_ == nullptr);
  verifier_ = std::make_unique<cert::ChainVerifier>(root);
  unsettled_ = true;
}

absl::Status Trust::LoadLists() {
  // Beside those in use: other threads go on asking meanwhile.
  cert::RevocationLists revoked(verifier_->root());
  Lists lists;
  Fingerprint after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<relay::Crl> page,
                            stores_->directory.ListCrls(after, kListsPage));
    if (page.empty()) break;
    for (const relay::Crl& stored : page) {
      after = stored.issuer;
      CrlItem list{.crl = stored.crl,
                   .issuing_certificate = stored.issuing_certificate};
      CORDON_ASSIGN_OR_RETURN(const cert::Certificate issuer, IssuerOf(list));
      CORDON_RETURN_IF_ERROR(revoked.Adopt(list.crl, issuer));
      lists[cert::IssuerIdOf(issuer.public_key())] = {
          cert::CrlNumber{stored.number.value}, std::move(list)};
    }
  }
  verifier_->ReplaceCrls(std::move(revoked));
  lists_ = std::move(lists);
  return absl::OkStatus();
}

absl::StatusOr<bool> Trust::IsStored(const cert::Crl& list) {
  const absl::StatusOr<relay::Crl> stored =
      stores_->directory.FindCrl(StoredKey(list.issuer()));
  if (absl::IsNotFound(stored.status())) return false;
  CORDON_RETURN_IF_ERROR(stored.status());
  return Equal(stored->crl, list.der());
}

absl::StatusOr<cert::Certificate> Trust::IssuerOf(const CrlItem& list) const {
  if (list.issuing_certificate.empty()) return verifier_->root();
  return cert::Certificate::Parse(list.issuing_certificate);
}

absl::Status Trust::EnterIssuing(const sqlite::Transaction& txn,
                                 const cert::Certificate& issuing,
                                 absl::Time now) {
  CORDON_RETURN_IF_ERROR(cert::ProveIssuing(verifier_->root(), issuing));
  const std::string host = issuing.org()->text();
  CORDON_RETURN_IF_ERROR(
      stores_->directory.PutOrganisation(txn, {.host = host, .since = now}));
  return stores_->directory.PutIssuingCertificate(
      txn, {.fingerprint = issuing.fingerprint(),
            .host = host,
            .certificate = issuing.der()});
}

absl::StatusOr<bool> Trust::Adopt(const sqlite::Transaction& txn,
                                  const CrlItem& list, absl::Time now) {
  if (verifier_ == nullptr) {
    return absl::FailedPreconditionError("this relay has not been set up yet");
  }
  CORDON_ASSIGN_OR_RETURN(const cert::Certificate issuer, IssuerOf(list));
  CORDON_ASSIGN_OR_RETURN(const cert::Crl parsed,
                          cert::Crl::Parse(list.crl, issuer));
  CORDON_ASSIGN_OR_RETURN(const bool stored, IsStored(parsed));
  if (stored) return false;
  unsettled_ = true;
  CORDON_RETURN_IF_ERROR(verifier_->AdoptCrl(list.crl, issuer));
  if (!list.issuing_certificate.empty()) {
    CORDON_RETURN_IF_ERROR(EnterIssuing(txn, issuer, now));
  }
  CORDON_RETURN_IF_ERROR(stores_->directory.PutCrl(
      txn, {.issuer = StoredKey(parsed.issuer()),
            .number = relay::CrlNumber{parsed.number().value},
            .crl = list.crl,
            .issuing_certificate = list.issuing_certificate}));
  lists_[parsed.issuer()] = {parsed.number(), list};
  return true;
}

std::vector<CrlItem> Trust::TakeNewer(
    absl::flat_hash_map<cert::IssuerId, uint64_t>& known) const {
  std::vector<CrlItem> newer;
  for (const auto& [issuer, held] : lists_) {
    uint64_t& number = known[issuer];
    if (number >= held.number.value) continue;
    number = held.number.value;
    newer.push_back(held.list);
  }
  return newer;
}

}  // namespace cordon::server
