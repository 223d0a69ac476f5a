#include "tests/support/relay_rooms.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/sign_ed25519.h"
#include "server/core/append_input.h"
#include "server/core/caller.h"
#include "server/core/follow_item.h"
#include "server/core/handshake_check.h"
#include "server/core/inbox_payload.h"
#include "server/core/room_info_check.h"
#include "server/core/trust.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/enrolment_store.h"
#include "storage/relay/inbox_store.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/must.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/room_device.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

absl::Status AdoptLists(const sqlite::Transaction& txn, TestPki& pki,
                        server::Trust& trust) {
  for (const TestPki::SignedList& list : pki.Lists()) {
    server::CrlItem item{.crl = ToBytes(list.crl.der())};
    if (list.issuer != pki.root().certificate()) {
      item.issuing_certificate = ToBytes(list.issuer.der());
    }
    CORDON_RETURN_IF_ERROR(trust.Adopt(txn, item, pki.clock().Now()).status());
  }
  return absl::OkStatus();
}

// The root is stored as a set-up stores it.
std::unique_ptr<server::Trust> TrustIn(RelayOnDisk& store, TestPki& pki) {
  const ByteSpan root = pki.root().certificate().der();
  CORDON_CHECK(store
                   .Write([&](const sqlite::Transaction& txn) -> absl::Status {
                     relay::EnrolmentStore& enrolment = store->enrolment;
                     if (absl::IsNotFound(enrolment.FindSetup().status())) {
                       CORDON_RETURN_IF_ERROR(
                           enrolment.BeginSetup(txn, AsBytes("no code")));
                     }
                     return enrolment.FinishSetup(txn, root);
                   })
                   .ok());
  return Must(server::Trust::Load(&*store));
}

}  // namespace

RelayRooms::Core::Core(RelayOnDisk& store, TestPki& pki,
                       const Ed25519PrivateKey& key,
                       const server::DeliveryLimits& limits)
    : trust(TrustIn(store, pki)),
      callers(&store->directory, trust.get(), &pki.clock()),
      log({&*store, &publications, &pki.clock()}, limits),
      groups(&store->groups),
      memory({.trust = trust.get(), .callers = &callers, .groups = &groups}),
      removals({&*store, &log, &groups, trust.get(), &pki.clock(), &key}),
      handshakes({&*store, &log, &groups, &removals, trust.get(), &publications,
                  &pki.clock()}),
      rooms({&*store, &log, &groups, trust.get(), &publications, &pki.clock()},
            limits, key.public_key()) {
  CORDON_CHECK(store
                   .Write([&](const sqlite::Transaction& txn) {
                     return AdoptLists(txn, pki, *trust);
                   })
                   .ok());
  CORDON_CHECK(removals.Load().ok());
}

RelayRooms::RelayRooms(TestPki* pki, const server::DeliveryLimits& limits)
    : pki_(pki),
      limits_(limits),
      key_(Ed25519PrivateKey::Generate(pki->random())) {
  Open();
}

void RelayRooms::Open() {
  core_ = std::make_unique<Core>(store_, *pki_, key_, limits_);
}

void RelayRooms::Restart() {
  core_.reset();
  CORDON_CHECK(store_.Restart().ok());
  Open();
}

server::Caller RelayRooms::CallerOf(const RoomDevice& device) {
  return {.device = device.id(),
          .name = device.device().name,
          .roles = device.device().identity.roles(),
          .transport = device.device().transport.fingerprint()};
}

absl::Status RelayRooms::Create(const RoomDevice& by, const RoomId& room,
                                Bytes info) {
  const server::Caller caller = CallerOf(by);
  CORDON_ASSIGN_OR_RETURN(
      server::NewRoomTask task,
      core_->rooms.BeginCreate(caller, room, std::move(info)));
  CORDON_ASSIGN_OR_RETURN(const server::CheckedRoom checked,
                          server::CheckNewRoom(std::move(task)));
  return store_.Write([&](const sqlite::Transaction& txn) {
    return core_->rooms.FinishCreate(txn, caller, checked);
  });
}

absl::StatusOr<server::CheckedHandshake> RelayRooms::Check(
    const RoomDevice& by, server::AppendInput input) {
  CORDON_ASSIGN_OR_RETURN(
      server::HandshakeTask task,
      core_->handshakes.Begin(CallerOf(by), std::move(input)));
  return server::CheckHandshake(std::move(task));
}

absl::StatusOr<LogSeq> RelayRooms::Finish(const RoomDevice& by,
                                          server::CheckedHandshake checked) {
  LogSeq seq;
  CORDON_RETURN_IF_ERROR(
      store_.Write([&](const sqlite::Transaction& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            seq,
            core_->handshakes.Finish(txn, CallerOf(by), std::move(checked)));
        return absl::OkStatus();
      }));
  return seq;
}

absl::StatusOr<LogSeq> RelayRooms::Append(const RoomDevice& by,
                                          server::AppendInput input) {
  CORDON_ASSIGN_OR_RETURN(server::CheckedHandshake checked,
                          Check(by, std::move(input)));
  return Finish(by, std::move(checked));
}

void RelayRooms::OpenRoom(const RoomId& room, const policy::RoomPolicy& policy,
                          RoomDevice& by,
                          const std::vector<RoomDevice*>& others) {
  const Bytes info =
      by.Create(room, policy::RoomExtensions(policy, relay_key()));
  CORDON_CHECK(Create(by, room, info).ok());
  std::vector<mls::Proposal> adds;
  for (RoomDevice* const each : others) adds.push_back(AddOf(*each));
  CORDON_CHECK(Append(by, by.Commit(std::move(adds))).ok());
  by.Adopt();
  for (RoomDevice* const each : others) JoinBy(*each);
}

void RelayRooms::OpenAlerts(const RoomId& room, RoomDevice& by,
                            const std::vector<RoomDevice*>& others) {
  OpenRoom(room, policy::PolicyFor(policy::RoomKind::kAlerts, OperationId({5})),
           by, others);
}

void RelayRooms::JoinBy(RoomDevice& joiner) {
  const std::vector<relay::InboxItem> items =
      Must(store_->inboxes.TakeAfter(joiner.id(), {}, {}));
  CORDON_CHECK(!items.empty());
  const server::InboxItem item =
      Must(server::ReadWelcomeItem(items.back().payload));
  const server::SharedWelcome welcome = Must(server::ReadSharedWelcome(
      Must(store_->inboxes.ReadShared(*items.back().shared))));
  CORDON_CHECK(joiner
                   .Join(item.secrets, welcome.encrypted_group_info,
                         welcome.ratchet_tree)
                   .ok());
}

absl::Status RelayRooms::Revoke(const TestDevice& device) {
  pki_->Revoke(device);
  return store_.Write([&](const sqlite::Transaction& txn) -> absl::Status {
    CORDON_RETURN_IF_ERROR(AdoptLists(txn, *pki_, *core_->trust));
    return core_->removals.ProposeFor(txn, device.name.id());
  });
}

absl::Status RelayRooms::Reconsider(const DeviceId& device) {
  return store_.Write([&](const sqlite::Transaction& txn) {
    return core_->removals.ProposeFor(txn, device);
  });
}

absl::Status RelayRooms::ProposeExpired() {
  return store_.Write([&](const sqlite::Transaction& txn) {
    return core_->removals.ProposeExpired(txn);
  });
}

std::vector<relay::LogEntry> RelayRooms::Log(const RoomId& room) {
  return Must(store_->log.ReadAfter(room, {}, {}));
}

relay::Room RelayRooms::Room(const RoomId& room) {
  return Must(store_->log.FindRoom(room));
}

}  // namespace cordon::testing
