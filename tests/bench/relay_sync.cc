// relay_sync [RECORDS]: first_sync with a real cordond: the device connects by
// gRPC and TLS, follows, and reads the log until each record is opened,
// verified and stored. The log is entered into the relay's database before it
// starts.

#include <cstdint>
#include <memory>

#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "client/core/client.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/parts.h"
#include "client/net/grpc_relay.h"
#include "client/net/tls.h"
#include "client/runner.h"
#include "crypto/base/check.h"
#include "crypto/base/clock.h"
#include "crypto/base/lock_checks.h"
#include "crypto/base/number.h"
#include "crypto/base/random.h"
#include "server/core/log_convert.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/bench/relay_world.h"
#include "tests/bench/sync_log.h"
#include "tests/support/client_room.h"
#include "tests/support/fake_clock.h"
#include "tests/support/notification.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"
#include "tests/support/test_client.h"
#include "tests/support/test_pki.h"

namespace cordon::bench {
namespace {

using testing::ClientRoom;
using testing::TestDevice;

constexpr absl::Duration kLook = absl::Milliseconds(5);

struct NoScreen final : client::EventSink {
  void Emit(client::Event) override {}
};

void EnterLog(const ClientRoom& room, relay::Stores& stores,
              sqlite::Transaction& txn) {
  CORDON_CHECK(stores.log
                   .OpenRoom(txn, {.room = room.id(),
                                   .operation = room.operation(),
                                   .kind = 1,
                                   .creator = room.device_id(kSyncSender),
                                   .epoch = Epoch{0}})
                   .ok());
  for (const client::LogEntry& entry : room.log()) {
    CORDON_CHECK(stores.log
                     .Append(txn, {.room = room.id(),
                                   .envelope = entry.envelope,
                                   .kind = server::ToStored(entry.kind),
                                   .epoch = entry.epoch,
                                   .author = entry.author,
                                   .received = entry.received,
                                   .sealed = entry.sealed})
                     .ok());
  }
}

void EnterMembers(const ClientRoom& room, const TestDevice& reader,
                  relay::Stores& stores, sqlite::Transaction& txn) {
  CORDON_CHECK(stores.groups.Put(txn, room.id(), {.epoch = Epoch{1}}).ok());
  for (const uint32_t leaf : {0U, 1U}) {
    CORDON_CHECK(stores.groups
                     .AddMember(txn, room.id(),
                                {.leaf = leaf, .device = room.device_id(leaf)})
                     .ok());
  }
  const absl::Time now = SystemClock().Now();
  CORDON_CHECK(stores.directory
                   .PutOrganisation(
                       txn, {.host = reader.name.org().text(), .since = now})
                   .ok());
  CORDON_CHECK(stores.directory
                   .PutDevice(txn, DirectoryRow(reader, now),
                              reader.transport.fingerprint())
                   .ok());
}

void PointVaultAt(ClientRoom& room, const testing::RelayProcess& relay) {
  auto& vault = room.client(kSyncReader).vault();
  CORDON_CHECK(vault
                   ->Update([&](vault::VaultTxn& txn) -> absl::Status {
                     auto access = txn.identity().GetRelay();
                     if (!access.ok()) return access.status();
                     access->address = relay.address();
                     access->pin = *vault::RelayPin::Parse(relay.pin().span());
                     return txn.identity().PutRelay(*access);
                   })
                   .ok());
}

// Sync runs a core of its own on the reader's vault until it has read all.
void Sync(UnreadLog& log) {
  testing::TestClient& reader = log.room().client(kSyncReader);
  NoScreen screen;
  client::Runner runner;
  client::GrpcRelay relay(&runner);
  client::Client client({.vault = &*reader.vault(),
                         .relay = &relay,
                         .root_key = &reader.shelf(),
                         .files = &reader.files(),
                         .clock = &SystemClock(),
                         .random = &SystemRandom(),
                         .events = &screen});
  runner.Post([&client] { CORDON_CHECK(client.Start().ok()); });
  runner.Start(&client);
  bool read = false;
  while (!read) {
    absl::SleepFor(kLook);
    testing::Notification looked;
    runner.Post([&log, &read, &looked] {
      read = log.IsRead();
      looked.Notify();
    });
    looked.WaitForNotification();
  }
  runner.Stop();
}

int Run(uint64_t records) {
  UnreadLog log(records, testing::FakeClock(SystemClock().Now()));
  ClientRoom& room = log.room();
  testing::RelayProcess relay;
  relay.Edit([&](relay::Stores& stores, sqlite::Transaction& txn) {
    EnterLog(room, stores, txn);
    EnterMembers(room, room.test_device(kSyncReader), stores, txn);
  });
  relay.LogToFile();
  relay.Start();
  testing::RelayClient chief(relay.address(), relay.pin());
  CORDON_CHECK(
      chief.SetUp(relay.setup_code(), room.pki(), room.test_device(kSyncSender))
          .ok());
  PointVaultAt(room, relay);
  log.Measure([&log] { Sync(log); });
  return 0;
}

}  // namespace
}  // namespace cordon::bench

int main(int argc, char** argv) {
  cordon::SkipLockChecks();
  return cordon::bench::Run(cordon::bench::RecordsIn(argc, argv));
}
