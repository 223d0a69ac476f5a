#include "tests/support/client_room.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "client/core/content.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/group_shelf.h"
#include "client/core/handshakes.h"
#include "client/core/model/operation.h"
#include "client/core/model/record.h"
#include "client/core/own_device.h"
#include "client/core/relay_types.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/codec/writer.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/services.h"
#include "crypto/mls/suite.h"
#include "crypto/policy/extension_types.h"
#include "crypto/policy/inbox_key.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/kem_x25519.h"
#include "crypto/prim/sign_ed25519.h"
#include "crypto/record/record_header.h"
#include "crypto/record/signed_record.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/fake_clock.h"
#include "tests/support/ids.h"
#include "tests/support/listings.h"
#include "tests/support/must.h"
#include "tests/support/test_client.h"
#include "tests/support/test_pki.h"
#include "tests/support/vault_device.h"

namespace cordon::testing {
namespace {

using ::cordon::client::AppendCall;
using ::cordon::client::RecordBody;

// Rounds of steps after which nothing moves any more.
constexpr int kRounds = 12;

mls::Identity IdentityOf(TestClient& client) {
  const client::OwnDevice own = Must(client::OwnDevice::Load(*client.vault()));
  const vault::OwnDevice keys = Must(client.vault().Read(
      [](const vault::VaultTxn& txn) { return txn.identity().GetDevice(); }));
  return {.credential = cert::X509CredentialOf(own.identity(), own.issuing()),
          .capabilities = {.versions = {mls::kMls10},
                           .cipher_suites = {mls::kCipherSuite},
                           .extensions = {policy::kRoomPolicyExtension,
                                          policy::kInboxKeyExtension,
                                          policy::kTitlesExtension},
                           .proposals = {},
                           .credentials = {mls::kX509Credential}},
          .leaf_extensions = {policy::InboxKeyExtension(
              X25519PublicOf(keys.inbox_key))},
          .signer = Ed25519PrivateKey::FromSeed(keys.identity_seed)};
}

mls::OwnKeyPackage KeyPackageOf(TestClient& client, TestPki& pki) {
  const auto from = static_cast<uint64_t>(
      absl::ToUnixSeconds(pki.clock().Now() - kCertificateBackdate));
  return mls::OwnKeyPackage::Create(
      IdentityOf(client),
      {.not_before_s = from,
       .not_after_s = from + static_cast<uint64_t>(
                                 absl::ToInt64Seconds(absl::Hours(240)))},
      pki.random());
}

client::OperationProfile Profile() {
  return {.name = "stop3",
          .title = "STOP III",
          .first_day = absl::CivilDay(2023, 12, 4),
          .last_day = absl::CivilDay(2023, 12, 15),
          .zone = "UTC"};
}

void Enter(TestClient& client, mls::Group group, const vault::Room& room) {
  Must(client.vault()->Update([&](vault::VaultTxn& txn) -> absl::Status {
    CORDON_RETURN_IF_ERROR(txn.rooms().PutOperation(
        {.id = room.operation,
         .name = Profile().name,
         .title = Profile().title,
         .profile = client::SerializeProfile(Profile())}));
    CORDON_RETURN_IF_ERROR(txn.rooms().AddRoom(room));
    return client::StoreChanges(txn, room.id, group.TakeChanges());
  }));
}

cert::RoleSet RolesOf(size_t index) {
  if (index > 0) return {cert::Role::kContactPoint};
  return {cert::Role::kCoordinator, cert::Role::kContactPoint,
          cert::Role::kCurator};
}

}  // namespace

ClientRoom::ClientRoom(policy::RoomKind kind,
                       const std::vector<std::string>& devices,
                       const std::string& file_layer, const FakeClock& clock)
    : clock_(clock),
      pki_(1, clock_),
      id_(IdOf<RoomId>(77)),
      operation_(IdOf<OperationId>(3)),
      names_(devices) {
  world_.clock = &clock_;
  world_.root = pki_.root().certificate().der();
  uint64_t seed = 100;
  for (const std::string& name : names_) {
    clients_.push_back(std::make_unique<TestClient>(
        &world_, &clock_, ++seed, clients_.size() == 1 ? file_layer : ""));
    BecomeDevice(*clients_.back()->vault(), pki_, name,
                 RolesOf(clients_.size() - 1));
    clients_.back()->Restart();
  }
  MakeRoom(kind);
  for (const std::unique_ptr<TestClient>& client : clients_) client->Restart();
  Settle();
}

void ClientRoom::MakeRoom(policy::RoomKind kind) {
  const auto verifier = pki_.Verifier();
  const cert::X509CredentialChecker checker(verifier.get());
  const mls::Services services{
      .checker = checker, .clock = clock_, .random = pki_.random()};
  const policy::RoomPolicy policy = policy::PolicyFor(kind, operation_);
  TestClient& maker = *clients_.front();
  mls::Group group = Must(
      mls::Group::Create(KeyPackageOf(maker, pki_),
                         {.group_id = ToBytes(id_.span()),
                          .extensions = {{.type = policy::kRoomPolicyExtension,
                                          .data = policy::Serialize(policy)}}},
                         services));
  maker.relay().CreateRoom(
      id_,
      codec::Serialize(mls::MlsMessage(
          group.ExportGroupInfo({.tree = mls::TreePlace::kInside}))),
      [](absl::StatusOr<client::Unit> made) { Must(made.status()); });
  maker.relay().Run();

  std::vector<mls::OwnKeyPackage> joiners;
  mls::CommitOptions options;
  client::WelcomeParts parts{.encrypted_group_info = {1}, .ratchet_tree = {1}};
  for (size_t i = 1; i < clients_.size(); ++i) {
    joiners.push_back(KeyPackageOf(*clients_[i], pki_));
    options.proposals.emplace_back(
        mls::Add{.key_package = joiners.back().key_package()});
    parts.joiners.push_back({.device = device_id(i), .secrets = {1}});
  }
  mls::PendingCommit pending = Must(group.Commit(std::move(options), services));
  maker.relay().Append(
      {.room = id_,
       .envelope = IdOf<EnvelopeId>(1),
       .kind = EntryKind::kCommit,
       .epoch = group.epoch(),
       .sealed = pending.commit,
       .group_info = codec::Serialize(mls::MlsMessage(pending.group_info)),
       .welcome = joiners.empty() ? std::nullopt : std::optional(parts)},
      [](absl::StatusOr<LogSeq> seq) { Must(seq.status()); });
  maker.relay().Run();
  Must(group.Adopt(std::move(pending.next)));

  const client::RoomHeadItem& head = world_.rooms.rooms().at(id_).places.back();
  const vault::Room row{
      .id = id_,
      .operation = operation_,
      .kind = static_cast<uint32_t>(kind),
      .name = "room",
      .title = "Room",
      .policy = policy::Serialize(policy),
      .epoch = head.epoch,
      .cursor = {.seq = head.head.seq, .hash = head.head.hash}};
  Enter(maker, std::move(group), row);
  for (size_t i = 1; i < clients_.size(); ++i) {
    world_.rooms.AckInbox(device_id(i), UINT64_MAX);
    mls::Group::Joined joined =
        Must(mls::Group::Join(*pending.welcome, joiners[i - 1], {}, services));
    Enter(*clients_[i], std::move(joined.group), row);
  }
}

DeviceId ClientRoom::device_id(size_t index) const {
  return Must(cert::DeviceName::Parse(names_.at(index))).id();
}

const TestDevice& ClientRoom::test_device(size_t index) {
  return pki_.Device(names_.at(index), RolesOf(index));
}

void ClientRoom::Settle() {
  for (int round = 0; round < kRounds; ++round) {
    for (const std::unique_ptr<TestClient>& client : clients_) client->Step();
  }
}

void ClientRoom::Wait(absl::Duration span) {
  for (absl::Duration past; past < span; past += absl::Seconds(1)) {
    clock_.Advance(absl::Seconds(1));
    Settle();
  }
}

record::RecordHeader ClientRoom::Header(size_t index, policy::RecordKind kind,
                                        uint64_t counter) {
  record::RecordHeader header{.id = RecordId::Random(pki_.random()),
                              .kind = kind,
                              .operation = operation_,
                              .room = id_,
                              .author = device_id(index),
                              .sent = clock_.Now(),
                              .counter = record::AuthorCounter{counter}};
  Must(client(index).vault()->Read(
      [&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::Room room,
                                txn.rooms().GetRoom(id_));
        CORDON_ASSIGN_OR_RETURN(const mls::Group group,
                                client::LoadGroup(txn, id_));
        header.head = {.seq = room.cursor.seq, .hash = room.cursor.hash};
        header.epoch = group.epoch();
        CORDON_ASSIGN_OR_RETURN(
            header.epoch_authenticator,
            record::EpochAuthenticator::Parse(group.EpochAuthenticator()));
        return absl::OkStatus();
      }));
  return header;
}

