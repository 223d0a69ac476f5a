#include "tests/support/room_device.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/epoch_change.h"
#include "crypto/mls/external_join.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/welcome.h"
#include "crypto/policy/extension_types.h"
#include "crypto/policy/inbox_key.h"
#include "crypto/prim/kem_x25519.h"
#include "tests/support/must.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

server::AppendInput Envelope(const mls::Group& group, EntryKind kind,
                             Bytes sealed) {
  return {.room = Must(RoomId::Parse(group.group_id())),
          .envelope_id = NextEnvelopeId(),
          .kind = kind,
          .epoch = group.epoch(),
          .sealed = std::move(sealed)};
}

// Who is added, by the reference that the Welcome names.
std::map<Bytes, DeviceId> JoinersOf(const mls::EpochChange& change) {
  std::map<Bytes, DeviceId> joiners;
  for (const mls::ListedProposal& each : change.proposals) {
    const auto* const add = std::get_if<mls::Add>(&each.proposal);
    if (add == nullptr) continue;
    joiners[ToBytes(mls::MakeKeyPackageRef(add->key_package))] =
        Must(cert::NameIn(add->key_package.leaf_node.credential)).id();
  }
  return joiners;
}

}  // namespace

EnvelopeId NextEnvelopeId() {
  static std::atomic<uint64_t> last{0};
  const uint64_t n = ++last;
  std::array<uint8_t, EnvelopeId::kBytes> id{};
  for (size_t i = 0; i < 8; ++i) id[i] = static_cast<uint8_t>(n >> (8 * i));
  id[15] = 7;
  return EnvelopeId(id);
}

Bytes MessageOf(mls::GroupInfo info) {
  return codec::Serialize(mls::MlsMessage(std::move(info)));
}

RoomDevice::RoomDevice(const TestDevice* device, TestPki* pki)
    : device_(device), pki_(pki) {}

mls::Services RoomDevice::services() {
  // The lists of this moment; what was revoked since is known.
  verifier_ = pki_->Verifier();
  checker_ = std::make_unique<cert::X509CredentialChecker>(verifier_.get());
  return {
      .checker = *checker_, .clock = pki_->clock(), .random = pki_->random()};
}

mls::Identity RoomDevice::MakeIdentity() const {
  // Nothing is sealed to it in these tests, so its private half is nobody's.
  const X25519PublicKey inbox =
      hpke::KeyPair::Generate(pki_->random()).public_key;
  return {
      .credential = cert::X509CredentialOf(device_->identity, device_->issuing),
      .capabilities = {.versions = {mls::kMls10},
                       .cipher_suites = {mls::kCipherSuite},
                       .extensions = {policy::kRoomPolicyExtension,
                                      policy::kInboxKeyExtension},
                       .proposals = {},
                       .credentials = {mls::kX509Credential}},
      .leaf_extensions = {policy::InboxKeyExtension(inbox)},
      .signer = device_->identity_key.CloneSecret()};
}

mls::KeyPackage RoomDevice::MakeKeyPackage() {
  const absl::Time now = pki_->clock().Now();
  const mls::Lifetime lifetime{
      .not_before_s =
          static_cast<uint64_t>(absl::ToUnixSeconds(now - absl::Hours(1))),
      .not_after_s =
          static_cast<uint64_t>(absl::ToUnixSeconds(now + absl::Hours(24)))};
  own_ = mls::OwnKeyPackage::Create(MakeIdentity(), lifetime, pki_->random());
  return own_->key_package();
}

Bytes RoomDevice::Create(const RoomId& room, mls::Extensions extensions) {
  MakeKeyPackage();
  group_ = Must(mls::Group::Create(
      *own_,
      {.group_id = ToBytes(room.span()), .extensions = std::move(extensions)},
      services()));
  return MessageOf(group_->ExportGroupInfo(
      {.external_pub = true, .tree = mls::TreePlace::kInside}));
}

