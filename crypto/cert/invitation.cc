#include "crypto/cert/invitation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/hkdf.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kChecksumBytes = 4;
constexpr size_t kSecretBytes = 32;
constexpr absl::string_view kKeyLabel = "cordon invitation key v1";

absl::Status CheckRelay(absl::string_view relay) {
  const size_t colon = relay.rfind(':');
  uint32_t port = 0;
  const bool good = relay.size() <= kRelayAddressBytesMax &&
                    colon != absl::string_view::npos && colon > 0 &&
                    absl::SimpleAtoi(relay.substr(colon + 1), &port) &&
                    port > 0 && port <= UINT16_MAX &&
                    std::all_of(relay.begin(), relay.end(), [](char c) {
                      const auto byte = static_cast<unsigned char>(c);
                      return absl::ascii_isalnum(byte) || c == '.' ||
                             c == '-' || c == ':' || c == '[' || c == ']';
                    });
  if (!good) {
    return absl::InvalidArgumentError(
        "invitation: the relay's address must be HOST:PORT");
  }
  return absl::OkStatus();
}

absl::Status CutOff() {
  return absl::InvalidArgumentError(
      "invitation: incomplete or mistyped; copy the whole text again");
}

ByteSpan ChecksumOf(const Digest& digest) {
  return ByteSpan(digest).first(kChecksumBytes);
}

absl::StatusOr<Offer> ReadOffer(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint8_t kind_number, in.U8());
  CORDON_ASSIGN_OR_RETURN(const InvitationKind kind,
                          InvitationKindFrom(kind_number));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan relay, in.Vector());
  CORDON_RETURN_IF_ERROR(CheckRelay(AsText(relay)));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan pin, in.Fixed(Pin::kBytes));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan root, in.Fixed(Fingerprint::kBytes));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan user, in.Vector());
  CORDON_ASSIGN_OR_RETURN(UserName name, UserName::Parse(AsText(user)));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan role_bytes, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const RoleSet roles, RolesFromBytes(role_bytes));
  CORDON_RETURN_IF_ERROR(CheckRoles(name.org().kind(), roles));
  CORDON_ASSIGN_OR_RETURN(const uint64_t expires_s, in.U64());
  if (expires_s > kUnixSecondsMax) {
    return absl::InvalidArgumentError("invitation: the expiry is out of range");
  }
  return Offer{
      .kind = kind,
      .relay = ToString(relay),
      .pin = *Pin::Parse(pin),
      .root = *Fingerprint::Parse(root),
      .user = std::move(name),
      .roles = roles,
      .expires = absl::FromUnixSeconds(static_cast<int64_t>(expires_s))};
}

void Write(const Offer& offer, codec::Writer& out) {
  out.U8(static_cast<uint8_t>(offer.kind));
  out.Vector(AsBytes(offer.relay));
  out.Fixed(offer.pin.span());
  out.Fixed(offer.root.span());
  out.Vector(AsBytes(offer.user.text()));
  out.Vector(RolesToBytes(offer.roles));
  out.U64(static_cast<uint64_t>(absl::ToUnixSeconds(offer.expires)));
}

}  // namespace

absl::StatusOr<InvitationKind> InvitationKindFrom(uint8_t number) {
  switch (static_cast<InvitationKind>(number)) {
    case InvitationKind::kOrganisation:
    case InvitationKind::kDevice:
      return static_cast<InvitationKind>(number);
  }
  return absl::InvalidArgumentError("invitation: unknown kind");
}

Bytes RolesToBytes(const RoleSet& roles) {
  Bytes bytes;
  for (const Role role : roles.List()) {
    bytes.push_back(static_cast<uint8_t>(role));
  }
  return bytes;
}

absl::StatusOr<RoleSet> RolesFromBytes(ByteSpan bytes) {
  RoleSet roles;
  for (const Role role : kRoles) {
    if (bytes.empty() || bytes.front() != static_cast<uint8_t>(role)) continue;
    roles.Add(role);
    bytes.remove_prefix(1);
  }
  if (!bytes.empty()) {
    return absl::InvalidArgumentError(
        "role: unknown to this version, or out of order");
  }
  return roles;
}

