#ifndef CORDON_CRYPTO_MLS_COMMIT_H_
#define CORDON_CRYPTO_MLS_COMMIT_H_

// Commits and the paths in them. RFC 9420, sections 7.6 and 12.4.
//
//   struct { opaque encryption_key<V>;
//            HPKECiphertext encrypted_path_secret<V>; } UpdatePathNode;
//   struct { LeafNode leaf_node; UpdatePathNode nodes<V>; } UpdatePath;
//   struct { ProposalOrRef proposals<V>; optional<UpdatePath> path; } Commit;
//
// Threads: values and pure functions.
// Errors: kInvalidArgument for what does not parse and beyond the limits.

#include <optional>
#include <vector>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/hpke_ciphertext.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/tree_math.h"

namespace cordon::mls {

struct UpdatePathNode {
  Bytes encryption_key;
  // One for each node of the resolution it is encrypted to.
  std::vector<HpkeCiphertext> encrypted_path_secret = {};

  friend bool operator==(const UpdatePathNode&,
                         const UpdatePathNode&) = default;
};

struct UpdatePath {
  LeafNode leaf_node;
  // Along the filtered direct path, from the leaf upward.
  std::vector<UpdatePathNode> nodes;

  friend bool operator==(const UpdatePath&, const UpdatePath&) = default;
};

void Write(const UpdatePath& path, codec::Writer& out);
absl::StatusOr<UpdatePath> ReadUpdatePath(codec::Reader& in);
absl::StatusOr<UpdatePath> ParseUpdatePath(ByteSpan bytes);

struct Commit {
  std::vector<ProposalOrRef> proposals;
  std::optional<UpdatePath> path;

  friend bool operator==(const Commit&, const Commit&) = default;
};

void Write(const Commit& commit, codec::Writer& out);
absl::StatusOr<Commit> ReadCommit(codec::Reader& in);
absl::StatusOr<Commit> ParseCommit(ByteSpan bytes);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_COMMIT_H_
