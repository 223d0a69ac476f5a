// Secret Tree: sender data keys, and message keys of every leaf.

#include "crypto/mls/secret_tree.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"

namespace cordon::mls::vectors {
namespace {

absl::Status VerifySenderData(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const Secret secret,
                          vector.Hash("sender_data_secret"));
  CORDON_ASSIGN_OR_RETURN(const Bytes ciphertext, vector.Hex("ciphertext"));
  const SenderDataKey key = DeriveSenderDataKey(secret, ciphertext);
  CORDON_RETURN_IF_ERROR(vector.Expect("key", key.key.ExposeSecret()));
  return vector.Expect("nonce", key.nonce);
}

absl::Status VerifyGeneration(const Fields& vector, LeafIndex leaf,
                              SecretTree& tree) {
  CORDON_ASSIGN_OR_RETURN(const uint32_t generation,
                          vector.Uint32("generation"));
  CORDON_ASSIGN_OR_RETURN(
      SecretTree::Leased handshake,
      tree.Lease(leaf, RatchetKind::kHandshake, generation));
  CORDON_ASSIGN_OR_RETURN(
      SecretTree::Leased application,
      tree.Lease(leaf, RatchetKind::kApplication, generation));
  CORDON_RETURN_IF_ERROR(
      vector.Expect("handshake_key", handshake.key().key.ExposeSecret()));
  CORDON_RETURN_IF_ERROR(
      vector.Expect("handshake_nonce", handshake.key().nonce));
  CORDON_RETURN_IF_ERROR(
      vector.Expect("application_key", application.key().key.ExposeSecret()));
  CORDON_RETURN_IF_ERROR(
      vector.Expect("application_nonce", application.key().nonce));
  CORDON_RETURN_IF_ERROR(tree.Consume(std::move(handshake)));
  return tree.Consume(std::move(application));
}

}  // namespace

absl::Status VerifySecretTree(const Fields& vector) {
  CORDON_RETURN_IF_ERROR(CheckSuite(vector));
  CORDON_ASSIGN_OR_RETURN(const Fields sender, vector.Object("sender_data"));
  CORDON_RETURN_IF_ERROR(VerifySenderData(sender));
  CORDON_ASSIGN_OR_RETURN(Secret secret, vector.Hash("encryption_secret"));
  CORDON_ASSIGN_OR_RETURN(const std::vector<Fields> leaves,
                          vector.Array("leaves"));
  SecretTree tree = SecretTree::Create(
      FullTreeFor(static_cast<uint32_t>(leaves.size())), std::move(secret));
  for (size_t i = 0; i < leaves.size(); ++i) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<Fields> generations,
                            leaves[i].AsArray());
    for (const Fields& generation : generations) {
      CORDON_RETURN_IF_ERROR(VerifyGeneration(
          generation, LeafIndex{static_cast<uint32_t>(i)}, tree));
    }
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls::vectors
