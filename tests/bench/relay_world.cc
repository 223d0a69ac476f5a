#include "tests/bench/relay_world.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/clock.h"
#include "crypto/cert/role.h"
#include "server/core/stored_chain.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/fake_clock.h"
#include "tests/support/relay_client.h"
#include "tests/support/test_pki.h"

namespace cordon::bench {
namespace {

using testing::RelayClient;
using testing::TestDevice;

constexpr char kOrg[] = "fr.customs";

Bytes Stored(const std::vector<ByteSpan>& chain) {
  std::vector<Bytes> owned;
  for (const ByteSpan certificate : chain)
    owned.push_back(ToBytes(certificate));
  return server::WriteStoredChain(owned);
}

}  // namespace

relay::Device DirectoryRow(const TestDevice& device, absl::Time since) {
  return {.id = device.name.id(),
          .host = device.name.org().text(),
          .name = device.name.uri(),
          .identity_chain = Stored(device.IdentityChain()),
          .transport_chain = Stored(device.TransportChain()),
          .since = since};
}

RelayWorld::RelayWorld(size_t devices)
    : pki_(1, testing::FakeClock(SystemClock().Now())),
      sender_(
          &pki_.Device("ocu.authority/eva/desk", {cert::Role::kCoordinator})) {
  for (size_t i = 0; i < devices; ++i) {
    devices_.push_back(&pki_.Device(absl::StrCat(kOrg, "/officer", i, "/desk"),
                                    {cert::Role::kOfficer}));
  }
  EnterAll();
  relay_.LogToFile();
  relay_.Start();
  RelayClient client(relay_.address(), relay_.pin());
  CORDON_CHECK(client.SetUp(relay_.setup_code(), pki_, *sender_).ok());
}

void RelayWorld::EnterAll() {
  relay_.Edit([this](relay::Stores& stores, sqlite::Transaction& txn) {
    const absl::Time now = pki_.clock().Now();
    CORDON_CHECK(stores.log
                     .OpenRoom(txn, {.room = kRoom,
                                     .kind = 1,
                                     .creator = sender_->name.id(),
                                     .epoch = kEpoch})
                     .ok());
    CORDON_CHECK(stores.groups.Put(txn, kRoom, {.epoch = kEpoch}).ok());
    CORDON_CHECK(
        stores.groups
            .AddMember(txn, kRoom, {.leaf = 0, .device = sender_->name.id()})
            .ok());
    CORDON_CHECK(
        stores.directory.PutOrganisation(txn, {.host = kOrg, .since = now})
            .ok());
    uint32_t leaf = 0;
    for (const TestDevice* const device : devices_) {
      CORDON_CHECK(stores.groups
                       .AddMember(txn, kRoom,
                                  {.leaf = ++leaf, .device = device->name.id()})
                       .ok());
      CORDON_CHECK(stores.directory
                       .PutDevice(txn, DirectoryRow(*device, now),
                                  device->transport.fingerprint())
                       .ok());
    }
  });
}

}  // namespace cordon::bench
