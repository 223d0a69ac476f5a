#ifndef CORDON_STORAGE_RELAY_SCHEMA_H_
#define CORDON_STORAGE_RELAY_SCHEMA_H_

// The relay database: its kind and its numbered steps, built from
// schema/0001_rooms.sql and so on. What they add up to is schema/now.sql.

#include "absl/types/span.h"

#include "storage/sqlite/migrate.h"

namespace cordon::relay {

absl::Span<const sqlite::Migration> RelayMigrations();

// RelaySchema is what sqlite::Migrate needs before any store is made.
sqlite::Schema RelaySchema();

}  // namespace cordon::relay

#endif  // CORDON_STORAGE_RELAY_SCHEMA_H_