RecordBody ClientRoom::TextBy(size_t index, const std::string& body,
                              uint64_t counter) {
  return {.header = Header(index, policy::RecordKind::kText, counter),
          .content = client::Text{.body = body}};
}

Bytes ClientRoom::Sign(size_t index, const RecordBody& body) {
  const client::OwnDevice own =
      Must(client::OwnDevice::Load(*client(index).vault()));
  const vault::OwnDevice keys = Must(client(index).vault().Read(
      [](const vault::VaultTxn& txn) { return txn.identity().GetDevice(); }));
  return Must(record::SignedRecord::Sign(
                  Must(client::SerializeRecord(body)),
                  Ed25519PrivateKey::FromSeed(keys.identity_seed),
                  own.IdentityChain()))
      .bytes();
}

AppendCall ClientRoom::Seal(size_t index, const Bytes& signed_bytes) {
  AppendCall call{.room = id_, .envelope = EnvelopeId::Random(pki_.random())};
  Must(client(index).vault()->Update([&](vault::VaultTxn& txn) -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(mls::Group group, client::LoadGroup(txn, id_));
    CORDON_ASSIGN_OR_RETURN(mls::SealedMessage sealed,
                            group.Seal(signed_bytes, {}, pki_.random()));
    call.epoch = sealed.epoch;
    call.sealed = std::move(sealed.message);
    return client::StoreChanges(txn, id_, group.TakeChanges());
  }));
  client(index).Restart();
  return call;
}

