#ifndef CORDON_TESTS_SUPPORT_VAULT_DEVICE_H_
#define CORDON_TESTS_SUPPORT_VAULT_DEVICE_H_

// A vault as it is once its device has joined, without the joining:
//
//   TestPki pki;
//   TempVault vault;
//   BecomeDevice(*vault, pki, "fr.customs/alice/laptop",
//                {Role::kContactPoint});

#include "absl/strings/string_view.h"

#include "crypto/cert/role.h"
#include "storage/vault/vault.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {

// BecomeDevice stops the test program if the vault belongs to a device. A
// contact point gets its organisation's issuing key.
void BecomeDevice(vault::Vault& vault, TestPki& pki, absl::string_view name,
                  const cert::RoleSet& roles);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_VAULT_DEVICE_H_
