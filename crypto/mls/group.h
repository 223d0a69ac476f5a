#ifndef CORDON_CRYPTO_MLS_GROUP_H_
#define CORDON_CRYPTO_MLS_GROUP_H_

// START HERE. One MLS group as one member knows it: its current epoch, and a
// few past ones for messages that come late. RFC 9420.
//
//   Create, Join, JoinExternal   a group to begin with
//   Propose, Commit, Process     towards the next epoch
//   Adopt                        into it, when the world has agreed
//   Seal, Open, Export…          what an epoch is good for
//   TakeChanges, Load            storage
//
// A change of epoch is a value: Commit and Process give a NextEpoch and leave
// the group where it is, so that sealing and opening go on. Adopt moves on;
// dropping a NextEpoch costs its destructor.
// Threads: none; a Group belongs to one thread.
// Storage: TakeChanges gives what changed since the last call. Store it before
// anything that Seal, Propose or an encrypted Commit returned leaves the
// device, or a key may be used twice after a crash. A NextEpoch's changes may
// be stored apart; loaded together with the group's they are the group after
// Adopt.
// Errors: kInvalidArgument and kUnauthenticated for what no honest peer sends;
// kAborted for what belongs to another group or epoch; kFailedPrecondition
// where our state forbids it (a key used up, proposals waiting, a group that
// has ended); kResourceExhausted for a named limit; kNotFound for an unknown
// proposal or pre-shared key; kDataLoss for stored pieces. On error nothing has
// changed.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/epoch_change.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/external_join.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/incoming.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/services.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/welcome.h"
#include "crypto/mls/welcome_join.h"

namespace cordon::mls {

// Epochs whose late messages still open.
inline constexpr size_t kPastEpochsMax = 4;

struct CreateOptions {
  Bytes group_id;
  Extensions extensions = {};
  // The epoch that a reinitialised or branched group goes on from: its first
  // commit proves it. PskLookup must know its resumption key.
  std::optional<ResumptionPsk> founding = std::nullopt;
};

// An epoch that has not been adopted yet.
class NextEpoch {
 public:
  Epoch base() const { return Epoch{epoch().value - 1}; }
  Epoch epoch() const { return state_.epoch(); }
  const GroupContext& context() const { return state_.context(); }
  const RatchetTree& tree() const { return state_.tree(); }
  const EpochChange& change() const { return change_; }
  ByteSpan epoch_authenticator() const {
    return state_.member().epoch_authenticator.ExposeSecret();
  }

  // As Group::TakeChanges, of the new epoch alone.
  StateChanges TakeChanges();

 private:
  friend class Group;
  NextEpoch(EpochState state, EpochChange change, Bytes base_hash)
      : state_(std::move(state)),
        change_(std::move(change)),
        base_hash_(std::move(base_hash)) {}

  EpochState state_;
  EpochChange change_;
  Bytes base_hash_;  // the confirmed transcript hash of the epoch before
  std::optional<SecretTree::Leased> lease_;  // of a commit that came encrypted
};

struct PendingCommit {
  Bytes commit;                    // an MLSMessage, for the room
  std::optional<Welcome> welcome;  // for those it adds; may be cut
  GroupInfo group_info;  // of the next epoch, with external_pub and no tree
  NextEpoch next;
};

// What Process made of a message.
struct KeptProposal {
  ProposalRef ref;
  Proposal proposal;
  Sender sender;
};
struct RemovedByCommit {
  EpochChange change;
};
using Processed = std::variant<KeptProposal, NextEpoch, RemovedByCommit>;

struct ProposeOptions {
  bool encrypt = false;
  Bytes authenticated_data = {};
};

struct SealedMessage {
  Bytes message;  // an MLSMessage
  Epoch epoch;
  uint32_t generation = 0;
};

struct OpenedMessage {
  Bytes data;
  Bytes authenticated_data;
  Epoch epoch;
  LeafIndex sender;
  uint32_t generation = 0;
  // Who had the leaf in that epoch.
  DeviceId device;
  LeafNode leaf;
};

class Group {
 public:
  struct Joined;
  struct ExternallyJoined;

