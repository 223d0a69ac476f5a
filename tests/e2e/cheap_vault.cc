#include "tests/e2e/cheap_vault.h"

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/check.h"
#include "crypto/base/random.h"
#include "storage/vault/vault.h"
#include "tests/e2e/programs.h"
#include "tests/support/temp_vault.h"

namespace cordon::testing {

void MakeCheap(const Person& person) {
  absl::StatusOr<std::unique_ptr<vault::Vault>> vault = vault::Vault::Open(
      {.folder = person.profile(), .cost = kCheapCost, .file_layer = {}},
      Passphrase(person.passphrase()));
  CORDON_CHECK(vault.ok());
  CORDON_CHECK((*vault)
                   ->ChangePassphrase(Passphrase(person.passphrase()),
                                      Passphrase(person.passphrase()),
                                      SystemRandom())
                   .ok());
}

}  // namespace cordon::testing
