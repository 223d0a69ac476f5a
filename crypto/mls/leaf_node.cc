#include "crypto/mls/leaf_node.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/suite.h"
#include "crypto/prim/kem_x25519.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {
namespace {

constexpr absl::string_view kLeafNodeLabel = "LeafNodeTBS";

template <typename T>
bool Contains(const std::vector<T>& list, const T& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

void Write(const Capabilities& capabilities, codec::Writer& out) {
  WriteTypes(capabilities.versions, out);
  WriteTypes(capabilities.cipher_suites, out);
  WriteTypes(capabilities.extensions, out);
  WriteTypes(capabilities.proposals, out);
  WriteTypes(capabilities.credentials, out);
}

absl::StatusOr<Capabilities> ReadCapabilities(codec::Reader& in) {
  Capabilities read;
  CORDON_ASSIGN_OR_RETURN(read.versions, ReadTypes<ProtocolVersion>(in));
  CORDON_ASSIGN_OR_RETURN(read.cipher_suites, ReadTypes<CipherSuite>(in));
  CORDON_ASSIGN_OR_RETURN(read.extensions, ReadTypes<ExtensionType>(in));
  CORDON_ASSIGN_OR_RETURN(read.proposals, ReadTypes<ProposalType>(in));
  CORDON_ASSIGN_OR_RETURN(read.credentials, ReadTypes<CredentialType>(in));
  return read;
}

absl::StatusOr<LeafNodeSource> ReadSource(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint8_t source, in.U8());
  switch (static_cast<LeafNodeSource>(source)) {
    case LeafNodeSource::kKeyPackage:
    case LeafNodeSource::kUpdate:
    case LeafNodeSource::kCommit:
      return static_cast<LeafNodeSource>(source);
  }
  return absl::InvalidArgumentError("leaf: unknown source");
}

// WriteUnsigned writes what LeafNode and LeafNodeTBS have in common.
void WriteUnsigned(const LeafNode& leaf, codec::Writer& out) {
  out.Vector(leaf.encryption_key);
  out.Vector(leaf.signature_key);
  Write(leaf.credential, out);
  Write(leaf.capabilities, out);
  out.U8(static_cast<uint8_t>(leaf.source));
  switch (leaf.source) {
    case LeafNodeSource::kKeyPackage:
      out.U64(leaf.lifetime.not_before_s);
      out.U64(leaf.lifetime.not_after_s);
      break;
    case LeafNodeSource::kUpdate:
      break;
    case LeafNodeSource::kCommit:
      out.Vector(leaf.parent_hash);
      break;
  }
  codec::WriteVectorOf(leaf.extensions, out);
}

absl::Status ReadSourceContent(codec::Reader& in, LeafNode& leaf) {
  CORDON_ASSIGN_OR_RETURN(leaf.source, ReadSource(in));
  if (leaf.source == LeafNodeSource::kKeyPackage) {
    CORDON_ASSIGN_OR_RETURN(leaf.lifetime.not_before_s, in.U64());
    CORDON_ASSIGN_OR_RETURN(leaf.lifetime.not_after_s, in.U64());
  } else if (leaf.source == LeafNodeSource::kCommit) {
    CORDON_ASSIGN_OR_RETURN(const ByteSpan parent_hash, in.Vector());
    leaf.parent_hash = ToBytes(parent_hash);
  }
  return absl::OkStatus();
}

Bytes ToBeSigned(const LeafNode& leaf, const LeafPlace& place) {
  codec::Writer out;
  WriteUnsigned(leaf, out);
  if (leaf.source != LeafNodeSource::kKeyPackage) {
    out.Vector(place.group_id);
    out.U32(place.index.value);
  }
  return out.Take();
}

// CheckOwn: the leaf against itself and our suite.
absl::Status CheckOwn(const LeafNode& leaf) {
  const Capabilities& able = leaf.capabilities;
  if (leaf.encryption_key.size() != kX25519KeyBytes ||
      leaf.signature_key.size() != kEd25519PublicKeyBytes) {
    return absl::InvalidArgumentError("leaf: key of a wrong size");
  }
  if (!Contains(able.versions, kMls10) ||
      !Contains(able.cipher_suites, kCipherSuite)) {
    return absl::InvalidArgumentError("leaf: version or suite not supported");
  }
  if (!able.Supports(leaf.credential.type())) {
    return absl::InvalidArgumentError(
        "leaf: own credential not in capabilities");
  }
  for (const Extension& extension : leaf.extensions) {
    if (!able.Supports(extension.type)) {
      return absl::InvalidArgumentError(
          "leaf: own extension not in capabilities");
    }
  }
  return absl::OkStatus();
}

}  // namespace

