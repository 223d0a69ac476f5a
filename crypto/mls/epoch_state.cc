#include "crypto/mls/epoch_state.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {
namespace {

constexpr size_t kEpochNameBytes = 8;

// The byte after the epoch in a piece's name.
enum class Piece : uint8_t {
  kPublic = 1,
  kOpening = 2,
  kMember = 3,
  kMessages = 4,
  kProposals = 5
};

Bytes NameOf(Epoch epoch, Piece piece) {
  codec::Writer out;
  out.U64(epoch.value);
  out.U8(static_cast<uint8_t>(piece));
  return out.Take();
}

absl::StatusOr<Secret> ReadSecret(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan bytes, in.Fixed(kHashBytes));
  return Secret::Copy(bytes);
}

// Whatever goes to the store is treated as a secret.
SecretBytes Save(const EpochPublic& shared) {
  codec::Writer out = codec::Writer::OfSecrets();
  out.Vector(shared.context_bytes);
  Write(shared.tree, out);
  out.Nested([&shared](codec::Writer& content) {
    for (const LeafIndex leaf : shared.tree.Members()) {
      content.Fixed(shared.tree.Member(leaf)->device.span());
    }
  });
  return out.TakeSecret();
}

absl::StatusOr<EpochPublic> LoadPublic(ByteSpan value) {
  codec::Reader in(value);
  CORDON_ASSIGN_OR_RETURN(const ByteSpan context_bytes, in.Vector());
  CORDON_ASSIGN_OR_RETURN(TreeNodes nodes, ReadTreeNodes(in));
  CORDON_ASSIGN_OR_RETURN(codec::Reader content, in.Nested());
  CORDON_RETURN_IF_ERROR(in.End());
  std::vector<DeviceId> devices;
  while (!content.AtEnd()) {
    CORDON_ASSIGN_OR_RETURN(const ByteSpan id, content.Fixed(DeviceId::kBytes));
    CORDON_ASSIGN_OR_RETURN(const DeviceId device, DeviceId::Parse(id));
    devices.push_back(device);
  }
  CORDON_ASSIGN_OR_RETURN(GroupContext context,
                          ParseGroupContext(context_bytes));
  CORDON_ASSIGN_OR_RETURN(RatchetTree tree,
                          RatchetTree::FromNodes(std::move(nodes), devices));
  return EpochPublic::Of(std::move(context), std::move(tree));
}

SecretBytes Save(const OpeningKeys& keys) {
  codec::Writer out = codec::Writer::OfSecrets();
  out.U32(keys.self.value);
  out.Fixed(keys.sender_data.ExposeSecret());
  out.Fixed(keys.resumption_psk.ExposeSecret());
  return out.TakeSecret();
}

absl::StatusOr<OpeningKeys> LoadOpening(ByteSpan value, LeafCount width) {
  codec::Reader in(value);
  CORDON_ASSIGN_OR_RETURN(const uint32_t self, in.U32());
  CORDON_ASSIGN_OR_RETURN(Secret sender_data, ReadSecret(in));
  CORDON_ASSIGN_OR_RETURN(Secret resumption, ReadSecret(in));
  CORDON_RETURN_IF_ERROR(in.End());
  return OpeningKeys{.self = LeafIndex{self},
                     .sender_data = std::move(sender_data),
                     .resumption_psk = std::move(resumption),
                     .messages = SecretTree::Restore(width)};
}

void WriteFounding(const ResumptionPsk& psk, codec::Writer& out) {
  Write(PreSharedKeyId{.psk = psk, .nonce = {}}, out);
}

absl::StatusOr<ResumptionPsk> ReadFounding(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(PreSharedKeyId id, ReadPreSharedKeyId(in));
  auto* psk = std::get_if<ResumptionPsk>(&id.psk);
  if (psk == nullptr) return absl::DataLossError("epoch: founding key");
  return std::move(*psk);
}