absl::StatusOr<Invitation> Invitation::Create(Offer offer, absl::Time now,
                                              RandomSource& random) {
  offer.expires = absl::FromUnixSeconds(absl::ToUnixSeconds(offer.expires));
  CORDON_RETURN_IF_ERROR(CheckRelay(offer.relay));
  CORDON_RETURN_IF_ERROR(CheckRoles(offer.user.org().kind(), offer.roles));
  if (offer.expires <= now || offer.expires > now + kInvitationLifetimeMax) {
    return absl::InvalidArgumentError(
        "invitation: must expire within the next 30 days");
  }
  return Invitation(InvitationId::Random(random), std::move(offer),
                    Secret::Random(random));
}

SecretBytes Invitation::ToBytes() const {
  codec::Writer out;
  // Room for all of it, so that no smaller buffer with the secret is left.
  out.Reserve(kInvitationTextBytesMax);
  out.U8(kVersion);
  out.Fixed(id_.span());
  Write(offer_, out);
  out.Fixed(secret_.ExposeSecret());
  const Digest digest = Sha256(out.bytes());
  out.Fixed(ChecksumOf(digest));
  Bytes bytes = out.Take();
  const WipeOnExit wipe(bytes);
  return SecretBytes::Copy(bytes);
}

absl::StatusOr<Invitation> Invitation::ParseBytes(ByteSpan bytes) {
  codec::Reader in(bytes);
  const absl::StatusOr<uint8_t> version = in.U8();
  if (!version.ok() || bytes.size() < kChecksumBytes) return CutOff();
  const ByteSpan body = bytes.first(bytes.size() - kChecksumBytes);
  const Digest digest = Sha256(body);
  if (!Equal(ChecksumOf(digest), bytes.last(kChecksumBytes))) return CutOff();
  if (*version != kVersion) {
    return absl::InvalidArgumentError("invitation: needs a newer client");
  }
  CORDON_ASSIGN_OR_RETURN(const ByteSpan id, in.Fixed(InvitationId::kBytes));
  CORDON_ASSIGN_OR_RETURN(Offer offer, ReadOffer(in));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan secret, in.Fixed(kSecretBytes));
  CORDON_RETURN_IF_ERROR(in.Fixed(kChecksumBytes).status());
  CORDON_RETURN_IF_ERROR(in.End());
  return Invitation(*InvitationId::Parse(id), std::move(offer),
                    *Secret::Copy(secret));
}

absl::StatusOr<Invitation> Invitation::ParseText(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (!absl::ConsumePrefix(&text, kInvitationPrefix)) {
    return absl::InvalidArgumentError(
        "invitation: must begin with cordon+join:");
  }
  if (text.size() > kInvitationTextBytesMax) {
    return absl::InvalidArgumentError(
        "invitation: beyond kInvitationTextBytesMax");
  }
  std::string bytes;
  const WipeOnExit wipe(bytes);
  // The decoder also reads padding and space; only one spelling is ours.
  if (!absl::WebSafeBase64Unescape(text, &bytes)) return CutOff();
  std::string spelled = absl::WebSafeBase64Escape(bytes);
  const WipeOnExit wipe_spelled(spelled);
  if (spelled != text) return CutOff();
  return ParseBytes(AsBytes(bytes));
}

absl::StatusOr<Invitation> Invitation::ParseSecretText(
    const SecretBytes& text) {
  return ParseText(AsText(text.ExposeSecret()));
}

SecretBytes Invitation::ToText() const {
  const SecretBytes bytes = ToBytes();
  std::string encoded = absl::WebSafeBase64Escape(AsText(bytes.ExposeSecret()));
  const WipeOnExit wipe_encoded(encoded);
  std::string text = absl::StrCat(kInvitationPrefix, encoded);
  const WipeOnExit wipe_text(text);
  return SecretBytes::Copy(AsBytes(text));
}

Ed25519PrivateKey Invitation::Key() const {
  const SecretArray<kHkdfPrkBytes> prk =
      HkdfExtract(id_.span(), secret_.ExposeSecret());
  Ed25519Seed seed;
  HkdfExpand(prk.ExposeSecret(), AsBytes(kKeyLabel), seed.MutableSecret());
  return Ed25519PrivateKey::FromSeed(seed);
}

Invitation Invitation::CloneSecret() const {
  return {id_, offer_, secret_.CloneSecret()};
}

}  // namespace cordon::cert
