#include "server/core/enrolment.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/log.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/join_answer.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"
#include "server/core/caller.h"
#include "server/core/follow_item.h"
#include "server/core/publications.h"
#include "server/core/stored_chain.h"
#include "server/core/trust.h"
#include "storage/relay/directory_store.h"
#include "storage/relay/enrolment_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {
namespace {

// 32 characters, none of which is taken for another.
constexpr absl::string_view kCodeAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
constexpr size_t kCodeCharacters = 20;
constexpr size_t kCodeGroup = 5;
constexpr absl::string_view kCodeLabel = "cordon 1.0 setup code ";

absl::Status CheckInviter(const Caller& caller, relay::InvitationKind kind) {
  if (kind == relay::InvitationKind::kOrganisation &&
      !caller.roles.Has(cert::Role::kCoordinator)) {
    return absl::PermissionDeniedError(
        "only a coordinator invites an organisation");
  }
  return absl::OkStatus();
}

Ed25519PublicKey KeyOf(const relay::Invitation& invitation) {
  Ed25519PublicKey key{};
  const ByteSpan stored = invitation.public_key.span();
  std::copy(stored.begin(), stored.end(), key.begin());
  return key;
}

}  // namespace

std::string MakeSetupCode(RandomSource& random) {
  static_assert(kCodeAlphabet.size() == 32);
  std::string code;
  for (const uint8_t byte : RandomBytes(random, kCodeCharacters)) {
    if (code.size() % (kCodeGroup + 1) == kCodeGroup) code.push_back('-');
    code.push_back(kCodeAlphabet[byte % kCodeAlphabet.size()]);
  }
  return code;
}

Bytes SetupCodeVerifier(absl::string_view code) {
  std::string plain(kCodeLabel);
  for (const char c : code) {
    if (c != '-' && c != ' ')
      plain.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
  }
  const Digest digest = Sha256(AsBytes(plain));
  return ToBytes(digest);
}

absl::Status Enrolment::SetUp(const sqlite::Transaction& txn,
                              const SetUpInput& input) {
  CORDON_ASSIGN_OR_RETURN(const relay::RelaySetup setup,
                          parts_.stores->enrolment.FindSetup());
  if (!EqualsConstantTime(setup.code_verifier,
                          SetupCodeVerifier(input.setup_code))) {
    LogWarning("enrolment: a wrong set-up code");
    return absl::PermissionDeniedError(
        "wrong set-up code; `cordond init` printed it once");
  }
  if (setup.used && setup.root_certificate != input.root_certificate) {
    return absl::FailedPreconditionError(
        "this relay was set up with another root");
  }
  CORDON_ASSIGN_OR_RETURN(const cert::Certificate root,
                          cert::Certificate::Parse(input.root_certificate));
  if (root.usage() != cert::Usage::kRoot) {
    return absl::InvalidArgumentError("root_certificate: not a root's");
  }
  const cert::ChainVerifier proposed(root);
  CORDON_ASSIGN_OR_RETURN(const cert::VerifiedChain identity,
                          proposed.Verify(ViewsOf(input.chains.identity),
                                          {.usage = cert::Usage::kIdentity,
                                           .at = parts_.clock->Now()}));
  if (!identity.roles().Has(cert::Role::kCoordinator)) {
    return absl::PermissionDeniedError(
        "a relay is set up by a coordinator of the authority");
  }
  if (parts_.trust->verifier() == nullptr) parts_.trust->Begin(root);
  CORDON_RETURN_IF_ERROR(PutDevice(txn, proposed, input.chains));
  LogInfo("enrolment: set up root#", Alias(root.fingerprint().span()));
  return parts_.stores->enrolment.FinishSetup(txn, input.root_certificate);
}

absl::Status Enrolment::PutDevice(const sqlite::Transaction& txn,
                                  const cert::ChainVerifier& verifier,
                                  const ChainPair& chains) {
  const absl::Time now = parts_.clock->Now();
  CORDON_ASSIGN_OR_RETURN(
      const cert::VerifiedChain signer,
      verifier.Verify(ViewsOf(chains.identity),
                      {.usage = cert::Usage::kIdentity, .at = now}));
  CORDON_ASSIGN_OR_RETURN(
      const cert::VerifiedChain caller,
      verifier.Verify(ViewsOf(chains.transport),
                      {.usage = cert::Usage::kTransport, .at = now}));
  if (signer.device() != caller.device() || signer.roles() != caller.roles()) {
    return absl::PermissionDeniedError(
        "the two certificates are not of one device with the same roles");
  }
  for (const std::vector<Bytes>* chain :
       {&chains.identity, &chains.transport}) {
    CORDON_ASSIGN_OR_RETURN(const cert::Certificate issuing,
                            cert::Certificate::Parse(chain->back()));
    CORDON_RETURN_IF_ERROR(parts_.trust->EnterIssuing(txn, issuing, now));
  }
  LogInfo("directory: entered device#", Alias(signer.device().id().span()));
  return parts_.stores->directory.PutDevice(
      txn,
      {.id = signer.device().id(),
       .host = signer.org().text(),
       .name = signer.device().uri(),
       .identity_chain = WriteStoredChain(chains.identity),
       .transport_chain = WriteStoredChain(chains.transport),
       .since = now},
      caller.fingerprint());
}

absl::Status Enrolment::Enter(const sqlite::Transaction& txn,
                              const Caller& caller, const ChainPair& chains) {
  CORDON_ASSIGN_OR_RETURN(const cert::Certificate leaf,
                          cert::Certificate::Parse(chains.transport.front()));
  if (leaf.fingerprint() != caller.transport) {
    return absl::PermissionDeniedError(
        "transport: not the certificate that this call was made with");
  }
  return PutDevice(txn, *parts_.trust->verifier(), chains);
}

