#ifndef CORDON_CRYPTO_MLS_PUBLIC_GROUP_H_
#define CORDON_CRYPTO_MLS_PUBLIC_GROUP_H_

// START HERE if you are no member: what an outsider can follow of a group
// without any secret. The relay's view of a room. RFC 9420, sections 12.4.2 and
// 12.4.3, as far as they need no key.
//
// Checks: signatures of GroupInfo, proposals and commits; group and epoch;
// that the sender may say this; the tree and its hashes; every rule for
// proposals, leaves and paths. Following a commit gives the next state beside
// this one.
// Cannot check, for want of secrets: membership and confirmation tags, that
// path ciphertexts open and give the keys promised, external_pub, that a PSK
// exists. A member that lies there is found out by members, not here; the
// transcript hash kept here is what the members will have if the commit's tag
// is the right one.
// Threads: a value, cheap to copy; a const one may be read from many threads.
// Errors: kAborted for another epoch, kNotFound for a proposal that was never
// heard, kFailedPrecondition once a ReInit has ended the group,
// kResourceExhausted beyond a named limit; kInvalidArgument and
// kUnauthenticated for what breaks a rule; what the credential checker says, as
// said.

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {

// Who verifies credentials, and as of when. Borrowed for one call.
struct PublicChecks {
  const CredentialChecker& checker;
  absl::Time instant;
};

struct PublicCommit;

class PublicGroup {
 public:
  // FromGroupInfo believes nothing: it verifies the tree, that it is the one
  // the GroupInfo speaks of, and that a member signed that.
  static absl::StatusOr<PublicGroup> FromGroupInfo(const GroupInfo& info,
                                                   TreeNodes tree,
                                                   const PublicChecks& checks);

  // Parse reads what Write and Write(tree()) wrote, which are kept apart
  // because the tree is also given away by itself; both were verified then and
  // are not again.
  static absl::StatusOr<PublicGroup> Parse(ByteSpan state, ByteSpan tree);

  const GroupContext& context() const { return context_; }
  Epoch epoch() const { return context_.epoch; }
  const RatchetTree& tree() const { return tree_; }
  // True after a commit of a ReInit: nothing can follow.
  bool ended() const { return ended_; }
  // How many proposals wait for a commit.
  size_t proposal_count() const { return heard_.size(); }

  // CheckGroupInfo: another member's description of this very epoch.
  absl::Status CheckGroupInfo(const GroupInfo& info) const;

  // Hear gives the state in which commits may refer to this proposal. Hearing
  // one twice changes nothing.
  absl::StatusOr<PublicGroup> Hear(const PublicMessage& message,
                                   const PublicChecks& checks) const;

  // Follow gives the state that this commit leads to.
  absl::StatusOr<PublicCommit> Follow(const PublicMessage& message,
                                      const PublicChecks& checks) const;

  friend void Write(const PublicGroup& group, codec::Writer& out);

 private:
  struct Heard {
    ProposalRef ref;
    ListedProposal listed;
  };

  // The tree after a commit, and its author's leaf there.
  struct Merged {
    RatchetTree tree;
    LeafIndex committer;
  };

  PublicGroup(GroupContext context, RatchetTree tree, Digest interim);

  absl::Status CheckFrame(const FramedContent& content) const;
  absl::Status CheckSignature(const AuthenticatedContent& content) const;
  absl::StatusOr<std::vector<ListedProposal>> Resolve(
      const Commit& commit, std::optional<LeafIndex> committer) const;
  absl::StatusOr<Merged> Merge(const Commit& commit,
                               std::optional<LeafIndex> author,
                               const AppliedProposals& applied,
                               const PublicChecks& checks) const;
  absl::Status CheckRoomFor(std::optional<LeafIndex> author) const;
  CommitBase BaseOf(std::optional<LeafIndex> committer,
                    const PublicChecks& checks) const;

  GroupContext context_;
  RatchetTree tree_;
  Digest interim_transcript_hash_{};
  bool ended_ = false;
  // Owned by every state of the epoch that has heard the proposal.
  std::vector<std::shared_ptr<const Heard>> heard_;
};

// Write leaves the tree out.
void Write(const PublicGroup& group, codec::Writer& out);

// A commit that everybody without secrets would accept.
struct PublicCommit {
  PublicGroup next;
  // Its author's leaf in `next`.
  LeafIndex committer;
  bool external = false;
  bool has_path = false;
  // In the order of the list; authors as in the state before.
  std::vector<ListedProposal> proposals;
  // Leaves in `next` (added) and in the state before (removed, updated).
  std::vector<LeafIndex> added;
  std::vector<LeafIndex> removed;
  std::vector<LeafIndex> updated;
};

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_PUBLIC_GROUP_H_
