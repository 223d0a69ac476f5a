#include "crypto/mls/commit.h"

#include <optional>
#include <utility>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/hpke_ciphertext.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/tree_math.h"

namespace cordon::mls {
namespace {

void Write(const UpdatePathNode& node, codec::Writer& out) {
  out.Vector(node.encryption_key);
  codec::WriteVectorOf(node.encrypted_path_secret, out);
}

absl::StatusOr<UpdatePathNode> ReadUpdatePathNode(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan encryption_key, in.Vector());
  CORDON_ASSIGN_OR_RETURN(auto encrypted,
                          codec::ReadVectorOf<HpkeCiphertext>(
                              in, kTreeLeavesMax.value, ReadHpkeCiphertext));
  return UpdatePathNode{.encryption_key = ToBytes(encryption_key),
                        .encrypted_path_secret = std::move(encrypted)};
}

}  // namespace

void Write(const UpdatePath& path, codec::Writer& out) {
  Write(path.leaf_node, out);
  out.Nested([&path](codec::Writer& content) {
    for (const UpdatePathNode& node : path.nodes) Write(node, content);
  });
}

absl::StatusOr<UpdatePath> ReadUpdatePath(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(LeafNode leaf_node, ReadLeafNode(in));
  CORDON_ASSIGN_OR_RETURN(
      auto nodes, codec::ReadVectorOf<UpdatePathNode>(in, kTreeLevelsMax,
                                                      ReadUpdatePathNode));
  return UpdatePath{.leaf_node = std::move(leaf_node),
                    .nodes = std::move(nodes)};
}

absl::StatusOr<UpdatePath> ParseUpdatePath(ByteSpan bytes) {
  return codec::ParseWhole<UpdatePath>(bytes, ReadUpdatePath);
}

void Write(const Commit& commit, codec::Writer& out) {
  codec::WriteVectorOf(commit.proposals, out);
  out.Present(commit.path.has_value());
  if (commit.path.has_value()) Write(*commit.path, out);
}

absl::StatusOr<Commit> ReadCommit(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(auto proposals,
                          codec::ReadVectorOf<ProposalOrRef>(
                              in, kProposalsPerCommitMax, ReadProposalOrRef));
  Commit commit{.proposals = std::move(proposals), .path = std::nullopt};
  CORDON_ASSIGN_OR_RETURN(const bool has_path, in.Present());
  if (has_path) {
    CORDON_ASSIGN_OR_RETURN(commit.path, ReadUpdatePath(in));
  }
  return commit;
}

absl::StatusOr<Commit> ParseCommit(ByteSpan bytes) {
  return codec::ParseWhole<Commit>(bytes, ReadCommit);
}

}  // namespace cordon::mls