SecretBytes Save(const MemberKeys& keys) {
  codec::Writer out = codec::Writer::OfSecrets();
  for (const Secret* secret :
       {&keys.init, &keys.exporter, &keys.external, &keys.membership_key,
        &keys.epoch_authenticator}) {
    out.Fixed(secret->ExposeSecret());
  }
  Write(keys.path, out);
  out.Fixed(keys.signer.CloneSeed().ExposeSecret());
  out.Fixed(keys.interim_transcript_hash);
  out.Vector(keys.confirmation_tag);
  out.Present(keys.re_init.has_value());
  if (keys.re_init.has_value()) Write(*keys.re_init, out);
  out.Present(keys.founding.has_value());
  if (keys.founding.has_value()) WriteFounding(*keys.founding, out);
  return out.TakeSecret();
}

absl::StatusOr<MemberKeys> LoadMember(ByteSpan value) {
  codec::Reader in(value);
  std::array<Secret, 5> secrets;
  for (Secret& secret : secrets) {
    CORDON_ASSIGN_OR_RETURN(secret, ReadSecret(in));
  }
  CORDON_ASSIGN_OR_RETURN(PathKeys path, ReadPathKeys(in));
  CORDON_ASSIGN_OR_RETURN(const Ed25519Seed seed, ReadSecret(in));
  MemberKeys keys{.init = std::move(secrets[0]),
                  .exporter = std::move(secrets[1]),
                  .external = std::move(secrets[2]),
                  .membership_key = std::move(secrets[3]),
                  .epoch_authenticator = std::move(secrets[4]),
                  .path = std::move(path),
                  .signer = Ed25519PrivateKey::FromSeed(seed)};
  CORDON_ASSIGN_OR_RETURN(const ByteSpan interim, in.Fixed(kDigestBytes));
  std::copy(interim.begin(), interim.end(),
            keys.interim_transcript_hash.begin());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan tag, in.Vector());
  keys.confirmation_tag = ToBytes(tag);
  CORDON_ASSIGN_OR_RETURN(const bool ended, in.Present());
  if (ended) {
    CORDON_ASSIGN_OR_RETURN(Proposal proposal,
                            ReadProposalBody(kReInitProposal, in));
    keys.re_init = std::get<ReInit>(std::move(proposal));
  }
  CORDON_ASSIGN_OR_RETURN(const bool founded, in.Present());
  if (founded) {
    CORDON_ASSIGN_OR_RETURN(keys.founding, ReadFounding(in));
  }
  CORDON_RETURN_IF_ERROR(in.End());
  return keys;
}

absl::Status DoesNotParse() {
  return absl::DataLossError("epoch: stored pieces do not parse");
}

// The pieces of one epoch, sorted by kind.
struct Sorted {
  const StatePiece* shared = nullptr;
  const StatePiece* opening = nullptr;
  const StatePiece* member = nullptr;
  std::vector<const StatePiece*> messages;
  std::vector<const StatePiece*> proposals;
};

absl::StatusOr<Sorted> Sort(const std::vector<const StatePiece*>& pieces) {
  Sorted sorted;
  for (const StatePiece* piece : pieces) {
    if (piece->name.size() <= kEpochNameBytes) return DoesNotParse();
    switch (static_cast<Piece>(piece->name[kEpochNameBytes])) {
      case Piece::kPublic:
        sorted.shared = piece;
        continue;
      case Piece::kOpening:
        sorted.opening = piece;
        continue;
      case Piece::kMember:
        sorted.member = piece;
        continue;
      case Piece::kMessages:
        sorted.messages.push_back(piece);
        continue;
      case Piece::kProposals:
        sorted.proposals.push_back(piece);
        continue;
    }
    return DoesNotParse();
  }
  if (sorted.shared == nullptr || sorted.opening == nullptr) {
    return DoesNotParse();
  }
  std::sort(sorted.proposals.begin(), sorted.proposals.end(),
            [](const StatePiece* a, const StatePiece* b) {
              return Less(a->name, b->name);
            });
  return sorted;
}

