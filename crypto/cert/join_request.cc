#include "crypto/cert/join_request.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {
namespace {

constexpr uint8_t kVersion = 1;
constexpr absl::string_view kSignatureLabel = "cordon join request v1";

Bytes SignedBytes(ByteSpan claim) {
  codec::Writer out;
  out.Vector(AsBytes(kSignatureLabel));
  out.Vector(claim);
  return out.Take();
}

template <typename IdType>
absl::StatusOr<IdType> ReadId(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan bytes, in.Fixed(IdType::kBytes));
  return IdType::Parse(bytes);
}

absl::StatusOr<Csr> ReadCsr(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan der, in.Vector());
  return Csr::Parse(der);
}

absl::Status Expired() {
  return absl::FailedPreconditionError(
      "request: the invitation has expired; ask for a new one");
}

constexpr uint8_t kJoinKeysVersion = 1;
constexpr size_t kJoinKeysBytesMax = 2 + 3 * kEd25519SeedBytes;

absl::StatusOr<Ed25519PrivateKey> ReadKey(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan bytes, in.Fixed(kEd25519SeedBytes));
  CORDON_ASSIGN_OR_RETURN(const Ed25519Seed seed, Ed25519Seed::Copy(bytes));
  return Ed25519PrivateKey::FromSeed(seed);
}

}  // namespace

JoinKeys JoinKeys::Generate(InvitationKind kind, RandomSource& random) {
  JoinKeys keys{.identity = Ed25519PrivateKey::Generate(random),
                .transport = Ed25519PrivateKey::Generate(random),
                .issuing = std::nullopt};
  if (kind == InvitationKind::kOrganisation) {
    keys.issuing = Ed25519PrivateKey::Generate(random);
  }
  return keys;
}

SecretBytes JoinKeys::Serialize() const {
  // Reserved whole: a buffer that grew would leave keys behind.
  codec::Writer out;
  out.Reserve(kJoinKeysBytesMax);
  out.U8(kJoinKeysVersion);
  out.Fixed(identity.CloneSeed().ExposeSecret());
  out.Fixed(transport.CloneSeed().ExposeSecret());
  out.Present(issuing.has_value());
  if (issuing.has_value()) out.Fixed(issuing->CloneSeed().ExposeSecret());
  Bytes serialized = out.Take();
  const WipeOnExit<Bytes> wipe(serialized);
  return SecretBytes::Copy(serialized);
}

absl::StatusOr<JoinKeys> JoinKeys::Parse(const SecretBytes& bytes) {
  codec::Reader in(bytes.ExposeSecret());
  CORDON_ASSIGN_OR_RETURN(const uint8_t version, in.U8());
  if (version != kJoinKeysVersion) {
    return absl::InvalidArgumentError("join keys: unknown version");
  }
  CORDON_ASSIGN_OR_RETURN(Ed25519PrivateKey identity, ReadKey(in));
  CORDON_ASSIGN_OR_RETURN(Ed25519PrivateKey transport, ReadKey(in));
  JoinKeys keys{.identity = std::move(identity),
                .transport = std::move(transport),
                .issuing = std::nullopt};
  CORDON_ASSIGN_OR_RETURN(const bool issues, in.Present());
  if (issues) {
    CORDON_ASSIGN_OR_RETURN(keys.issuing, ReadKey(in));
  }
  CORDON_RETURN_IF_ERROR(in.End());
  return keys;
}

Bytes JoinRequest::WriteClaim(const Claim& claim) {
  codec::Writer out;
  out.Fixed(claim.id.span());
  out.Fixed(claim.pin.span());
  out.Fixed(claim.root.span());
  out.U8(static_cast<uint8_t>(claim.kind));
  out.Vector(AsBytes(claim.device.text()));
  out.Vector(RolesToBytes(claim.roles));
  out.U64(static_cast<uint64_t>(absl::ToUnixSeconds(claim.expires)));
  out.Vector(claim.identity.der());
  out.Vector(claim.transport.der());
  out.Present(claim.issuing.has_value());
  if (claim.issuing.has_value()) out.Vector(claim.issuing->der());
  return out.Take();
}

absl::StatusOr<JoinRequest::Claim> JoinRequest::ReadClaim(ByteSpan bytes) {
  codec::Reader in(bytes);
  CORDON_ASSIGN_OR_RETURN(const InvitationId id, ReadId<InvitationId>(in));
  CORDON_ASSIGN_OR_RETURN(const Pin pin, ReadId<Pin>(in));
  CORDON_ASSIGN_OR_RETURN(const Fingerprint root, ReadId<Fingerprint>(in));
  CORDON_ASSIGN_OR_RETURN(const uint8_t kind_number, in.U8());
  CORDON_ASSIGN_OR_RETURN(const InvitationKind kind,
                          InvitationKindFrom(kind_number));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan name, in.Vector());
  CORDON_ASSIGN_OR_RETURN(DeviceName device, DeviceName::Parse(AsText(name)));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan role_bytes, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const RoleSet roles, RolesFromBytes(role_bytes));
  CORDON_ASSIGN_OR_RETURN(const uint64_t expires_s, in.U64());
  if (expires_s > kUnixSecondsMax) {
    return absl::InvalidArgumentError("request: the expiry is out of range");
  }
  CORDON_ASSIGN_OR_RETURN(Csr identity, ReadCsr(in));
  CORDON_ASSIGN_OR_RETURN(Csr transport, ReadCsr(in));
  CORDON_ASSIGN_OR_RETURN(const bool has_issuing, in.Present());
  std::optional<Csr> issuing;
  if (has_issuing) {
    CORDON_ASSIGN_OR_RETURN(issuing, ReadCsr(in));
  }
  CORDON_RETURN_IF_ERROR(in.End());
  return Claim{
      .id = id,
      .pin = pin,
      .root = root,
      .kind = kind,
      .device = std::move(device),
      .roles = roles,
      .expires = absl::FromUnixSeconds(static_cast<int64_t>(expires_s)),
      .identity = std::move(identity),
      .transport = std::move(transport),
      .issuing = std::move(issuing)};
}