bool Capabilities::Supports(ExtensionType type) const {
  return IsDefault(type) || Contains(extensions, type);
}

bool Capabilities::Supports(ProposalType type) const {
  return IsDefault(type) || Contains(proposals, type);
}

bool Capabilities::Supports(CredentialType type) const {
  return Contains(credentials, type);
}

Capabilities WithGrease(Capabilities capabilities, RandomSource& random) {
  capabilities.cipher_suites.push_back(CipherSuite{GreaseValue(random)});
  capabilities.extensions.push_back(ExtensionType{GreaseValue(random)});
  capabilities.proposals.push_back(ProposalType{GreaseValue(random)});
  capabilities.credentials.push_back(CredentialType{GreaseValue(random)});
  return capabilities;
}

void Write(const LeafNode& leaf, codec::Writer& out) {
  WriteUnsigned(leaf, out);
  out.Vector(leaf.signature);
}

absl::StatusOr<LeafNode> ReadLeafNode(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan encryption_key, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan signature_key, in.Vector());
  CORDON_ASSIGN_OR_RETURN(Credential credential, ReadCredential(in));
  CORDON_ASSIGN_OR_RETURN(Capabilities capabilities, ReadCapabilities(in));
  LeafNode leaf{.encryption_key = ToBytes(encryption_key),
                .signature_key = ToBytes(signature_key),
                .credential = std::move(credential),
                .capabilities = std::move(capabilities)};
  CORDON_RETURN_IF_ERROR(ReadSourceContent(in, leaf));
  CORDON_ASSIGN_OR_RETURN(leaf.extensions, ReadExtensions(in));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan signature, in.Vector());
  leaf.signature = ToBytes(signature);
  return leaf;
}

absl::StatusOr<LeafNode> ParseLeafNode(ByteSpan bytes) {
  return codec::ParseWhole<LeafNode>(bytes, ReadLeafNode);
}

void SignLeafNode(const Ed25519PrivateKey& key, const LeafPlace& place,
                  LeafNode& leaf) {
  const auto signature =
      SignWithLabel(key, kLeafNodeLabel, ToBeSigned(leaf, place));
  leaf.signature = ToBytes(signature);
}

absl::Status VerifyLeafSignature(const LeafNode& leaf, const LeafPlace& place) {
  if (!VerifyWithLabel(leaf.signature_key, kLeafNodeLabel,
                       ToBeSigned(leaf, place), leaf.signature)) {
    return absl::UnauthenticatedError("leaf: signature does not verify");
  }
  return absl::OkStatus();
}

absl::StatusOr<DeviceId> ValidateLeaf(const LeafNode& leaf,
                                      const LeafRules& rules) {
  CORDON_RETURN_IF_ERROR(CheckOwn(leaf));
  CORDON_RETURN_IF_ERROR(
      CheckSupports(leaf.capabilities, rules.group_extensions));
  if (leaf.source == LeafNodeSource::kKeyPackage) {
    CORDON_RETURN_IF_ERROR(
        rules.checker.CheckLifetime(leaf.lifetime, rules.at));
  }
  return rules.checker.Identify(leaf.credential, leaf.signature_key, rules.at);
}

absl::Status CheckSupports(const Capabilities& capabilities,
                           const Extensions& group_extensions) {
  const auto supports = [&capabilities](auto type) {
    return capabilities.Supports(type);
  };
  for (const Extension& extension : group_extensions) {
    if (!capabilities.Supports(extension.type)) {
      return absl::InvalidArgumentError("leaf: group extension not supported");
    }
  }
  CORDON_ASSIGN_OR_RETURN(const auto required,
                          FindRequiredCapabilities(group_extensions));
  if (!required.has_value()) return absl::OkStatus();
  if (!std::all_of(required->extensions.begin(), required->extensions.end(),
                   supports) ||
      !std::all_of(required->proposals.begin(), required->proposals.end(),
                   supports) ||
      !std::all_of(required->credentials.begin(), required->credentials.end(),
                   supports)) {
    return absl::InvalidArgumentError("leaf: required capability missing");
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls
