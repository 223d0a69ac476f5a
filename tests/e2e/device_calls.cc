#include "tests/e2e/device_calls.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/own_device.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/cert/pin.h"
#include "crypto/prim/sign_ed25519.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"
#include "tests/e2e/programs.h"
#include "tests/support/relay_client.h"
#include "tests/support/temp_vault.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

constexpr uint32_t kEntriesMax = 1000;

TestDevice DeviceOf(const Person& person) {
  const absl::StatusOr<std::unique_ptr<vault::Vault>> vault =
      vault::Vault::Open(
          {.folder = person.profile(), .cost = kCheapCost, .file_layer = {}},
          Passphrase(person.passphrase()));
  CORDON_CHECK(vault.ok());
  const absl::StatusOr<client::OwnDevice> own =
      client::OwnDevice::Load(**vault);
  CORDON_CHECK(own.ok());
  absl::StatusOr<vault::OwnDevice> keys = absl::UnknownError("not read");
  CORDON_CHECK((*vault)
                   ->Read([&keys](const vault::VaultTxn& txn) {
                     keys = txn.identity().GetDevice();
                     return keys.status();
                   })
                   .ok());
  return {.name = own->name(),
          .identity_key = Ed25519PrivateKey::FromSeed(keys->identity_seed),
          .transport_key = Ed25519PrivateKey::FromSeed(keys->transport_seed),
          .identity = own->identity(),
          .transport = own->transport(),
          .issuing = own->issuing()};
}

}  // namespace

DeviceCalls::DeviceCalls(const Person& person, const TestRelay& relay)
    : device_(DeviceOf(person)),
      relay_(relay.address(), *cert::ParsePin(relay.pin()), &device_),
      blobs_(relay.address(), *cert::ParsePin(relay.pin()), &device_) {}

grpc::Status DeviceCalls::Backfill(const RoomId& room,
                                   wire::BackfillAnswer& answer) {
  wire::BackfillRequest request;
  request.set_room_id(ToString(room.span()));
  request.set_entries_max(kEntriesMax);
  grpc::ClientContext context;
  return relay_.delivery().Backfill(&context, request, &answer);
}

}  // namespace cordon::testing
