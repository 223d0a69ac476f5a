#ifndef CORDON_CRYPTO_MLS_LEAF_NODE_H_
#define CORDON_CRYPTO_MLS_LEAF_NODE_H_

// Leaf nodes: how one client appears in one group. RFC 9420, sections 7.2, 7.3.
//
//   struct { uint16 versions<V>; uint16 cipher_suites<V>; uint16 extensions<V>;
//            uint16 proposals<V>; uint16 credentials<V>; } Capabilities;
//   struct { opaque encryption_key<V>; opaque signature_key<V>;
//            Credential credential; Capabilities capabilities;
//            uint8 leaf_node_source;
//            select { key_package: uint64 not_before; uint64 not_after;
//                     update:      struct{};
//                     commit:      opaque parent_hash<V>; };
//            Extension extensions<V>; opaque signature<V>; } LeafNode;
//
// The codec takes keys of any size, the validator only those of our suite.
// Threads: values and pure functions.
// Errors: kInvalidArgument for what does not parse or breaks a rule;
// kUnauthenticated for a signature; what the CredentialChecker says, as said.

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {

enum class LeafNodeSource : uint8_t {
  kKeyPackage = 1,
  kUpdate = 2,
  kCommit = 3
};

struct Capabilities {
  std::vector<ProtocolVersion> versions;
  std::vector<CipherSuite> cipher_suites;
  std::vector<ExtensionType> extensions;
  std::vector<ProposalType> proposals;
  std::vector<CredentialType> credentials;

  // Supports: listed, or a default that is never listed.
  bool Supports(ExtensionType type) const;
  bool Supports(ProposalType type) const;
  bool Supports(CredentialType type) const;

  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

// WithGrease adds one reserved value to each list that may carry one (13.5);
// for what is sent, never for what is compared with.
Capabilities WithGrease(Capabilities capabilities, RandomSource& random);

struct LeafNode {
  Bytes encryption_key;
  Bytes signature_key;
  Credential credential;
  Capabilities capabilities;
  LeafNodeSource source = LeafNodeSource::kKeyPackage;
  Lifetime lifetime = {};  // meaningful in a key package only
  Bytes parent_hash = {};  // meaningful in a commit only
  Extensions extensions = {};
  Bytes signature = {};

  friend bool operator==(const LeafNode&, const LeafNode&) = default;
};

void Write(const LeafNode& leaf, codec::Writer& out);
absl::StatusOr<LeafNode> ReadLeafNode(codec::Reader& in);
absl::StatusOr<LeafNode> ParseLeafNode(ByteSpan bytes);

// Where a leaf stands. Signed with it if its source is an update or a commit;
// a leaf in a key package doesn't know it yet.
struct LeafPlace {
  ByteSpan group_id;
  LeafIndex index;
};

// SignLeafNode fills `leaf.signature`; `leaf.signature_key` must be the public
// half of `key`.
void SignLeafNode(const Ed25519PrivateKey& key, const LeafPlace& place,
                  LeafNode& leaf);

// VerifyLeafSignature does not look at `place` for a leaf of a key package.
absl::Status VerifyLeafSignature(const LeafNode& leaf, const LeafPlace& place);

// What a group asks of each of its leaves. Borrowed for one call.
struct LeafRules {
  const Extensions& group_extensions;
  const CredentialChecker& checker;
  CheckAt at;
};

// ValidateLeaf is 7.3 without what needs the tree (place and signature aside):
// suite, keys, capabilities against its own content and the group's, lifetime,
// credential. Says whose leaf it is.
absl::StatusOr<DeviceId> ValidateLeaf(const LeafNode& leaf,
                                      const LeafRules& rules);

// CheckSupports: `capabilities` cover required_capabilities and all extensions
// of a GroupContext (11.1, 13.4).
absl::Status CheckSupports(const Capabilities& capabilities,
                           const Extensions& group_extensions);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_LEAF_NODE_H_
