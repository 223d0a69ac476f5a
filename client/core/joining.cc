#include "client/core/joining.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/outcome.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core/timers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/join_answer.h"
#include "crypto/cert/join_request.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

// A join under way, as the vault keeps it.
struct UnderWay {
  cert::Invitation invitation;
  cert::JoinKeys keys;
  cert::JoinRequest request;
};

absl::StatusOr<UnderWay> Begin(const Parts& parts, cert::Invitation invitation,
                               absl::string_view device) {
  cert::JoinKeys keys =
      cert::JoinKeys::Generate(invitation.offer().kind, *parts.random);
  const absl::Time now = parts.clock->Now();
  CORDON_ASSIGN_OR_RETURN(
      cert::JoinRequest request,
      cert::JoinRequest::Create(invitation, device, keys, now));
  const vault::Enrolment enrolment{.invitation = invitation.ToText(),
                                   .keys = keys.Serialize(),
                                   .request = request.bytes(),
                                   .made = now};
  CORDON_RETURN_IF_ERROR(
      parts.vault->Update([&enrolment](vault::VaultTxn& txn) {
        return txn.identity().PutEnrolment(enrolment);
      }));
  return UnderWay{.invitation = std::move(invitation),
                  .keys = std::move(keys),
                  .request = std::move(request)};
}

absl::StatusOr<UnderWay> GoOn(const vault::Enrolment& enrolment,
                              cert::Invitation invitation) {
  if (!enrolment.invitation.EqualsConstantTime(invitation.ToText())) {
    return absl::FailedPreconditionError(
        "this profile is joining with another invitation; repeat that one, or "
        "use a new profile folder");
  }
  CORDON_ASSIGN_OR_RETURN(cert::JoinKeys keys,
                          cert::JoinKeys::Parse(enrolment.keys));
  CORDON_ASSIGN_OR_RETURN(cert::JoinRequest request,
                          cert::JoinRequest::Parse(enrolment.request));
  return UnderWay{.invitation = std::move(invitation),
                  .keys = std::move(keys),
                  .request = std::move(request)};
}

absl::StatusOr<UnderWay> BeginOrGoOn(const Parts& parts,
                                     const client::Join& wanted) {
  CORDON_ASSIGN_OR_RETURN(cert::Invitation invitation,
                          cert::Invitation::ParseSecretText(wanted.invitation));
  CORDON_RETURN_IF_ERROR(CheckNotJoined(*parts.vault));
  CORDON_ASSIGN_OR_RETURN(const std::optional<vault::Enrolment> enrolment,
                          FindEnrolment(*parts.vault));
  if (enrolment.has_value()) return GoOn(*enrolment, std::move(invitation));
  return Begin(parts, std::move(invitation), wanted.device);
}

// An organisation certifies its first device itself, with the issuing key that
// the answer certifies.
absl::StatusOr<cert::JoinAnswer::Device> IssueOwn(
    const Parts& parts, const cert::JoinAnswer& answer, const UnderWay& join) {
  CORDON_ASSIGN_OR_RETURN(
      const cert::OrgIssuer issuer,
      cert::OrgIssuer::Load(answer.issuing(),
                            join.keys.issuing.value().CloneSecret()));
  const cert::Making making{.now = parts.clock->Now(), .random = *parts.random};
  CORDON_ASSIGN_OR_RETURN(cert::Certificate identity,
                          issuer.IssueDevice(join.request.identity(),
                                             join.request.roles(), making));
  CORDON_ASSIGN_OR_RETURN(cert::Certificate transport,
                          issuer.IssueDevice(join.request.transport(),
                                             join.request.roles(), making));
  return cert::JoinAnswer::Device{.identity = std::move(identity),
                                  .transport = std::move(transport)};
}

