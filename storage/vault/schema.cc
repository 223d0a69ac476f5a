#include "storage/vault/schema.h"

#include "storage/sqlite/migrate.h"

namespace cordon::vault {

sqlite::Schema VaultSchema() {
  return {.what = "vault",
          .application_id = kVaultApplicationId,
          .migrations = VaultMigrations()};
}

}  // namespace cordon::vault
