#ifndef CORDON_CRYPTO_MLS_OWN_KEY_PACKAGE_H_
#define CORDON_CRYPTO_MLS_OWN_KEY_PACKAGE_H_

// A key package together with the private keys that belong to it: what a client
// keeps from publishing the package until a Welcome for it has come.
//
// Threads: a value; not copied, because its secrets are not.
// Errors: kDataLoss for stored bytes that do not parse or do not fit together.

#include <utility>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {

// Who a leaf shall be: everything in it that is not made for one group.
struct Identity {
  Credential credential;
  Capabilities capabilities;
  Extensions leaf_extensions = {};
  Ed25519PrivateKey signer;

  Identity CloneSecret() const;
  // A leaf with these fields; keys, source and signature are the caller's.
  LeafNode MakeLeaf() const;
};

class OwnKeyPackage {
 public:
  // Create makes fresh keys and signs.
  static OwnKeyPackage Create(const Identity& identity,
                              const Lifetime& lifetime, RandomSource& random);
  // Assemble takes keys made elsewhere; kInvalidArgument unless they are the
  // package's.
  static absl::StatusOr<OwnKeyPackage> Assemble(KeyPackage key_package,
                                                hpke::KeyPair init_key,
                                                hpke::KeyPair leaf_key,
                                                Ed25519PrivateKey signer);
  static absl::StatusOr<OwnKeyPackage> Parse(ByteSpan stored);
  static absl::StatusOr<OwnKeyPackage> Parse(const SecretBytes& stored) {
    return Parse(stored.ExposeSecret());
  }
  SecretBytes Serialize() const;

  const KeyPackage& key_package() const { return key_package_; }
  // What a Welcome names it by.
  const Digest& ref() const { return ref_; }
  const hpke::KeyPair& init_key() const { return init_key_; }
  const hpke::KeyPair& leaf_key() const { return leaf_key_; }
  const Ed25519PrivateKey& signer() const { return signer_; }

 private:
  OwnKeyPackage(KeyPackage key_package, hpke::KeyPair init_key,
                hpke::KeyPair leaf_key, Ed25519PrivateKey signer);

  KeyPackage key_package_;
  Digest ref_;
  hpke::KeyPair init_key_;
  hpke::KeyPair leaf_key_;
  Ed25519PrivateKey signer_;
};

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_OWN_KEY_PACKAGE_H_