AppendCall ClientRoom::SealForgotten(size_t index, const Bytes& signed_bytes) {
  mls::Group group =
      Must(client(index).vault().Read([this](const vault::VaultTxn& txn) {
        return client::LoadGroup(txn, id_);
      }));
  mls::SealedMessage sealed = Must(group.Seal(signed_bytes, {}, pki_.random()));
  return {.room = id_,
          .envelope = EnvelopeId::Random(pki_.random()),
          .epoch = sealed.epoch,
          .sealed = std::move(sealed.message)};
}

AppendCall ClientRoom::SealAhead(size_t index, const Bytes& signed_bytes) {
  const auto verifier = pki_.Verifier();
  const cert::X509CredentialChecker checker(verifier.get());
  mls::Group group =
      Must(client(index).vault().Read([this](const vault::VaultTxn& txn) {
        return client::LoadGroup(txn, id_);
      }));
  mls::PendingCommit pending = Must(group.Commit(
      {}, {.checker = checker, .clock = clock_, .random = pki_.random()}));
  Must(group.Adopt(std::move(pending.next)));
  mls::SealedMessage sealed = Must(group.Seal(signed_bytes, {}, pki_.random()));
  return {.room = id_,
          .envelope = EnvelopeId::Random(pki_.random()),
          .epoch = sealed.epoch,
          .sealed = std::move(sealed.message)};
}

void ClientRoom::RenewKeys(size_t index) {
  Must(client(index).vault()->Update(
      [this](vault::VaultTxn& txn) { return client::AskToRenew(txn, id_); }));
  client(index).Restart();
  Settle();
}

void ClientRoom::Misplace(size_t index, const AppendCall& call) {
  world_.rooms.Misplace({.caller = device_id(index),
                         .now = clock_.Now(),
                         .checker = world_.checker},
                        call);
  Settle();
}

void ClientRoom::Append(size_t index, AppendCall call) {
  client(index).relay().Append(
      std::move(call), [](absl::StatusOr<LogSeq> seq) { Must(seq.status()); });
  Settle();
}

std::vector<std::string> ClientRoom::TextsAt(size_t index) {
  return TextsIn(client(index), name());
}

std::vector<client::Refusal> ClientRoom::RefusalsAt(size_t index) {
  const std::vector<vault::Quarantined> aside =
      Must(client(index).vault().Read([this](const vault::VaultTxn& txn) {
        return txn.records().ReadQuarantined(id_, LogSeq{0});
      }));
  std::vector<client::Refusal> reasons;
  reasons.reserve(aside.size());
  for (const vault::Quarantined& one : aside) {
    reasons.push_back(static_cast<client::Refusal>(one.reason));
  }
  return reasons;
}

std::vector<std::string> ClientRoom::FindingsAt(size_t index) {
  std::vector<std::string> findings;
  for (const auto& one : client(index).Told<client::RoomFinding>()) {
    findings.push_back(one.what);
  }
  return findings;
}

}  // namespace cordon::testing