absl::Status Finish(const Parts& parts, ByteSpan answer_bytes,
                    const UnderWay& join) {
  CORDON_ASSIGN_OR_RETURN(const cert::JoinAnswer answer,
                          cert::JoinAnswer::Parse(answer_bytes));
  CORDON_RETURN_IF_ERROR(
      answer.VerifyAtJoiner(join.invitation, join.request, parts.clock->Now()));
  std::optional<cert::JoinAnswer::Device> device = answer.device();
  if (!device.has_value()) {
    CORDON_ASSIGN_OR_RETURN(device, IssueOwn(parts, answer, join));
  }
  const cert::Offer& offer = join.invitation.offer();
  return StoreNewDevice(*parts.vault,
                        NewDevice{.root = answer.root(),
                                  .issuing = answer.issuing(),
                                  .identity = device->identity,
                                  .transport = device->transport,
                                  .relay_address = offer.relay,
                                  .pin = offer.pin},
                        join.keys, *parts.random);
}

Task<absl::StatusOr<Unit>> Redeem(const Parts& parts, InvitationId invitation,
                                  Bytes request) {
  co_return co_await Ask<Unit>([&](Done<Unit> done) {
    parts.relay->Redeem(invitation, std::move(request), std::move(done));
  });
}

// Gives up an invitation that the relay says is over, so that the profile is
// free for another one. A refusal for any other reason may not be the relay's.
absl::Status EndIfOver(const Parts& parts, const absl::Status& why) {
  const bool used = absl::IsAlreadyExists(why);
  if (!used && !absl::IsNotFound(why) && !absl::IsFailedPrecondition(why)) {
    return why;
  }
  CORDON_RETURN_IF_ERROR(parts.vault->Update(
      [](vault::VaultTxn& txn) { return txn.identity().EraseEnrolment(); }));
  if (used) {
    return absl::AlreadyExistsError(
        "this invitation was used already; if not by you, tell who sent it, "
        "and ask for a new one");
  }
  return absl::Status(why.code(),
                      absl::StrCat("the invitation is over (", why.message(),
                                   "); ask for a new one"));
}

// Asks until there is an answer; the relay being away for a while is no reason
// to give up once it has the request.
Task<absl::StatusOr<Bytes>> AwaitAnswer(const Parts& parts, Timers& timers,
                                        InvitationId invitation) {
  while (true) {
    absl::StatusOr<Bytes> answer = co_await Ask<Bytes>([&](Done<Bytes> done) {
      parts.relay->FetchAnswer(invitation, std::move(done));
    });
    if (IsRefusal(answer.status())) co_return answer;
    if (answer.ok() && !answer->empty()) co_return answer;
    co_await timers.Sleep(kAnswerPollInterval);
  }
}

}  // namespace

Task<absl::Status> Joining::Join(client::Join wanted, uint64_t command) {
  const absl::StatusOr<UnderWay> join = BeginOrGoOn(parts_, wanted);
  if (!join.ok()) co_return join.status();
  const cert::Offer& offer = join->invitation.offer();
  ConnectCall connect;
  connect.address = offer.relay;
  connect.pins = {offer.pin};
  parts_.relay->Connect(std::move(connect));

  const InvitationId id = join->invitation.id();
  const absl::StatusOr<Unit> redeemed =
      co_await Redeem(parts_, id, join->request.bytes());
  if (!redeemed.ok()) co_return EndIfOver(parts_, redeemed.status());
  parts_.events->Emit(
      Progress{.command = command, .stage = Stage::kWaitingForApproval});
  const absl::StatusOr<Bytes> answer =
      co_await AwaitAnswer(parts_, *timers_, id);
  if (!answer.ok()) co_return EndIfOver(parts_, answer.status());
  const absl::Status finished = Finish(parts_, *answer, *join);
  if (!finished.ok()) co_return finished;
  co_return co_await EnterDirectory(parts_);
}

Task<absl::Status> EnterDirectory(const Parts& parts) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts.vault);
  if (!own.ok()) co_return own.status();
  parts.relay->Connect(own->Connection());
  const absl::StatusOr<Unit> entered = co_await Ask<Unit>([&](Done<Unit> done) {
    parts.relay->Enter(own->IdentityChain(), own->TransportChain(),
                       std::move(done));
  });
  co_return entered.status();
}

}  // namespace cordon::client
