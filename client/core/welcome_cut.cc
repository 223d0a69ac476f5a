#include "client/core/welcome_cut.h"

#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/epoch_change.h"
#include "crypto/mls/group.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/welcome.h"

namespace cordon::client {
namespace {

// Whose each key package is, by its reference.
std::map<Bytes, DeviceId> Joiners(const mls::NextEpoch& next) {
  std::map<Bytes, DeviceId> joiners;
  size_t at = 0;
  for (const mls::ListedProposal& each : next.change().proposals) {
    const auto* const add = std::get_if<mls::Add>(&each.proposal);
    if (add == nullptr) continue;
    const mls::LeafIndex leaf = next.change().added.at(at++);
    joiners[ToBytes(mls::MakeKeyPackageRef(add->key_package))] =
        next.tree().Member(leaf)->device;
  }
  return joiners;
}

absl::StatusOr<JoinerSecrets> ReadJoiner(codec::Reader& in) {
  JoinerSecrets joiner;
  CORDON_ASSIGN_OR_RETURN(const ByteSpan device, in.Fixed(DeviceId::kBytes));
  CORDON_ASSIGN_OR_RETURN(joiner.device, DeviceId::Parse(device));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan secrets, in.Vector());
  joiner.secrets = ToBytes(secrets);
  return joiner;
}

absl::StatusOr<WelcomeParts> ReadParts(codec::Reader& in) {
  WelcomeParts parts;
  CORDON_ASSIGN_OR_RETURN(const ByteSpan info, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan tree, in.Vector());
  parts.encrypted_group_info = ToBytes(info);
  parts.ratchet_tree = ToBytes(tree);
  CORDON_ASSIGN_OR_RETURN(parts.joiners, codec::ReadVectorOf<JoinerSecrets>(
                                             in, kRoomDevicesMax, ReadJoiner));
  return parts;
}

}  // namespace

std::optional<WelcomeParts> CutWelcome(const mls::PendingCommit& pending) {
  if (!pending.welcome.has_value()) return std::nullopt;
  const std::map<Bytes, DeviceId> joiners = Joiners(pending.next);
  WelcomeParts parts{
      .encrypted_group_info = pending.welcome->encrypted_group_info,
      .ratchet_tree = codec::Serialize(pending.next.tree()),
      .joiners = {}};
  for (const mls::EncryptedGroupSecrets& each : pending.welcome->secrets) {
    const auto joiner = joiners.find(each.new_member);
    // The Welcome was made for the commit's own Adds.
    CORDON_CHECK(joiner != joiners.end());
    parts.joiners.push_back(
        {.device = joiner->second, .secrets = codec::Serialize(each)});
  }
  return parts;
}

Bytes SerializeWelcome(const std::optional<WelcomeParts>& parts) {
  if (!parts.has_value()) return {};
  codec::Writer out;
  out.Vector(parts->encrypted_group_info);
  out.Vector(parts->ratchet_tree);
  out.Nested([&parts](codec::Writer& content) {
    for (const JoinerSecrets& joiner : parts->joiners) {
      content.Fixed(joiner.device.span());
      content.Vector(joiner.secrets);
    }
  });
  return out.Take();
}

absl::StatusOr<std::optional<WelcomeParts>> ParseStoredWelcome(ByteSpan bytes) {
  if (bytes.empty()) return std::nullopt;
  absl::StatusOr<WelcomeParts> parts =
      codec::ParseWhole<WelcomeParts>(bytes, ReadParts);
  if (!parts.ok()) {
    return absl::DataLossError(
        "a pending change of a room in this profile is damaged; restore a "
        "backup");
  }
  return *std::move(parts);
}

}  // namespace cordon::client
