#include "tests/support/vault_device.h"

#include "absl/strings/string_view.h"

#include "client/core/own_device.h"
#include "crypto/base/check.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "storage/vault/vault.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {

void BecomeDevice(vault::Vault& vault, TestPki& pki, absl::string_view name,
                  const cert::RoleSet& roles) {
  const TestDevice& device = pki.Device(name, roles);
  cert::JoinKeys keys{.identity = device.identity_key.CloneSecret(),
                      .transport = device.transport_key.CloneSecret(),
                      .issuing = {}};
  if (roles.Has(cert::Role::kContactPoint)) {
    keys.issuing = pki.Org(device.name.org().text()).key().CloneSecret();
  }
  const client::NewDevice stored{.root = pki.root().certificate(),
                                 .issuing = device.issuing,
                                 .identity = device.identity,
                                 .transport = device.transport,
                                 .relay_address = "relay.example:7443",
                                 .pin = cert::Pin()};
  CORDON_CHECK(client::StoreNewDevice(vault, stored, keys, pki.random()).ok());
}

}  // namespace cordon::testing
