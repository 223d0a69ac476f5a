#include "storage/relay/schema.h"

#include <cstdint>

#include "storage/sqlite/migrate.h"

namespace cordon::relay {
namespace {

constexpr int32_t kRelayApplicationId = 0x63646e72;  // "cdnr"

}  // namespace

sqlite::Schema RelaySchema() {
  return {.what = "relay database",
          .application_id = kRelayApplicationId,
          .migrations = RelayMigrations()};
}

}  // namespace cordon::relay
