#include "crypto/mls/key_package.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/suite.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/kem_x25519.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {
namespace {

constexpr absl::string_view kKeyPackageLabel = "KeyPackageTBS";
constexpr absl::string_view kRefLabel = "MLS 1.0 KeyPackage Reference";

void WriteUnsigned(const KeyPackage& key_package, codec::Writer& out) {
  out.U16(key_package.version.value);
  out.U16(key_package.cipher_suite.value);
  out.Vector(key_package.init_key);
  Write(key_package.leaf_node, out);
  codec::WriteVectorOf(key_package.extensions, out);
}

Bytes ToBeSigned(const KeyPackage& key_package) {
  codec::Writer out;
  WriteUnsigned(key_package, out);
  return out.Take();
}

// CheckFields: all of 10.1 but signatures and the leaf's own rules.
absl::Status CheckFields(const KeyPackage& key_package) {
  const LeafNode& leaf = key_package.leaf_node;
  if (key_package.version != kMls10 ||
      key_package.cipher_suite != kCipherSuite) {
    return absl::InvalidArgumentError("key package: not our version or suite");
  }
  if (leaf.source != LeafNodeSource::kKeyPackage) {
    return absl::InvalidArgumentError("key package: leaf not made for one");
  }
  if (key_package.init_key.size() != kX25519KeyBytes) {
    return absl::InvalidArgumentError("key package: key of a wrong size");
  }
  if (key_package.init_key == leaf.encryption_key) {
    return absl::InvalidArgumentError("key package: one key for two uses");
  }
  for (const Extension& extension : key_package.extensions) {
    if (!leaf.capabilities.Supports(extension.type)) {
      return absl::InvalidArgumentError(
          "key package: own extension not in capabilities");
    }
  }
  return absl::OkStatus();
}

}  // namespace

void Write(const KeyPackage& key_package, codec::Writer& out) {
  WriteUnsigned(key_package, out);
  out.Vector(key_package.signature);
}

absl::StatusOr<KeyPackage> ReadKeyPackage(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint16_t version, in.U16());
  CORDON_ASSIGN_OR_RETURN(const uint16_t cipher_suite, in.U16());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan init_key, in.Vector());
  CORDON_ASSIGN_OR_RETURN(LeafNode leaf_node, ReadLeafNode(in));
  CORDON_ASSIGN_OR_RETURN(Extensions extensions, ReadExtensions(in));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan signature, in.Vector());
  return KeyPackage{.version = ProtocolVersion{version},
                    .cipher_suite = CipherSuite{cipher_suite},
                    .init_key = ToBytes(init_key),
                    .leaf_node = std::move(leaf_node),
                    .extensions = std::move(extensions),
                    .signature = ToBytes(signature)};
}

absl::StatusOr<KeyPackage> ParseKeyPackage(ByteSpan bytes) {
  return codec::ParseWhole<KeyPackage>(bytes, ReadKeyPackage);
}

void SignKeyPackage(const Ed25519PrivateKey& key, KeyPackage& key_package) {
  SignLeafNode(key, /*place=*/{}, key_package.leaf_node);
  const auto signature =
      SignWithLabel(key, kKeyPackageLabel, ToBeSigned(key_package));
  key_package.signature = ToBytes(signature);
}

Digest MakeKeyPackageRef(const KeyPackage& key_package) {
  return RefHash(kRefLabel, codec::Serialize(key_package));
}

absl::StatusOr<DeviceId> ValidateKeyPackage(const KeyPackage& key_package,
                                            const LeafRules& rules) {
  CORDON_RETURN_IF_ERROR(CheckFields(key_package));
  const LeafNode& leaf = key_package.leaf_node;
  CORDON_RETURN_IF_ERROR(VerifyLeafSignature(leaf, /*place=*/{}));
  if (!VerifyWithLabel(leaf.signature_key, kKeyPackageLabel,
                       ToBeSigned(key_package), key_package.signature)) {
    return absl::UnauthenticatedError("key package: signature does not verify");
  }
  return ValidateLeaf(leaf, rules);
}

}  // namespace cordon::mls