absl::Status Enrolment::Invite(const sqlite::Transaction& txn,
                               const Caller& caller,
                               const InvitationInput& input) {
  CORDON_RETURN_IF_ERROR(CheckInviter(caller, input.kind));
  const absl::Time now = parts_.clock->Now();
  if (input.expires <= now ||
      input.expires > now + cert::kInvitationLifetimeMax) {
    return absl::InvalidArgumentError(
        "an invitation ends within 30 days from now");
  }
  CORDON_RETURN_IF_ERROR(CheckMayInviteMore(caller, input.id));
  return parts_.stores->enrolment.Add(txn, {.id = input.id,
                                            .public_key = input.public_key,
                                            .inviter = caller.device,
                                            .kind = input.kind,
                                            .expires = input.expires});
}

absl::Status Enrolment::CheckMayInviteMore(const Caller& caller,
                                           const InvitationId& id) {
  // Again is fine.
  if (parts_.stores->enrolment.Find(id).ok()) return absl::OkStatus();
  CORDON_ASSIGN_OR_RETURN(const uint64_t made,
                          parts_.stores->enrolment.CountBy(caller.device));
  if (made < kInvitationsPerInviterMax) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      "this device has as many invitations as one may; they go a month after "
      "their end");
}

absl::Status Enrolment::Sweep(const sqlite::Transaction& txn) {
  const absl::Time now = parts_.clock->Now();
  CORDON_RETURN_IF_ERROR(
      parts_.stores->enrolment.DeleteExpired(txn, now - kInvitationKept));
  return parts_.stores->key_packages.DeleteExpired(txn, now);
}

absl::Status Enrolment::Redeem(const sqlite::Transaction& txn,
                               const InvitationId& id, Bytes request) {
  CORDON_ASSIGN_OR_RETURN(const relay::Invitation invitation,
                          parts_.stores->enrolment.Find(id));
  CORDON_ASSIGN_OR_RETURN(const cert::JoinRequest parsed,
                          cert::JoinRequest::Parse(request));
  if (parsed.invitation() != id) {
    return absl::InvalidArgumentError("request: of another invitation");
  }
  if (invitation.state == relay::InvitationState::kOpen) {
    CORDON_RETURN_IF_ERROR(parsed.VerifyAtRelay(
        KeyOf(invitation), invitation.expires, parts_.clock->Now()));
  }
  CORDON_RETURN_IF_ERROR(parts_.stores->enrolment.PutRequest(
      txn, id, request, parts_.clock->Now()));
  LogInfo("enrolment: redeemed invitation#", Alias(id.span()));
  parts_.publications->Add(
      ToDevice{invitation.inviter, JoinRequestItem{id, std::move(request)}});
  return absl::OkStatus();
}

absl::StatusOr<Bytes> Enrolment::FetchAnswer(const InvitationId& id) {
  CORDON_ASSIGN_OR_RETURN(const relay::Invitation invitation,
                          parts_.stores->enrolment.Find(id));
  if (invitation.state == relay::InvitationState::kRevoked) {
    return absl::FailedPreconditionError("the invitation was revoked");
  }
  absl::StatusOr<Bytes> answer = parts_.stores->enrolment.FindAnswer(id);
  if (absl::IsNotFound(answer.status())) return Bytes();
  return answer;
}

absl::StatusOr<InvitationPage> Enrolment::List(const Caller& caller,
                                               const InvitationId& after) {
  CORDON_ASSIGN_OR_RETURN(
      const std::vector<relay::Invitation> invitations,
      parts_.stores->enrolment.ListBy(caller.device, after, kInvitationsPage));
  InvitationPage page;
  page.more = invitations.size() == kInvitationsPage;
  for (const relay::Invitation& invitation : invitations) {
    InvitationRow row{.id = invitation.id,
                      .expires = invitation.expires,
                      .step = invitation.state};
    if (invitation.state == relay::InvitationState::kRequested) {
      CORDON_ASSIGN_OR_RETURN(
          row.request, parts_.stores->enrolment.FindRequest(invitation.id));
    }
    page.rows.push_back(std::move(row));
  }
  return page;
}

absl::StatusOr<relay::Invitation> Enrolment::FindOwn(const Caller& caller,
                                                     const InvitationId& id) {
  CORDON_ASSIGN_OR_RETURN(relay::Invitation invitation,
                          parts_.stores->enrolment.Find(id));
  if (invitation.inviter == caller.device) return invitation;
  return absl::PermissionDeniedError("this invitation is another device's");
}

absl::Status Enrolment::Revoke(const sqlite::Transaction& txn,
                               const Caller& caller, const InvitationId& id) {
  CORDON_RETURN_IF_ERROR(FindOwn(caller, id).status());
  return parts_.stores->enrolment.Revoke(txn, id);
}

absl::Status Enrolment::Answer(const sqlite::Transaction& txn,
                               const Caller& caller, const InvitationId& id,
                               ByteSpan answer) {
  CORDON_RETURN_IF_ERROR(FindOwn(caller, id).status());
  CORDON_ASSIGN_OR_RETURN(const cert::JoinAnswer parsed,
                          cert::JoinAnswer::Parse(answer));
  CORDON_RETURN_IF_ERROR(parts_.stores->enrolment.PutAnswer(txn, id, answer));
  if (!parsed.device().has_value()) {
    return parts_.trust->EnterIssuing(txn, parsed.issuing(),
                                      parts_.clock->Now());
  }
  return PutDevice(
      txn, *parts_.trust->verifier(),
      {.identity = {parsed.device()->identity.der(), parsed.issuing().der()},
       .transport = {parsed.device()->transport.der(),
                     parsed.issuing().der()}});
}

}  // namespace cordon::server
