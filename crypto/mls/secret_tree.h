#ifndef CORDON_CRYPTO_MLS_SECRET_TREE_H_
#define CORDON_CRYPTO_MLS_SECRET_TREE_H_

// The secret tree of one epoch: from one encryption secret to a key and nonce
// for each (leaf, ratchet, generation). RFC 9420, section 9.
//
// Lazy: a leaf's ratchets exist from its first message on; until then their
// secret is inside an ancestor's. A parent is erased when its children exist, a
// ratchet secret when the next one does, a key when it was used. Keys of
// generations that were skipped wait for their message, kSkippedKeysMax of one
// ratchet at most; the oldest go first.
// Using a key has two steps, so that a message that does not open costs
// nothing: Lease gives it, Consume marks it used.
// Threads: none; lives inside one epoch of one Group.
// Secrets: nothing here is copied; changes are handed out piece by piece for
// storage, and one message changes a bounded number of them.
// Errors: kFailedPrecondition for a generation already used or given up,
// kResourceExhausted beyond kGenerationsAheadMax, kInvalidArgument for a leaf
// outside the tree.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/reader.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/aead.h"

namespace cordon::mls {

// How far one message may move a ratchet, and how many keys it may leave.
inline constexpr uint32_t kGenerationsAheadMax = 1024;
inline constexpr size_t kSkippedKeysMax = 1024;

enum class RatchetKind : uint8_t { kHandshake = 1, kApplication = 2 };

struct MessageKey {
  AeadKey key;
  AeadNonce nonce{};
};

class SecretTree {
 public:
  // Create derives nothing yet.
  static SecretTree Create(LeafCount leaves, Secret encryption_secret);

  SecretTree(SecretTree&&) noexcept = default;
  SecretTree& operator=(SecretTree&&) noexcept = default;

  // A key on loan, with what follows from using it.
  class Leased {
   public:
    const MessageKey& key() const { return key_; }
    uint32_t generation() const { return generation_; }

   private:
    friend class SecretTree;

    LeafIndex leaf_;
    RatchetKind kind_ = RatchetKind::kApplication;
    uint32_t generation_ = 0;
    MessageKey key_;
    // Of a ratchet that moves: where it stood, the keys passed over, and the
    // secret after `generation_`.
    uint32_t from_ = 0;
    std::vector<MessageKey> skipped_;
    std::optional<Secret> next_;
  };

  // Lease may split parents, which changes how secrets are held, not which.
  absl::StatusOr<Leased> Lease(LeafIndex leaf, RatchetKind kind,
                               uint32_t generation);
  // LeaseNext leases the first generation not used yet, for sending.
  absl::StatusOr<Leased> LeaseNext(LeafIndex leaf, RatchetKind kind);
  // Consume erases the key and whatever led to it. Other keys may have been
  // consumed since the lease; the same one twice is kFailedPrecondition.
  absl::Status Consume(Leased leased);

  // SaveTo appends what changed since the last call, each piece under
  // `prefix` and its own name. EraseAll names all pieces for erasure.
  void SaveTo(ByteSpan prefix, StateChanges& changes);
  void EraseAll(ByteSpan prefix, StateChanges& changes) const;

  // Restore begins a tree that LoadPiece then fills, piece by piece; `name` is
  // without the prefix. kDataLoss for what SaveTo never wrote.
  static SecretTree Restore(LeafCount leaves);
  absl::Status LoadPiece(ByteSpan name, ByteSpan value);

 private:
  using RatchetId = std::pair<LeafIndex, RatchetKind>;
  using KeyId = std::pair<RatchetId, uint32_t>;
  struct Ratchet {
    uint32_t next_generation = 0;
    Secret secret;
  };
  struct Dirty {
    std::set<NodeIndex> nodes;
    std::set<RatchetId> ratchets;
    std::set<KeyId> keys;
  };

  explicit SecretTree(LeafCount leaves) : leaves_(leaves) {}

  absl::StatusOr<Ratchet*> RatchetOf(LeafIndex leaf, RatchetKind kind);
  absl::Status SplitDownTo(LeafIndex leaf);
  void SetNode(NodeIndex node, Secret secret);
  absl::StatusOr<Leased> LeaseSkipped(const KeyId& id) const;
  void Advance(Ratchet& ratchet, Leased leased);
  void KeepSkipped(const RatchetId& id, uint32_t generation, MessageKey key);
  absl::StatusOr<RatchetId> ReadRatchetId(codec::Reader& in) const;
  absl::Status LoadNode(ByteSpan name, ByteSpan value);
  absl::Status LoadRatchet(ByteSpan name, ByteSpan value);
  absl::Status LoadKey(ByteSpan name, ByteSpan value);

  LeafCount leaves_;
  std::map<NodeIndex, Secret> nodes_;
  std::map<RatchetId, Ratchet> ratchets_;
  std::map<KeyId, MessageKey> skipped_;
  Dirty dirty_;
};

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_SECRET_TREE_H_
