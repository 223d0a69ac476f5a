#ifndef CORDON_CRYPTO_MLS_KEY_PACKAGE_H_
#define CORDON_CRYPTO_MLS_KEY_PACKAGE_H_

// Key packages: what a client publishes so that others can add it. RFC 9420,
// section 10.
//
//   struct { uint16 version; uint16 cipher_suite; opaque init_key<V>;
//            LeafNode leaf_node; Extension extensions<V>;
//            opaque signature<V>; } KeyPackage;
//
// Each is for one use; only the client's last resort may serve again. The
// private halves of init_key and of the leaf's key stay with their owner.
// Threads: values and pure functions.
// Errors: as in leaf_node.h.

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/suite.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {

struct KeyPackage {
  ProtocolVersion version = kMls10;
  CipherSuite cipher_suite = kCipherSuite;
  Bytes init_key;
  LeafNode leaf_node;
  Extensions extensions = {};
  Bytes signature = {};

  friend bool operator==(const KeyPackage&, const KeyPackage&) = default;
};

void Write(const KeyPackage& key_package, codec::Writer& out);
absl::StatusOr<KeyPackage> ReadKeyPackage(codec::Reader& in);
absl::StatusOr<KeyPackage> ParseKeyPackage(ByteSpan bytes);

// SignKeyPackage signs the leaf first, then the whole, both with the key whose
// public half the leaf names.
void SignKeyPackage(const Ed25519PrivateKey& key, KeyPackage& key_package);

// MakeKeyPackageRef is how a Welcome names its joiner (5.2).
Digest MakeKeyPackageRef(const KeyPackage& key_package);

// ValidateKeyPackage is 10.1 and says whose it is.
absl::StatusOr<DeviceId> ValidateKeyPackage(const KeyPackage& key_package,
                                            const LeafRules& rules);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_KEY_PACKAGE_H_
