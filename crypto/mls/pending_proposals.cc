#include "crypto/mls/pending_proposals.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/state_change.h"
#include "crypto/prim/kem_x25519.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {
namespace {

Bytes NameOf(ByteSpan prefix, size_t place) {
  codec::Writer out;
  out.Fixed(prefix);
  out.U32(static_cast<uint32_t>(place));
  return out.Take();
}

SecretBytes ValueOf(const PendingProposal& proposal) {
  codec::Writer out = codec::Writer::OfSecrets();
  out.Vector(proposal.ref);
  Write(proposal.sender, out);
  Write(proposal.proposal, out);
  out.Present(proposal.own_keys.has_value());
  if (proposal.own_keys.has_value()) {
    out.Fixed(proposal.own_keys->leaf_key.private_key.ExposeSecret());
    out.Fixed(proposal.own_keys->signer.CloneSeed().ExposeSecret());
  }
  return out.TakeSecret();
}

absl::StatusOr<ProposedLeafKeys> ReadOwnKeys(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan leaf, in.Fixed(kX25519KeyBytes));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan signer, in.Fixed(kEd25519SeedBytes));
  CORDON_ASSIGN_OR_RETURN(X25519PrivateKey leaf_key,
                          X25519PrivateKey::Copy(leaf));
  CORDON_ASSIGN_OR_RETURN(const Ed25519Seed seed, Ed25519Seed::Copy(signer));
  return ProposedLeafKeys{.leaf_key = hpke::KeyPair::Of(std::move(leaf_key)),
                          .signer = Ed25519PrivateKey::FromSeed(seed)};
}

absl::StatusOr<PendingProposal> ReadPending(ByteSpan value) {
  codec::Reader in(value);
  CORDON_ASSIGN_OR_RETURN(const ByteSpan ref, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const Sender sender, ReadSender(in));
  CORDON_ASSIGN_OR_RETURN(Proposal body, ReadProposal(in));
  PendingProposal pending{
      .ref = ToBytes(ref), .proposal = std::move(body), .sender = sender};
  CORDON_ASSIGN_OR_RETURN(const bool own, in.Present());
  if (own) {
    CORDON_ASSIGN_OR_RETURN(pending.own_keys, ReadOwnKeys(in));
  }
  CORDON_RETURN_IF_ERROR(in.End());
  return pending;
}

}  // namespace

ListedProposal PendingProposal::Listed() const {
  ListedProposal listed{
      .proposal = proposal, .author = std::nullopt, .by_reference = true};
  if (const auto* member = std::get_if<MemberSender>(&sender)) {
    listed.author = member->leaf;
  }
  return listed;
}

absl::Status PendingProposals::Add(PendingProposal proposal) {
  if (Find(proposal.ref).ok()) return absl::OkStatus();
  CORDON_RETURN_IF_ERROR(CheckRoomFor(proposal.sender));
  proposals_.push_back(std::move(proposal));
  return absl::OkStatus();
}

absl::Status PendingProposals::CheckRoomFor(const Sender& sender) const {
  if (proposals_.size() >= kPendingProposalsMax) {
    return absl::ResourceExhaustedError(
        "proposals: beyond kPendingProposalsMax");
  }
  if (!std::holds_alternative<MemberSender>(sender)) return absl::OkStatus();
  const auto of_sender = std::count_if(
      proposals_.begin(), proposals_.end(),
      [&sender](const PendingProposal& each) { return each.sender == sender; });
  if (static_cast<size_t>(of_sender) < kProposalsPerMemberMax) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(
      "proposals: of one member beyond kProposalsPerMemberMax");
}

absl::StatusOr<const PendingProposal*> PendingProposals::Find(
    const ProposalRef& ref) const {
  const auto found = std::find_if(
      proposals_.begin(), proposals_.end(),
      [&ref](const PendingProposal& each) { return each.ref == ref; });
  if (found == proposals_.end()) {
    return absl::NotFoundError("proposals: reference never seen");
  }
  return &*found;
}

void PendingProposals::SaveTo(ByteSpan prefix, StateChanges& changes) {
  for (; saved_ < proposals_.size(); ++saved_) {
    changes.push_back({NameOf(prefix, saved_), ValueOf(proposals_[saved_])});
  }
}

void PendingProposals::EraseAll(ByteSpan prefix, StateChanges& changes) const {
  for (size_t i = 0; i < proposals_.size(); ++i) {
    changes.push_back({NameOf(prefix, i), std::nullopt});
  }
}

absl::Status PendingProposals::LoadPiece(ByteSpan name, ByteSpan value) {
  auto pending = ReadPending(value);
  // Pieces come in the order of their names, which is the order of arrival.
  if (!pending.ok() || !Equal(name, NameOf({}, proposals_.size()))) {
    return absl::DataLossError("proposals: stored piece does not parse");
  }
  proposals_.push_back(*std::move(pending));
  saved_ = proposals_.size();
  return absl::OkStatus();
}

}  // namespace cordon::mls