absl::Status RoomDevice::Join(ByteSpan secrets, ByteSpan encrypted_group_info,
                              ByteSpan tree) {
  CORDON_ASSIGN_OR_RETURN(const mls::Welcome welcome,
                          mls::Assemble(secrets, encrypted_group_info));
  CORDON_ASSIGN_OR_RETURN(
      mls::Group::Joined joined,
      mls::Group::Join(welcome, *own_, {.tree = ToBytes(tree)}, services()));
  group_ = std::move(joined.group);
  return absl::OkStatus();
}

RoomId RoomDevice::room() const {
  return Must(RoomId::Parse(group_->group_id()));
}

server::AppendInput RoomDevice::Commit(std::vector<mls::Proposal> proposals) {
  mls::PendingCommit pending = Must(group_->Commit(
      {.proposals = std::move(proposals), .tree = mls::TreePlace::kBeside},
      services()));
  server::AppendInput input =
      Envelope(*group_, EntryKind::kCommit, std::move(pending.commit));
  input.group_info = MessageOf(std::move(pending.group_info));
  if (pending.welcome.has_value()) {
    const std::map<Bytes, DeviceId> joiners = JoinersOf(pending.next.change());
    server::WelcomeInput& welcome = input.welcome.emplace();
    welcome.encrypted_group_info = pending.welcome->encrypted_group_info;
    welcome.ratchet_tree = codec::Serialize(pending.next.tree());
    for (const mls::EncryptedGroupSecrets& each : pending.welcome->secrets) {
      welcome.joiners.push_back({.device = joiners.at(each.new_member),
                                 .secrets = codec::Serialize(each)});
    }
  }
  next_ = std::move(pending.next);
  return input;
}

server::AppendInput RoomDevice::Propose(mls::Proposal proposal) {
  Bytes message = Must(group_->Propose(std::move(proposal), {}, services()));
  return Envelope(*group_, EntryKind::kProposal, std::move(message));
}

server::AppendInput RoomDevice::Rejoin(const Bytes& group_info,
                                       const Bytes& tree,
                                       bool replace_own_leaf) {
  const mls::GroupInfo info = Must(mls::ParseAs<mls::GroupInfo>(group_info));
  mls::Group::ExternallyJoined joined = Must(mls::Group::JoinExternal(
      info, MakeIdentity(),
      {.tree = tree, .replace_own_leaf = replace_own_leaf}, services()));
  server::AppendInput input{
      .room = Must(RoomId::Parse(info.group_context.group_id)),
      .envelope_id = NextEnvelopeId(),
      .kind = EntryKind::kCommit,
      .epoch = info.group_context.epoch,
      .sealed = std::move(joined.commit),
      .group_info = MessageOf(std::move(joined.group_info))};
  rejoined_ = std::move(joined.group);
  return input;
}

void RoomDevice::Adopt() {
  if (rejoined_.has_value()) {
    group_ = std::move(*rejoined_);
    rejoined_.reset();
    return;
  }
  CORDON_CHECK(next_.has_value());
  CORDON_CHECK(group_->Adopt(*std::move(next_)).ok());
  next_.reset();
}

bool RoomDevice::Process(ByteSpan message) {
  mls::Processed processed = Must(group_->Process(message, services()));
  if (auto* const next = std::get_if<mls::NextEpoch>(&processed)) {
    CORDON_CHECK(group_->Adopt(std::move(*next)).ok());
  }
  return !std::holds_alternative<mls::RemovedByCommit>(processed);
}

Bytes RoomDevice::ExportInfo() {
  return MessageOf(group_->ExportGroupInfo({}));
}

mls::Proposal AddOf(RoomDevice& joiner) {
  return mls::Add{.key_package = joiner.MakeKeyPackage()};
}

mls::Proposal RemoveOf(RoomDevice& actor, const RoomDevice& subject) {
  const auto leaf = actor.group().tree().FindDevice(subject.id());
  CORDON_CHECK(leaf.has_value());
  return mls::Remove{.removed = *leaf};
}

}  // namespace cordon::testing
