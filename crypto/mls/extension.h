#ifndef CORDON_CRYPTO_MLS_EXTENSION_H_
#define CORDON_CRYPTO_MLS_EXTENSION_H_

// Extensions, RFC 9420 sections 7.2, 11.1, 12.1.8.1, 12.4.3, 13.4: typed blobs
// in leaf nodes, key packages, GroupInfo and GroupContext, and what is inside
// those that the RFC itself defines.
//
//   struct { uint16 extension_type; opaque extension_data<V>; } Extension;
//   struct { uint16 extension_types<V>; uint16 proposal_types<V>;
//            uint16 credential_types<V>; } RequiredCapabilities;
//   struct { opaque signature_key<V>; Credential credential; } ExternalSender;
//
// Threads: values and pure functions.
// Errors: kInvalidArgument for what does not parse, for two extensions of one
// type in a list and for more than a list may hold. Unknown types are kept.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/random.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/credential.h"

namespace cordon::mls {

// Open registries, so numbers and not enumerations (RFC 9420, 17.3 and 17.4).
using ExtensionType = Number<struct ExtensionTypeTag, uint16_t>;
using ProposalType = Number<struct ProposalTypeTag, uint16_t>;

inline constexpr ExtensionType kApplicationIdExtension{1};
inline constexpr ExtensionType kRatchetTreeExtension{2};
inline constexpr ExtensionType kRequiredCapabilitiesExtension{3};
inline constexpr ExtensionType kExternalPubExtension{4};
inline constexpr ExtensionType kExternalSendersExtension{5};

// Extensions in one list; entries in one list of types or of senders.
inline constexpr size_t kExtensionsMax = 64;
inline constexpr size_t kTypeListMax = 256;
inline constexpr size_t kExternalSendersMax = 16;

// IsDefault: types every client has and that no capability list names.
bool IsDefault(ExtensionType type);
bool IsDefault(ProposalType type);

// GreaseValue is one of the values reserved so that ignoring the unknown stays
// practised (13.5). Only ever sent; nothing that receives treats it specially.
uint16_t GreaseValue(RandomSource& random);

struct Extension {
  ExtensionType type;
  Bytes data;

  friend bool operator==(const Extension&, const Extension&) = default;
};
using Extensions = std::vector<Extension>;

void Write(const Extension& extension, codec::Writer& out);
absl::StatusOr<Extension> ReadExtension(codec::Reader& in);
absl::StatusOr<Extensions> ReadExtensions(codec::Reader& in);

// FindExtension is null if there is none; the answer lives as long as the list.
const Extension* FindExtension(const Extensions& extensions,
                               ExtensionType type);

// SetExtension replaces the extension of its type or appends it.
void SetExtension(Extensions& extensions, Extension extension);

struct RequiredCapabilities {
  std::vector<ExtensionType> extensions;
  std::vector<ProposalType> proposals;
  std::vector<CredentialType> credentials;

  friend bool operator==(const RequiredCapabilities&,
                         const RequiredCapabilities&) = default;
};
Extension MakeRequiredCapabilities(const RequiredCapabilities& required);
// Find… are absent if the list has no such extension, and fail if it has one
// that does not parse.
absl::StatusOr<std::optional<RequiredCapabilities>> FindRequiredCapabilities(
    const Extensions& extensions);

struct ExternalSender {
  Bytes signature_key;
  Credential credential;

  friend bool operator==(const ExternalSender&,
                         const ExternalSender&) = default;
};
Extension MakeExternalSenders(absl::Span<const ExternalSender> senders);
// Empty if the list has no such extension.
absl::StatusOr<std::vector<ExternalSender>> FindExternalSenders(
    const Extensions& extensions);

Extension MakeExternalPub(ByteSpan hpke_public_key);
absl::StatusOr<std::optional<Bytes>> FindExternalPub(
    const Extensions& extensions);

// The data of this extension is the encoded tree itself (ratchet_tree.h).
Extension MakeRatchetTree(Bytes encoded_tree);

Extension MakeApplicationId(ByteSpan application_id);
absl::StatusOr<std::optional<Bytes>> FindApplicationId(
    const Extensions& extensions);

// Type lists, as in Capabilities: uint16 types<V>.
template <typename Type>
void WriteTypes(const std::vector<Type>& types, codec::Writer& out) {
  out.Nested([&types](codec::Writer& content) {
    for (const Type type : types) content.U16(type.value);
  });
}
template <typename Type>
absl::StatusOr<std::vector<Type>> ReadTypes(codec::Reader& in) {
  return codec::ReadVectorOf<Type>(
      in, kTypeListMax, [](codec::Reader& content) -> absl::StatusOr<Type> {
        CORDON_ASSIGN_OR_RETURN(const uint16_t value, content.U16());
        return Type{value};
      });
}

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_EXTENSION_H_
