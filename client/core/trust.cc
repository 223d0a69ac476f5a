#include "client/core/trust.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "client/core/own_device.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/revocation.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/services.h"
#include "crypto/record/record_header.h"
#include "storage/vault/crl_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

// The vault and the wire know an issuer by the same 32 bytes as crypto/cert:
// its IssuerId.
Fingerprint ShownAs(const cert::IssuerId& issuer) {
  return *Fingerprint::Parse(issuer.span());
}

absl::StatusOr<cert::Certificate> IssuerOf(const cert::Certificate& root,
                                           ByteSpan issuing_certificate) {
  if (issuing_certificate.empty()) return root;
  return cert::Certificate::Parse(issuing_certificate);
}

absl::Status AdoptStored(const vault::VaultTxn& txn,
                         cert::ChainVerifier& verifier) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::CrlNumber> numbers,
                          txn.crls().ListNumbers());
  for (const vault::CrlNumber& number : numbers) {
    CORDON_ASSIGN_OR_RETURN(const vault::Crl stored,
                            txn.crls().Get(number.issuer));
    const absl::StatusOr<cert::Certificate> issuer =
        IssuerOf(verifier.root(), stored.issuing_certificate);
    if (!issuer.ok() || !verifier.AdoptCrl(stored.list, *issuer).ok()) {
      return absl::DataLossError(
          "a revocation list in this profile does not hold; restore a backup");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Trust::Load() {
  if (loaded()) return absl::OkStatus();
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts_.vault));
  auto verifier = std::make_unique<cert::ChainVerifier>(own.root());
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&verifier](const vault::VaultTxn& txn) {
        return AdoptStored(txn, *verifier);
      }));
  verifier_ = std::move(verifier);
  checker_ = std::make_unique<cert::X509CredentialChecker>(verifier_.get());
  return absl::OkStatus();
}

const cert::ChainVerifier& Trust::verifier() const {
  CORDON_CHECK(loaded());
  return *verifier_;
}

const mls::CredentialChecker& Trust::checker() const {
  CORDON_CHECK(loaded());
  return *checker_;
}

mls::Services Trust::services() const {
  return {
      .checker = checker(), .clock = *parts_.clock, .random = *parts_.random};
}

absl::Status Trust::TakeCrl(const CrlItem& list) {
  CORDON_CHECK(loaded());
  CORDON_ASSIGN_OR_RETURN(
      const cert::Certificate issuer,
      IssuerOf(verifier_->root(), list.issuing_certificate));
  CORDON_ASSIGN_OR_RETURN(const cert::Crl parsed,
                          cert::Crl::Parse(list.crl, issuer));
  CORDON_RETURN_IF_ERROR(verifier_->AdoptCrl(list.crl, issuer));
  const vault::Crl stored{.issuer = ShownAs(parsed.issuer()),
                          .number = parsed.number().value,
                          .list = list.crl,
                          .issuing_certificate = list.issuing_certificate,
                          .first_seen = parts_.clock->Now()};
  return parts_.vault->Update(
      [&stored](vault::VaultTxn& txn) { return txn.crls().Put(stored); });
}

absl::StatusOr<bool> Trust::NoteClaims(
    const std::vector<record::KnownCrl>& claims) {
  CORDON_CHECK(loaded());
  bool all_known = true;
  for (const record::KnownCrl& claim : claims) {
    const absl::Status noted =
        verifier_->NoteClaim({.issuer = claim.issuer, .number = claim.number});
    // Or a member could keep records from being read by inventing issuers.
    if (absl::IsNotFound(noted)) {
      all_known = false;
      continue;
    }
    CORDON_RETURN_IF_ERROR(noted);
  }
  return all_known;
}

std::vector<record::KnownCrl> Trust::KnownCrls() const {
  std::vector<record::KnownCrl> known;
  for (const cert::CrlReference& held : verifier().HeldCrls()) {
    if (held.number <= kFirstCrl) continue;
    if (known.size() == record::kKnownCrlsMax) break;
    known.push_back({.issuer = held.issuer, .number = held.number});
  }
  return known;
}

std::vector<CrlHeld> Trust::Held() const {
  std::vector<CrlHeld> all;
  for (const cert::CrlReference& held : verifier().HeldCrls()) {
    all.push_back(
        {.issuer = ShownAs(held.issuer), .number = held.number.value});
  }
  return all;
}

}  // namespace cordon::client
