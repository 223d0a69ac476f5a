#include "crypto/mls/own_key_package.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/prim/kem_x25519.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {
namespace {

absl::StatusOr<OwnKeyPackage> ReadOwn(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan init, in.Fixed(kX25519KeyBytes));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan leaf, in.Fixed(kX25519KeyBytes));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan signer, in.Fixed(kEd25519SeedBytes));
  CORDON_ASSIGN_OR_RETURN(KeyPackage key_package, ReadKeyPackage(in));
  CORDON_RETURN_IF_ERROR(in.End());
  CORDON_ASSIGN_OR_RETURN(X25519PrivateKey init_key,
                          X25519PrivateKey::Copy(init));
  CORDON_ASSIGN_OR_RETURN(X25519PrivateKey leaf_key,
                          X25519PrivateKey::Copy(leaf));
  CORDON_ASSIGN_OR_RETURN(const Ed25519Seed seed, Ed25519Seed::Copy(signer));
  return OwnKeyPackage::Assemble(std::move(key_package),
                                 hpke::KeyPair::Of(std::move(init_key)),
                                 hpke::KeyPair::Of(std::move(leaf_key)),
                                 Ed25519PrivateKey::FromSeed(seed));
}

}  // namespace

Identity Identity::CloneSecret() const {
  return Identity{.credential = credential,
                  .capabilities = capabilities,
                  .leaf_extensions = leaf_extensions,
                  .signer = signer.CloneSecret()};
}

LeafNode Identity::MakeLeaf() const {
  return LeafNode{.encryption_key = {},
                  .signature_key = ToBytes(signer.public_key()),
                  .credential = credential,
                  .capabilities = capabilities,
                  .extensions = leaf_extensions};
}

OwnKeyPackage::OwnKeyPackage(KeyPackage key_package, hpke::KeyPair init_key,
                             hpke::KeyPair leaf_key, Ed25519PrivateKey signer)
    : key_package_(std::move(key_package)),
      ref_(MakeKeyPackageRef(key_package_)),
      init_key_(std::move(init_key)),
      leaf_key_(std::move(leaf_key)),
      signer_(std::move(signer)) {}

OwnKeyPackage OwnKeyPackage::Create(const Identity& identity,
                                    const Lifetime& lifetime,
                                    RandomSource& random) {
  hpke::KeyPair init_key = hpke::KeyPair::Generate(random);
  hpke::KeyPair leaf_key = hpke::KeyPair::Generate(random);
  KeyPackage key_package{.init_key = ToBytes(init_key.public_key),
                         .leaf_node = identity.MakeLeaf()};
  key_package.leaf_node.encryption_key = ToBytes(leaf_key.public_key);
  key_package.leaf_node.source = LeafNodeSource::kKeyPackage;
  key_package.leaf_node.lifetime = lifetime;
  SignKeyPackage(identity.signer, key_package);
  return OwnKeyPackage(std::move(key_package), std::move(init_key),
                       std::move(leaf_key), identity.signer.CloneSecret());
}

absl::StatusOr<OwnKeyPackage> OwnKeyPackage::Assemble(
    KeyPackage key_package, hpke::KeyPair init_key, hpke::KeyPair leaf_key,
    Ed25519PrivateKey signer) {
  const LeafNode& leaf = key_package.leaf_node;
  if (!Equal(init_key.public_key, key_package.init_key) ||
      !Equal(leaf_key.public_key, leaf.encryption_key) ||
      !Equal(signer.public_key(), leaf.signature_key)) {
    return absl::InvalidArgumentError("key package: keys of another one");
  }
  return OwnKeyPackage(std::move(key_package), std::move(init_key),
                       std::move(leaf_key), std::move(signer));
}

absl::StatusOr<OwnKeyPackage> OwnKeyPackage::Parse(ByteSpan stored) {
  codec::Reader in(stored);
  auto parsed = ReadOwn(in);
  if (!parsed.ok()) {
    return absl::DataLossError("key package: stored bytes do not parse");
  }
  return parsed;
}

SecretBytes OwnKeyPackage::Serialize() const {
  codec::Writer out = codec::Writer::OfSecrets();
  out.Fixed(init_key_.private_key.ExposeSecret());
  out.Fixed(leaf_key_.private_key.ExposeSecret());
  out.Fixed(signer_.CloneSeed().ExposeSecret());
  Write(key_package_, out);
  return out.TakeSecret();
}

}  // namespace cordon::mls
