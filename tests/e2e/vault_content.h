#ifndef CORDON_TESTS_E2E_VAULT_CONTENT_H_
#define CORDON_TESTS_E2E_VAULT_CONTENT_H_

// What a device's vault holds of its rooms' logs, read from a copy of its
// profile: also of a program that was killed, before it starts again.

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "storage/vault/record_store.h"
#include "storage/vault/seal_log.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {

struct VaultContent {
  // Of every message sealed or opened here.
  std::vector<vault::KeyUse> keys{};
  // By room: the records shown, in the order of the log.
  std::map<RoomId, std::vector<RecordId>> records{};
  // Entries that are a record a second time, or none that may be shown.
  std::vector<vault::LogPlace> odd_places{};
  // What waits in the outbox under an envelope of its own.
  std::map<EnvelopeId, Bytes> sealed{};
  size_t unsent = 0;
};

absl::StatusOr<VaultContent> ReadVaultOf(const Person& person);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_E2E_VAULT_CONTENT_H_
