#include "crypto/mls/extension.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/credential.h"

namespace cordon::mls {
namespace {

constexpr uint16_t kDefaultExtensionLast = 5;
constexpr uint16_t kDefaultProposalLast = 7;

Extension MakeVector(ExtensionType type, ByteSpan content) {
  codec::Writer out;
  out.Vector(content);
  return Extension{.type = type, .data = out.Take()};
}

absl::StatusOr<std::optional<Bytes>> FindVector(const Extensions& extensions,
                                                ExtensionType type) {
  const Extension* found = FindExtension(extensions, type);
  if (found == nullptr) return std::nullopt;
  codec::Reader in(found->data);
  CORDON_ASSIGN_OR_RETURN(const ByteSpan content, in.Vector());
  CORDON_RETURN_IF_ERROR(in.End());
  return ToBytes(content);
}

absl::StatusOr<RequiredCapabilities> ReadRequired(codec::Reader& in) {
  RequiredCapabilities required;
  CORDON_ASSIGN_OR_RETURN(required.extensions, ReadTypes<ExtensionType>(in));
  CORDON_ASSIGN_OR_RETURN(required.proposals, ReadTypes<ProposalType>(in));
  CORDON_ASSIGN_OR_RETURN(required.credentials, ReadTypes<CredentialType>(in));
  return required;
}

void Write(const ExternalSender& sender, codec::Writer& out) {
  out.Vector(sender.signature_key);
  Write(sender.credential, out);
}

absl::StatusOr<ExternalSender> ReadSender(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan key, in.Vector());
  CORDON_ASSIGN_OR_RETURN(Credential credential, ReadCredential(in));
  return ExternalSender{.signature_key = ToBytes(key),
                        .credential = std::move(credential)};
}

}  // namespace

bool IsDefault(ExtensionType type) {
  return type.value >= 1 && type.value <= kDefaultExtensionLast;
}

bool IsDefault(ProposalType type) {
  return type.value >= 1 && type.value <= kDefaultProposalLast;
}

uint16_t GreaseValue(RandomSource& random) {
  // 0x0A0A to 0xEAEA in steps of 0x1010; 0xFAFA is private use.
  constexpr uint16_t kFirst = 0x0a0a;
  constexpr uint16_t kStep = 0x1010;
  constexpr uint8_t kCount = 15;
  uint8_t pick = 0;
  random.Fill(MutableByteSpan(&pick, 1));
  return static_cast<uint16_t>(kFirst + kStep * (pick % kCount));
}

void Write(const Extension& extension, codec::Writer& out) {
  out.U16(extension.type.value);
  out.Vector(extension.data);
}

absl::StatusOr<Extension> ReadExtension(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint16_t type, in.U16());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan data, in.Vector());
  return Extension{.type = ExtensionType{type}, .data = ToBytes(data)};
}

absl::StatusOr<Extensions> ReadExtensions(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(
      Extensions extensions,
      codec::ReadVectorOf<Extension>(in, kExtensionsMax, ReadExtension));
  std::vector<ExtensionType> types;
  types.reserve(extensions.size());
  for (const Extension& extension : extensions) types.push_back(extension.type);
  std::sort(types.begin(), types.end());
  if (std::adjacent_find(types.begin(), types.end()) != types.end()) {
    return absl::InvalidArgumentError("extensions: one type twice");
  }
  return extensions;
}

const Extension* FindExtension(const Extensions& extensions,
                               ExtensionType type) {
  const auto found =
      std::find_if(extensions.begin(), extensions.end(),
                   [type](const Extension& each) { return each.type == type; });
  return found == extensions.end() ? nullptr : &*found;
}

void SetExtension(Extensions& extensions, Extension extension) {
  for (Extension& each : extensions) {
    if (each.type == extension.type) {
      each = std::move(extension);
      return;
    }
  }
  extensions.push_back(std::move(extension));
}

Extension MakeRequiredCapabilities(const RequiredCapabilities& required) {
  codec::Writer out;
  WriteTypes(required.extensions, out);
  WriteTypes(required.proposals, out);
  WriteTypes(required.credentials, out);
  return Extension{.type = kRequiredCapabilitiesExtension, .data = out.Take()};
}

absl::StatusOr<std::optional<RequiredCapabilities>> FindRequiredCapabilities(
    const Extensions& extensions) {
  const Extension* found =
      FindExtension(extensions, kRequiredCapabilitiesExtension);
  if (found == nullptr) return std::nullopt;
  CORDON_ASSIGN_OR_RETURN(
      RequiredCapabilities required,
      codec::ParseWhole<RequiredCapabilities>(found->data, ReadRequired));
  return required;
}

Extension MakeExternalSenders(absl::Span<const ExternalSender> senders) {
  codec::Writer out;
  out.Nested([senders](codec::Writer& content) {
    for (const ExternalSender& sender : senders) Write(sender, content);
  });
  return Extension{.type = kExternalSendersExtension, .data = out.Take()};
}

absl::StatusOr<std::vector<ExternalSender>> FindExternalSenders(
    const Extensions& extensions) {
  std::vector<ExternalSender> senders;
  const Extension* found = FindExtension(extensions, kExternalSendersExtension);
  if (found == nullptr) return senders;
  codec::Reader in(found->data);
  CORDON_ASSIGN_OR_RETURN(senders, codec::ReadVectorOf<ExternalSender>(
                                       in, kExternalSendersMax, ReadSender));
  CORDON_RETURN_IF_ERROR(in.End());
  return senders;
}

Extension MakeExternalPub(ByteSpan hpke_public_key) {
  return MakeVector(kExternalPubExtension, hpke_public_key);
}

absl::StatusOr<std::optional<Bytes>> FindExternalPub(
    const Extensions& extensions) {
  return FindVector(extensions, kExternalPubExtension);
}

Extension MakeRatchetTree(Bytes encoded_tree) {
  return Extension{.type = kRatchetTreeExtension,
                   .data = std::move(encoded_tree)};
}

Extension MakeApplicationId(ByteSpan application_id) {
  return MakeVector(kApplicationIdExtension, application_id);
}

absl::StatusOr<std::optional<Bytes>> FindApplicationId(
    const Extensions& extensions) {
  return FindVector(extensions, kApplicationIdExtension);
}

}  // namespace cordon::mls
