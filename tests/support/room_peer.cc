#include "tests/support/room_peer.h"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "client/core/content.h"
#include "client/core/delivery_types.h"
#include "client/core/own_device.h"
#include "client/core/room_opening.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "crypto/log/chain_hash.h"
#include "crypto/prim/hash.h"
#include "storage/vault/record_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/must.h"
#include "tests/support/vault_device.h"

namespace cordon::testing {

RoomPeer::Core::Core(RoomPeer& peer)
    : timers(&peer.pki_->clock()),
      trust(peer.parts()),
      shelf(peer.parts()),
      commits(peer.parts(), {&timers, &trust, &shelf, &moves}),
      admitting(peer.parts(), {&timers, &trust, &shelf, &moves}, &commits),
      key_packages(peer.parts()),
      handshakes(peer.parts(), &trust, &shelf, &moves) {}

RoomPeer::RoomPeer(RelayWorld* world, TestPki* pki, absl::string_view name,
                   const cert::RoleSet& roles)
    : world_(world),
      pki_(pki),
      name_(name),
      random_(static_cast<uint64_t>(name.size()) * 131 +
              static_cast<uint64_t>(name.front()) * 7 + world->devices.size()),
      relay_(world) {
  BecomeDevice(*vault_, *pki, name, roles);
  const absl::StatusOr<client::OwnDevice> own =
      client::OwnDevice::Load(*vault_);
  CORDON_CHECK(own.ok());
  relay_.Connect(own->Connection());
  const DeviceId id = own->name().id();
  world->devices[id] = {.device = id,
                        .identity = own->IdentityChain(),
                        .since = pki->clock().Now()};
  Restart();
}

client::Parts RoomPeer::parts() {
  return {.vault = &*vault_,
          .relay = &relay_,
          .root_key = nullptr,
          .files = nullptr,
          .clock = &pki_->clock(),
          .random = &random_,
          .events = this};
}

client::RoomTools RoomPeer::tools() {
  return {&core_->timers, &core_->trust, &core_->shelf, &core_->moves};
}

DeviceId RoomPeer::device() const {
  return cert::DeviceName::Parse(name_)->id();
}

void RoomPeer::Restart() {
  tasks_ = nullptr;
  core_ = std::make_unique<Core>(*this);
  tasks_ = std::make_unique<client::TaskSet>();
  CORDON_CHECK(core_->trust.Load().ok());
}

void RoomPeer::Turn() {
  relay_.Run();
  if (!hold_logs_) CatchUp();
  relay_.Run();
  tasks_->Reap();
}

std::vector<std::string> RoomPeer::CatchUp() {
  std::vector<std::string> findings;
  ReadInbox(findings);
  std::vector<RoomId> rooms;
  CORDON_CHECK(vault_
                   ->Read([&rooms](const vault::VaultTxn& txn) -> absl::Status {
                     CORDON_ASSIGN_OR_RETURN(
                         const std::vector<vault::Room> all,
                         txn.rooms().ListRooms(std::nullopt));
                     for (const vault::Room& room : all) {
                       rooms.push_back(room.id);
                     }
                     return absl::OkStatus();
                   })
                   .ok());
  for (const RoomId& room : rooms) {
    while (ReadOne(room, findings)) {
    }
  }
  return findings;
}

void RoomPeer::ReadInbox(std::vector<std::string>& findings) {
  const std::vector<client::InboxItem> items = world_->rooms.InboxOf(device());
  for (const client::InboxItem& item : items) {
    if (item.id <= inbox_after_) continue;
    inbox_after_ = item.id;
    tasks_->Spawn(core_->handshakes.TakeInbox(item),
                  [&findings](const absl::StatusOr<RoomId>& taken) {
                    if (!taken.ok()) {
                      findings.emplace_back(taken.status().message());
                    }
                  });
    relay_.Run();
  }
}

// One entry after the cursor, as the follower would take it.
bool RoomPeer::ReadOne(RoomId room, std::vector<std::string>& findings) {
  const vault::Room known = row(room);
  const auto at = world_->rooms.rooms().find(room);
  if (known.state != vault::RoomState::kJoined ||
      at == world_->rooms.rooms().end() ||
      known.cursor.seq.value >= at->second.log.size()) {
    return false;
  }
  const client::LogEntry& entry = at->second.log[known.cursor.seq.value];
  const RoomHead after = ChainNext({known.cursor.seq, known.cursor.hash},
                                   {.seq = entry.seq,
                                    .kind = entry.kind,
                                    .epoch = entry.epoch,
                                    .author = entry.author,
                                    .envelope_id = entry.envelope,
                                    .sealed_digest = Sha256(entry.sealed)});
  absl::StatusOr<client::TakenHandshake> taken =
      core_->handshakes.Take(entry, after);
  CORDON_CHECK(taken.ok());
  if (taken->finding.has_value()) {
    findings.push_back(*std::move(taken->finding));
  }
  return true;
}

void RoomPeer::KnowOperation(const OperationId& id, const std::string& name) {
  const client::OperationProfile profile{
      .name = name,
      .title = "Operation " + name,
      .first_day = absl::CivilDay(2023, 12, 4),
      .last_day = absl::CivilDay(2023, 12, 15),
      .zone = "Europe/Brussels"};
  const vault::Operation operation{
      .id = id,
      .name = profile.name,
      .title = profile.title,
      .profile = client::SerializeProfile(profile)};
  CORDON_CHECK(vault_
                   ->Update([&operation](vault::VaultTxn& txn) {
                     return txn.rooms().PutOperation(operation);
                   })
                   .ok());
}

absl::StatusOr<RoomId> RoomPeer::Open(const OperationId& operation,
                                      const std::string& name,
                                      policy::RoomKind kind) {
  return Run(client::OpenRoom(
      parts(), tools(),
      {.operation = operation, .name = name, .title = name, .kind = kind}));
}

RoomId RoomPeer::OpenGeneral() {
  KnowOperation(kOperation, "stop3");
  return Must(Open(kOperation, "general", policy::RoomKind::kChannel));
}

absl::StatusOr<client::Admitted> RoomPeer::Admit(RoomId room) {
  CORDON_ASSIGN_OR_RETURN(std::vector<cert::VerifiedChain> devices,
                          Run(admitting().ReadDirectory("")));
  return Run(admitting().Admit(room, std::move(devices), /*command=*/0));
}

mls::Group& RoomPeer::group(RoomId room) {
  const absl::StatusOr<mls::Group*> found = core_->shelf.Find(room);
  CORDON_CHECK(found.ok());
  return **found;
}

vault::Room RoomPeer::row(RoomId room) {
  auto found = vault_.Read(
      [room](const vault::VaultTxn& txn) { return txn.rooms().GetRoom(room); });
  CORDON_CHECK(found.ok());
  return *std::move(found);
}

RoomTown::RoomTown() {
  world_.clock = &pki_.clock();
  world_.root = pki_.root().certificate().der();
}

RoomPeer& RoomTown::Add(absl::string_view name, const cert::RoleSet& roles) {
  peers_.push_back(std::make_unique<RoomPeer>(&world_, &pki_, name, roles));
  RoomPeer& peer = *peers_.back();
  CORDON_CHECK(peer.Run(peer.key_packages().Replenish()).ok());
  GiveLists();
  return peer;
}

void RoomTown::GiveLists() {
  for (const TestPki::SignedList& list : pki_.Lists()) {
    client::CrlItem item{.crl = list.crl.der(),
                         .issuing_certificate = list.issuer.der()};
    if (list.issuer == pki_.root().certificate()) {
      item.issuing_certificate.clear();
    }
    for (const std::unique_ptr<RoomPeer>& peer : peers_) {
      CORDON_CHECK(peer->trust().TakeCrl(item).ok());
    }
  }
}

void RoomTown::CatchUp() {
  for (const std::unique_ptr<RoomPeer>& peer : peers_) {
    peer->CatchUp();
  }
}

}  // namespace cordon::testing
