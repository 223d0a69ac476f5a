#ifndef CORDON_STORAGE_VAULT_SCHEMA_H_
#define CORDON_STORAGE_VAULT_SCHEMA_H_

// The numbered SQL of ./schema, built into the program.

#include <cstdint>

#include "absl/types/span.h"

#include "storage/sqlite/migrate.h"

namespace cordon::vault {

// Written into every vault.db: "cvlt".
inline constexpr int32_t kVaultApplicationId = 0x63766c74;

absl::Span<const sqlite::Migration> VaultMigrations();

// VaultSchema is what Migrate brings a vault up to.
sqlite::Schema VaultSchema();

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_SCHEMA_H_