ByteSpan RestOfName(const StatePiece& piece) {
  return ByteSpan(piece.name).subspan(kEpochNameBytes + 1);
}

}  // namespace

EpochPublic EpochPublic::Of(GroupContext context, RatchetTree tree) {
  Bytes bytes = codec::Serialize(context);
  return EpochPublic{.context = std::move(context),
                     .context_bytes = std::move(bytes),
                     .tree = std::move(tree)};
}

const MemberKeys& EpochState::member() const {
  CORDON_CHECK(member_.has_value());
  return *member_;
}

void EpochState::SetReInit(std::optional<ReInit> re_init) {
  CORDON_CHECK(member_.has_value());
  member_->re_init = std::move(re_init);
}

void EpochState::SetFounding(std::optional<ResumptionPsk> founding) {
  CORDON_CHECK(member_.has_value());
  member_->founding = std::move(founding);
}

void EpochState::Retire(StateChanges& changes) {
  if (retired()) return;
  member_.reset();
  if (saved_) {
    changes.push_back({NameOf(epoch(), Piece::kMember), std::nullopt});
    proposals_.EraseAll(NameOf(epoch(), Piece::kProposals), changes);
  }
  proposals_ = PendingProposals();
}

void EpochState::SaveTo(StateChanges& changes) {
  if (!saved_) {
    changes.push_back({NameOf(epoch(), Piece::kPublic), Save(shared_)});
    changes.push_back({NameOf(epoch(), Piece::kOpening), Save(opening_)});
    if (member_.has_value()) {
      changes.push_back({NameOf(epoch(), Piece::kMember), Save(*member_)});
    }
    saved_ = true;
  }
  opening_.messages.SaveTo(NameOf(epoch(), Piece::kMessages), changes);
  proposals_.SaveTo(NameOf(epoch(), Piece::kProposals), changes);
}

void EpochState::EraseAll(StateChanges& changes) const {
  if (!saved_) return;
  changes.push_back({NameOf(epoch(), Piece::kPublic), std::nullopt});
  changes.push_back({NameOf(epoch(), Piece::kOpening), std::nullopt});
  if (member_.has_value()) {
    changes.push_back({NameOf(epoch(), Piece::kMember), std::nullopt});
  }
  opening_.messages.EraseAll(NameOf(epoch(), Piece::kMessages), changes);
  proposals_.EraseAll(NameOf(epoch(), Piece::kProposals), changes);
}

absl::StatusOr<EpochState> EpochState::Restore(
    const std::vector<const StatePiece*>& pieces) {
  CORDON_ASSIGN_OR_RETURN(const Sorted sorted, Sort(pieces));
  auto shared = LoadPublic(sorted.shared->value.ExposeSecret());
  if (!shared.ok()) return DoesNotParse();
  auto opening =
      LoadOpening(sorted.opening->value.ExposeSecret(), shared->tree.width());
  if (!opening.ok() || shared->tree.Member(opening->self) == nullptr) {
    return DoesNotParse();
  }
  for (const StatePiece* piece : sorted.messages) {
    CORDON_RETURN_IF_ERROR(opening->messages.LoadPiece(
        RestOfName(*piece), piece->value.ExposeSecret()));
  }
  EpochState state(*std::move(shared), *std::move(opening));
  if (sorted.member != nullptr) {
    auto member = LoadMember(sorted.member->value.ExposeSecret());
    if (!member.ok()) return DoesNotParse();
    state.member_ = *std::move(member);
  }
  for (const StatePiece* piece : sorted.proposals) {
    CORDON_RETURN_IF_ERROR(state.proposals_.LoadPiece(
        RestOfName(*piece), piece->value.ExposeSecret()));
  }
  state.saved_ = true;
  return state;
}

absl::StatusOr<Epoch> EpochOfPiece(ByteSpan name) {
  codec::Reader in(name);
  const auto epoch = in.U64();
  if (!epoch.ok()) return DoesNotParse();
  return Epoch{*epoch};
}

}  // namespace cordon::mls