  // Create makes a group of one. The relay is not asked: nobody else can know.
  static absl::StatusOr<Group> Create(const OwnKeyPackage& creator,
                                      CreateOptions options,
                                      const Services& services);
  // Join enters by a Welcome. The caller checks that it is in no group with
  // this id, and that the key package is not used again.
  static absl::StatusOr<Joined> Join(const Welcome& welcome,
                                     const OwnKeyPackage& own,
                                     const JoinOptions& options,
                                     const Services& services);
  // JoinExternal makes a commit of one's own; the group is real when the relay
  // took that as the first of its epoch.
  static absl::StatusOr<ExternallyJoined> JoinExternal(
      const GroupInfo& info, const Identity& identity,
      const ExternalJoinOptions& options, const Services& services);
  // Load takes all stored pieces of one group, in any order.
  static absl::StatusOr<Group> Load(const std::vector<StatePiece>& pieces);

  Group(Group&&) noexcept = default;
  Group& operator=(Group&&) noexcept = default;

  ByteSpan group_id() const { return context().group_id; }
  Epoch epoch() const { return current_.epoch(); }
  LeafIndex self() const { return current_.self(); }
  const GroupContext& context() const { return current_.context(); }
  const RatchetTree& tree() const { return current_.tree(); }
  const EpochState& current() const { return current_; }
  bool has_proposals() const { return !current_.proposals().empty(); }
  // Set when a commit has ended the group.
  const std::optional<ReInit>& re_init() const;

  // Propose sends a proposal of ours and keeps it; ProposeUpdate one that
  // renews our leaf, as another identity if one is given.
  absl::StatusOr<Bytes> Propose(Proposal proposal, ProposeOptions options,
                                const Services& services);
  absl::StatusOr<Bytes> ProposeUpdate(std::optional<Identity> identity,
                                      ProposeOptions options,
                                      const Services& services);
  absl::StatusOr<PendingCommit> Commit(CommitOptions options,
                                       const Services& services);
  // Process takes a handshake message of the current epoch. A proposal is kept
  // if a commit could take it up, alone or among others, as the relay keeps it.
  absl::StatusOr<Processed> Process(ByteSpan message, const Services& services);
  // Adopt enters `next`, which must have been made in the current epoch.
  absl::Status Adopt(NextEpoch next);

  // Seal refuses while proposals wait for a commit (12.4).
  absl::StatusOr<SealedMessage> Seal(ByteSpan data, ByteSpan authenticated_data,
                                     RandomSource& random);
  absl::StatusOr<OpenedMessage> Open(ByteSpan message);

  // `size_bytes` is at most kHkdfOutputBytesMax.
  SecretBytes Export(absl::string_view label, ByteSpan context,
                     size_t size_bytes) const;
  // Public among members who compare it; still nothing for strangers.
  ByteSpan EpochAuthenticator() const;
  // The key that proves membership in a kept epoch, to be named as a PSK.
  absl::StatusOr<SecretBytes> ResumptionKey(Epoch epoch) const;
  GroupInfo ExportGroupInfo(GroupInfoOptions options) const;

  StateChanges TakeChanges();

 private:
  explicit Group(EpochState current) : current_(std::move(current)) {}

  EpochState* FindEpoch(Epoch epoch);
  absl::Status CheckGoesOn() const;
  // Gives up the oldest epochs beyond kPastEpochsMax.
  void TrimPast();
  absl::StatusOr<Bytes> Send(PendingProposal proposal, ProposeOptions options,
                             const Services& services);
  absl::StatusOr<Processed> Take(Incoming incoming, const Services& services);
  absl::StatusOr<Processed> Keep(Incoming incoming, const Services& services);

  EpochState current_;
  std::deque<EpochState> past_;  // the oldest first, all retired
  StateChanges erased_;          // of epochs given up, for TakeChanges
};

// A group that was entered, what its committer shows to newcomers, and who that
// is: RFC 9420 leaves it to the application whether it may let others in.
struct Group::Joined {
  Group group;
  Extensions extensions;
  LeafIndex welcomed_by;
};

struct Group::ExternallyJoined {
  Bytes commit;  // an MLSMessage
  GroupInfo group_info;
  EpochChange change;
  Group group;
};

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_GROUP_H_