absl::Status JoinRequest::CheckClaim(const Claim& claim) {
  if (claim.identity.usage() != Usage::kIdentity ||
      claim.transport.usage() != Usage::kTransport ||
      claim.identity.device() != claim.device ||
      claim.transport.device() != claim.device) {
    return absl::InvalidArgumentError(
        "request: a key is asked to be certified for another name or use");
  }
  const bool wants_issuing = claim.kind == InvitationKind::kOrganisation;
  if (claim.issuing.has_value() != wants_issuing) {
    return absl::InvalidArgumentError(
        "request: an issuing key belongs in an organisation's request, and "
        "only there");
  }
  if (wants_issuing && (claim.issuing->usage() != Usage::kIssuing ||
                        claim.issuing->org() != claim.device.org())) {
    return absl::InvalidArgumentError(
        "request: the issuing key is for another organisation");
  }
  // One key in two uses would let a signature made for one pass for the other.
  const bool shared =
      claim.identity.public_key() == claim.transport.public_key() ||
      (wants_issuing &&
       (claim.issuing->public_key() == claim.identity.public_key() ||
        claim.issuing->public_key() == claim.transport.public_key()));
  if (shared) {
    return absl::InvalidArgumentError("request: one key in two uses");
  }
  return absl::OkStatus();
}

absl::StatusOr<JoinRequest> JoinRequest::Create(const Invitation& invitation,
                                                absl::string_view device,
                                                const JoinKeys& keys,
                                                absl::Time now) {
  const Offer& offer = invitation.offer();
  if (invitation.ExpiredAt(now)) return Expired();
  CORDON_CHECK(keys.issuing.has_value() ==
               (offer.kind == InvitationKind::kOrganisation));
  CORDON_ASSIGN_OR_RETURN(DeviceName name,
                          DeviceName::Create(offer.user, device));
  Claim claim{
      .id = invitation.id(),
      .pin = offer.pin,
      .root = offer.root,
      .kind = offer.kind,
      .device = name,
      .roles = offer.roles,
      .expires = offer.expires,
      .identity = Csr::ForDevice(Usage::kIdentity, name, keys.identity),
      .transport = Csr::ForDevice(Usage::kTransport, name, keys.transport),
      .issuing = std::nullopt};
  if (keys.issuing.has_value()) {
    claim.issuing = Csr::ForIssuing(name.org(), *keys.issuing);
  }
  const Bytes claim_bytes = WriteClaim(claim);
  codec::Writer out;
  out.U8(kVersion);
  out.Vector(claim_bytes);
  out.Fixed(invitation.Key().Sign(SignedBytes(claim_bytes)));
  return Parse(out.bytes());
}

absl::StatusOr<JoinRequest> JoinRequest::Parse(ByteSpan bytes) {
  if (bytes.size() > kJoinRequestBytesMax) {
    return absl::InvalidArgumentError("request: beyond kJoinRequestBytesMax");
  }
  codec::Reader in(bytes);
  CORDON_ASSIGN_OR_RETURN(const uint8_t version, in.U8());
  if (version != kVersion) {
    return absl::InvalidArgumentError("request: needs a newer version");
  }
  CORDON_ASSIGN_OR_RETURN(const ByteSpan claim_bytes, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan signature,
                          in.Fixed(kEd25519SignatureBytes));
  CORDON_RETURN_IF_ERROR(in.End());
  CORDON_ASSIGN_OR_RETURN(Claim claim, ReadClaim(claim_bytes));
  CORDON_RETURN_IF_ERROR(CheckClaim(claim));
  JoinRequest request(std::move(claim));
  request.bytes_ = ToBytes(bytes);
  request.claim_bytes_ = ToBytes(claim_bytes);
  std::copy(signature.begin(), signature.end(), request.signature_.begin());
  return request;
}

absl::Status JoinRequest::CheckSignature(
    const Ed25519PublicKey& invitation_key) const {
  if (!VerifyEd25519(invitation_key, SignedBytes(claim_bytes_), signature_)) {
    return absl::UnauthenticatedError(
        "request: not signed with the invitation's key");
  }
  return absl::OkStatus();
}

absl::Status JoinRequest::VerifyAtRelay(const Ed25519PublicKey& invitation_key,
                                        absl::Time registered_expiry,
                                        absl::Time now) const {
  CORDON_RETURN_IF_ERROR(CheckSignature(invitation_key));
  if (now >= registered_expiry) return Expired();
  return absl::OkStatus();
}

absl::Status JoinRequest::VerifyAtInviter(const Invitation& invitation) const {
  CORDON_RETURN_IF_ERROR(CheckSignature(invitation.Key().public_key()));
  const Offer& offer = invitation.offer();
  if (claim_.id != invitation.id() || claim_.kind != offer.kind) {
    return absl::PermissionDeniedError("request: made for another invitation");
  }
  if (claim_.pin != offer.pin || claim_.root != offer.root) {
    return absl::PermissionDeniedError(
        "request: the joiner knows another relay or root than was offered");
  }
  if (claim_.device.owner() != offer.user) {
    return absl::PermissionDeniedError(
        "request: asks for another name than was offered");
  }
  if (claim_.roles != offer.roles || claim_.expires != offer.expires) {
    return absl::PermissionDeniedError(
        "request: asks for other roles or dates than were offered");
  }
  return absl::OkStatus();
}

}  // namespace cordon::cert
