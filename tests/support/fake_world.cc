#include "tests/support/fake_world.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "client/core/relay_types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/x509_credential.h"
#include "tests/support/fake_rooms.h"

namespace cordon::testing {

absl::StatusOr<cert::ChainVerifier*> RelayWorld::Verifier() {
  if (verifier_ == nullptr) {
    CORDON_ASSIGN_OR_RETURN(const cert::Certificate parsed,
                            cert::Certificate::Parse(root));
    verifier_ = std::make_unique<cert::ChainVerifier>(parsed);
    x509_ = std::make_unique<cert::X509CredentialChecker>(verifier_.get());
  }
  return verifier_.get();
}

absl::StatusOr<FakeCall> RelayWorld::Call(
    const client::ConnectCall& connection) {
  if (!connection.identity.has_value()) {
    return absl::UnauthenticatedError("this call needs a certificate");
  }
  const client::TransportIdentity& identity = *connection.identity;
  if (!root.empty()) {
    CORDON_ASSIGN_OR_RETURN(const cert::ChainVerifier* const verifier,
                            Verifier());
    const std::vector<ByteSpan> chain = {identity.transport.der(),
                                         identity.issuing.der()};
    CORDON_RETURN_IF_ERROR(
        verifier
            ->Verify(chain,
                     {.usage = cert::Usage::kTransport, .at = clock->Now()})
            .status());
  }
  return FakeCall{.caller = identity.transport.device()->id(),
                  .now = clock->Now(),
                  .checker = checker == nullptr ? x509_.get() : checker};
}

absl::Status RelayWorld::Revoke(const client::CrlItem& list) {
  CORDON_ASSIGN_OR_RETURN(cert::ChainVerifier* const verifier, Verifier());
  CORDON_ASSIGN_OR_RETURN(
      const cert::Certificate issuer,
      cert::Certificate::Parse(
          list.issuing_certificate.empty() ? root : list.issuing_certificate));
  CORDON_RETURN_IF_ERROR(verifier->AdoptCrl(list.crl, issuer));
  CORDON_ASSIGN_OR_RETURN(const cert::Crl crl,
                          cert::Crl::Parse(list.crl, issuer));
  CORDON_ASSIGN_OR_RETURN(const Fingerprint id,
                          Fingerprint::Parse(crl.issuer().span()));
  crls[id] = {.list = list, .number = crl.number().value};
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> RelayWorld::Publish(
    const DeviceId& device,
    const std::vector<client::KeyPackageUpload>& packages) {
  KeyPackages& held = key_packages[device];
  for (const client::KeyPackageUpload& package : packages) {
    if (package.last_resort) {
      held.last_resort = package;
    } else if (held.seen.insert(package.reference).second) {
      held.fresh.push_back(package);
    }
  }
  return uint64_t{held.fresh.size()};
}

client::ClaimedKeyPackage RelayWorld::Claim(const DeviceId& device) {
  client::ClaimedKeyPackage claimed{.device = device};
  KeyPackages& held = key_packages[device];
  if (!held.fresh.empty()) {
    claimed.key_package = std::move(held.fresh.front().key_package);
    held.fresh.erase(held.fresh.begin());
  } else if (held.last_resort.has_value()) {
    claimed.key_package = held.last_resort->key_package;
    claimed.last_resort = true;
  }
  return claimed;
}

}  // namespace cordon::testing
