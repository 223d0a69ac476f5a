#include "client/net/convert.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/delivery_types.h"
#include "client/core/relay_types.h"
#include "cordon/wire/v1/directory.pb.h"
#include "cordon/wire/v1/enrolment.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/cert/join_request.h"

namespace cordon::client {
namespace {

absl::StatusOr<std::vector<Bytes>> ChainFrom(const wire::Chain& from) {
  if (from.certificates_size() > static_cast<int>(kChainCertificatesMax)) {
    return Malformed("chain");
  }
  std::vector<Bytes> chain;
  for (const std::string& certificate : from.certificates()) {
    if (certificate.size() > kCertificateBytesMax) return Malformed("chain");
    chain.push_back(ToBytes(AsBytes(certificate)));
  }
  return chain;
}

absl::StatusOr<InvitationState> StateFrom(wire::InvitationState state) {
  switch (state) {
    case wire::INVITATION_STATE_OPEN:
      return InvitationState::kOpen;
    case wire::INVITATION_STATE_REQUESTED:
      return InvitationState::kRequested;
    case wire::INVITATION_STATE_ANSWERED:
      return InvitationState::kAnswered;
    case wire::INVITATION_STATE_REVOKED:
      return InvitationState::kRevoked;
    default:
      return Malformed("invitation state");
  }
}

}  // namespace

absl::Status Malformed(absl::string_view what) {
  return absl::InternalError(
      absl::StrCat("the relay's answer is malformed: ", what));
}

absl::StatusOr<Bytes> BytesFrom(const std::string& field, size_t bytes_max,
                                absl::string_view what) {
  if (field.size() > bytes_max) return Malformed(what);
  return ToBytes(AsBytes(field));
}

void FillChain(const std::vector<Bytes>& from, wire::Chain* to) {
  for (const Bytes& certificate : from) {
    to->add_certificates(ToString(certificate));
  }
}

wire::SetUpRequest ToWire(const SetUpCall& call) {
  wire::SetUpRequest request;
  request.set_setup_code(call.setup_code);
  request.set_root_certificate(ToString(call.root_certificate));
  request.set_issuing_certificate(ToString(call.issuing_certificate));
  FillChain(call.identity, request.mutable_identity());
  FillChain(call.transport, request.mutable_transport());
  return request;
}

wire::InviteRequest ToWire(const InviteCall& call) {
  wire::InviteRequest request;
  request.set_invitation_id(ToString(call.invitation.span()));
  request.set_public_key(ToString(call.public_key));
  request.set_expires_ms(absl::ToUnixMillis(call.expires));
  request.set_kind(call.for_organisation ? wire::INVITATION_KIND_ORGANISATION
                                         : wire::INVITATION_KIND_USER);
  return request;
}

wire::RevokeRequest ToWire(const CrlItem& list) {
  wire::RevokeRequest request;
  request.set_crl(ToString(list.crl));
  request.set_issuing_certificate(ToString(list.issuing_certificate));
  return request;
}

wire::PublishKeyPackagesRequest ToWire(
    const std::vector<KeyPackageUpload>& packages) {
  wire::PublishKeyPackagesRequest request;
  for (const KeyPackageUpload& from : packages) {
    wire::KeyPackageUpload* const to = request.add_key_packages();
    to->set_reference(ToString(from.reference));
    to->set_key_package(ToString(from.key_package));
    to->set_expires_ms(absl::ToUnixMillis(from.expires));
    to->set_last_resort(from.last_resort);
  }
  return request;
}

absl::StatusOr<Bytes> FromWire(const wire::FetchAnswerAnswer& answer) {
  if (answer.answered() == answer.answer().empty()) return Malformed("answer");
  return BytesFrom(answer.answer(), kAnswerBytesMax, "answer");
}

absl::StatusOr<InvitationPage> FromWire(
    const wire::ListInvitationsAnswer& answer) {
  InvitationPage page{.more = answer.more()};
  for (const wire::InvitationRow& from : answer.invitations()) {
    InvitationRow row{.expires = absl::FromUnixMillis(from.expires_ms())};
    CORDON_ASSIGN_OR_RETURN(
        row.request,
        BytesFrom(from.request(), cert::kJoinRequestBytesMax, "join request"));
    CORDON_ASSIGN_OR_RETURN(
        row.invitation,
        IdFrom<InvitationId>(from.invitation_id(), "invitation id"));
    CORDON_ASSIGN_OR_RETURN(row.state, StateFrom(from.state()));
    page.invitations.push_back(std::move(row));
  }
  return page;
}

absl::StatusOr<DevicePage> FromWire(const wire::ListDevicesAnswer& answer) {
  DevicePage page{.more = answer.more()};
  for (const wire::DeviceRow& from : answer.devices()) {
    DeviceRow row{.since = absl::FromUnixMillis(from.since_ms())};
    CORDON_ASSIGN_OR_RETURN(row.device,
                            IdFrom<DeviceId>(from.device_id(), "device id"));
    CORDON_ASSIGN_OR_RETURN(row.identity, ChainFrom(from.identity()));
    page.devices.push_back(std::move(row));
  }
  return page;
}

absl::StatusOr<std::vector<ClaimedKeyPackage>> FromWire(
    const wire::ClaimKeyPackagesAnswer& answer,
    const std::vector<DeviceId>& asked) {
  if (static_cast<size_t>(answer.claimed_size()) != asked.size()) {
    return Malformed("number of key packages");
  }
  std::vector<ClaimedKeyPackage> claimed;
  claimed.reserve(asked.size());
  for (const DeviceId& device : asked) {
    const wire::ClaimedKeyPackage& from =
        answer.claimed(static_cast<int>(claimed.size()));
    ClaimedKeyPackage to{.device = device, .last_resort = from.last_resort()};
    if (!Equal(AsBytes(from.device_id()), device.span())) {
      return Malformed("order of key packages");
    }
    CORDON_ASSIGN_OR_RETURN(
        to.key_package,
        BytesFrom(from.key_package(), kKeyPackageBytesMax, "key package"));
    claimed.push_back(std::move(to));
  }
  return claimed;
}

std::string Sentence(const std::string& text) {
  std::string sentence = text.substr(0, kSentenceBytesMax);
  for (char& c : sentence) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  return sentence;
}

std::string UnreachedText(const std::string& address, const std::string& text) {
  constexpr absl::string_view kBetween = ": ";
  const std::string sentence = Sentence(text);
  const size_t last = sentence.rfind(kBetween.data());
  const std::string reason = last == std::string::npos
                                 ? sentence
                                 : sentence.substr(last + kBetween.size());
  return absl::StrCat("the relay at ", address, " is not to be reached (",
                      reason, "); is the network up, and does it run?");
}

}  // namespace cordon::client
