#include "server/rpc/convert_enrolment.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "cordon/wire/v1/directory.pb.h"
#include "cordon/wire/v1/enrolment.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/cert/join_answer.h"
#include "crypto/cert/join_request.h"
#include "server/core/directory.h"
#include "server/core/enrolment.h"
#include "server/core/follow_item.h"
#include "server/rpc/convert.h"

namespace cordon::server {
namespace {

namespace wire = ::cordon::wire::v1;

constexpr size_t kSetupCodeBytesMax = 64;

absl::StatusOr<InvitedKind> KindFrom(wire::InvitationKind kind) {
  switch (kind) {
    case wire::INVITATION_KIND_ORGANISATION:
      return InvitedKind::kOrganisation;
    case wire::INVITATION_KIND_USER:
      return InvitedKind::kUser;
    case wire::INVITATION_KIND_DEVICE:
      return InvitedKind::kDevice;
    default:
      return absl::InvalidArgumentError("kind: this relay does not know it");
  }
}

wire::InvitationState ToWire(InvitationStep step) {
  switch (step) {
    case InvitationStep::kOpen:
      return wire::INVITATION_STATE_OPEN;
    case InvitationStep::kRequested:
      return wire::INVITATION_STATE_REQUESTED;
    case InvitationStep::kAnswered:
      return wire::INVITATION_STATE_ANSWERED;
    case InvitationStep::kRevoked:
      return wire::INVITATION_STATE_REVOKED;
  }
  return wire::INVITATION_STATE_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<InvitationId> InvitationFrom(const std::string& field) {
  return IdFrom<InvitationId>(field, "invitation_id");
}

absl::StatusOr<SetUpInput> SetUpInputFrom(const wire::SetUpRequest& in) {
  SetUpInput out;
  CORDON_ASSIGN_OR_RETURN(
      const Bytes code,
      BoundedBytes(in.setup_code(), kSetupCodeBytesMax, "setup_code"));
  out.setup_code = ToString(code);
  CORDON_ASSIGN_OR_RETURN(
      out.root_certificate,
      BoundedBytes(in.root_certificate(), kCertificateBytesMax,
                   "root_certificate"));
  CORDON_ASSIGN_OR_RETURN(out.chains.identity,
                          ChainFrom(in.identity(), "identity"));
  CORDON_ASSIGN_OR_RETURN(out.chains.transport,
                          ChainFrom(in.transport(), "transport"));
  return out;
}

absl::StatusOr<JoinRequestItem> JoinRequestFrom(const wire::RedeemRequest& in) {
  JoinRequestItem out;
  CORDON_ASSIGN_OR_RETURN(out.invitation, InvitationFrom(in.invitation_id()));
  CORDON_ASSIGN_OR_RETURN(
      out.request,
      BoundedBytes(in.request(), cert::kJoinRequestBytesMax, "request"));
  return out;
}

absl::StatusOr<InvitationInput> InvitationInputFrom(
    const wire::InviteRequest& in) {
  InvitationInput out;
  CORDON_ASSIGN_OR_RETURN(out.id, InvitationFrom(in.invitation_id()));
  CORDON_ASSIGN_OR_RETURN(out.public_key, IdFrom<InvitationPublicKey>(
                                              in.public_key(), "public_key"));
  CORDON_ASSIGN_OR_RETURN(out.expires, TimeFrom(in.expires_ms(), "expires_ms"));
  CORDON_ASSIGN_OR_RETURN(out.kind, KindFrom(in.kind()));
  return out;
}

absl::StatusOr<JoinAnswerInput> JoinAnswerFrom(const wire::AnswerRequest& in) {
  JoinAnswerInput out;
  CORDON_ASSIGN_OR_RETURN(out.invitation, InvitationFrom(in.invitation_id()));
  CORDON_ASSIGN_OR_RETURN(
      out.answer,
      BoundedBytes(in.answer(), cert::kJoinAnswerBytesMax, "answer"));
  return out;
}

absl::StatusOr<ChainPair> ChainPairFrom(const wire::EnterRequest& in) {
  ChainPair out;
  CORDON_ASSIGN_OR_RETURN(out.identity, ChainFrom(in.identity(), "identity"));
  CORDON_ASSIGN_OR_RETURN(out.transport,
                          ChainFrom(in.transport(), "transport"));
  return out;
}

absl::StatusOr<CrlItem> CrlFrom(const wire::RevokeRequest& in) {
  CrlItem out;
  CORDON_ASSIGN_OR_RETURN(out.crl, BoundedBytes(in.crl(), kCrlBytesMax, "crl"));
  if (!in.issuing_certificate().empty()) {
    CORDON_ASSIGN_OR_RETURN(
        out.issuing_certificate,
        BoundedBytes(in.issuing_certificate(), kCertificateBytesMax,
                     "issuing_certificate"));
  }
  return out;
}

void WriteTo(const InvitationPage& page, wire::ListInvitationsAnswer& out) {
  out.set_more(page.more);
  for (const InvitationRow& row : page.rows) {
    wire::InvitationRow& to = *out.add_invitations();
    to.set_invitation_id(ToString(row.id.span()));
    to.set_expires_ms(absl::ToUnixMillis(row.expires));
    to.set_state(ToWire(row.step));
    to.set_request(ToString(row.request));
  }
}

absl::StatusOr<std::vector<KeyPackageInput>> KeyPackagesFrom(
    const wire::PublishKeyPackagesRequest& in) {
  if (static_cast<size_t>(in.key_packages().size()) >
      kKeyPackagesPerPublishMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("key_packages: at most ", kKeyPackagesPerPublishMax));
  }
  std::vector<KeyPackageInput> out;
  for (const wire::KeyPackageUpload& upload : in.key_packages()) {
    KeyPackageInput package;
    CORDON_ASSIGN_OR_RETURN(
        package.reference,
        IdFrom<KeyPackageReference>(upload.reference(), "reference"));
    CORDON_ASSIGN_OR_RETURN(
        package.key_package,
        BoundedBytes(upload.key_package(), kKeyPackageBytesMax, "key_package"));
    CORDON_ASSIGN_OR_RETURN(package.expires,
                            TimeFrom(upload.expires_ms(), "expires_ms"));
    package.last_resort = upload.last_resort();
    out.push_back(std::move(package));
  }
  return out;
}

absl::StatusOr<std::vector<DeviceId>> DevicesFrom(
    const wire::ClaimKeyPackagesRequest& in) {
  if (in.device_ids().empty() ||
      static_cast<size_t>(in.device_ids().size()) > kDevicesPerClaimMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("device_ids: 1 to ", kDevicesPerClaimMax));
  }
  std::vector<DeviceId> out;
  for (const std::string& field : in.device_ids()) {
    CORDON_ASSIGN_OR_RETURN(const DeviceId device,
                            IdFrom<DeviceId>(field, "device_id"));
    out.push_back(device);
  }
  return out;
}

void WriteTo(const DirectoryPage& page, wire::ListDevicesAnswer& out) {
  out.set_more(page.more);
  for (const DirectoryRow& row : page.rows) {
    wire::DeviceRow& to = *out.add_devices();
    to.set_device_id(ToString(row.device.span()));
    *to.mutable_identity() = ToWireChain(row.identity);
    to.set_since_ms(absl::ToUnixMillis(row.since));
    to.set_key_packages(static_cast<uint32_t>(row.key_packages));
  }
}

void WriteTo(const std::vector<ClaimedPackage>& claimed,
             wire::ClaimKeyPackagesAnswer& out) {
  for (const ClaimedPackage& package : claimed) {
    wire::ClaimedKeyPackage& to = *out.add_claimed();
    to.set_device_id(ToString(package.device.span()));
    to.set_key_package(ToString(package.key_package));
    to.set_last_resort(package.last_resort);
  }
}

}  // namespace cordon::server
