#include "server/core/caller.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pem.h"
#include "server/core/authz.h"
#include "server/core/stored_chain.h"
#include "server/core/trust.h"
#include "storage/relay/directory_store.h"

namespace cordon::server {

absl::Status CheckPresented(const Peer& peer) {
  if (!peer.pem_chain.empty()) return absl::OkStatus();
  return absl::UnauthenticatedError(
      "this call needs the certificate of a device");
}

bool SeesOwnOnly(const Caller& caller) {
  const cert::OrgKind kind = caller.name.org().kind();
  return kind == cert::OrgKind::kRightsholder ||
         kind == cert::OrgKind::kPlatform;
}

absl::StatusOr<Caller> Callers::Identify(const Peer& peer, Method method) {
  CORDON_RETURN_IF_ERROR(CheckPresented(peer));
  if (trust_->verifier() == nullptr) {
    return absl::FailedPreconditionError("this relay has not been set up yet");
  }
  CORDON_ASSIGN_OR_RETURN(Known * known, Find(peer));
  // Dates and revocation are asked anew for every call.
  CORDON_RETURN_IF_ERROR(
      trust_->verifier()->Recheck(known->chain, clock_->Now()));
  if (RuleOf(method).needs == CallerNeeds::kEntered && !known->entered) {
    CORDON_RETURN_IF_ERROR(FindEntered(*known));
  }
  CORDON_RETURN_IF_ERROR(CheckRoles(method, known->chain.roles()));
  return Caller{.device = known->device,
                .name = known->chain.device(),
                .roles = known->chain.roles(),
                .transport = known->chain.fingerprint()};
}

absl::StatusOr<Callers::Known*> Callers::Find(const Peer& peer) {
  const auto found = known_.find(peer.chain_digest);
  if (found != known_.end()) return &found->second;
  const absl::Time now = clock_->Now();
  CORDON_RETURN_IF_ERROR(failed_.Check(peer.address, now));
  absl::StatusOr<cert::VerifiedChain> verified = Prove(peer);
  if (!verified.ok()) {
    failed_.Take(peer.address, now).IgnoreError();
    return verified.status();
  }
  if (known_.size() >= kKnownMax) known_.clear();
  const DeviceId device = verified->device().id();
  return &known_
              .insert_or_assign(peer.chain_digest,
                                Known{.chain = *std::move(verified),
                                      .device = device,
                                      .entered = false})
              .first->second;
}

absl::StatusOr<cert::VerifiedChain> Callers::Prove(const Peer& peer) const {
  CORDON_ASSIGN_OR_RETURN(const std::vector<Bytes> chain,
                          cert::CertificatesFromPem(peer.pem_chain));
  return trust_->verifier()->Verify(
      ViewsOf(chain), {.usage = cert::Usage::kTransport, .at = clock_->Now()});
}

absl::Status Callers::FindEntered(Known& known) {
  const absl::StatusOr<relay::Device> device =
      directory_->FindDeviceByTransport(known.chain.fingerprint());
  if (absl::IsNotFound(device.status())) {
    return absl::PermissionDeniedError(
        "this device is not in the relay's directory yet; enter it first");
  }
  CORDON_RETURN_IF_ERROR(device.status());
  known.entered = true;
  return absl::OkStatus();
}

}  // namespace cordon::server
