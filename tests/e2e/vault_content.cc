#include "tests/e2e/vault_content.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/seal_log.h"
#include "storage/vault/vault.h"
#include "tests/e2e/programs.h"
#include "tests/support/temp_folder.h"
#include "tests/support/temp_vault.h"

namespace cordon::testing {
namespace {

absl::Status ReadKeys(const vault::VaultTxn& txn, RoomId room,
                      VaultContent& content) {
  std::optional<vault::MessageKeyName> after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<vault::KeyUse> page,
                            txn.seals().List(room, after));
    if (page.empty()) return absl::OkStatus();
    content.keys.insert(content.keys.end(), page.begin(), page.end());
    after = page.back().key;
  }
}

absl::Status ReadRecords(const vault::VaultTxn& txn, const vault::Room& room,
                         VaultContent& content) {
  vault::RecordQuery query{.room = room.id};
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<vault::StoredRecord> page,
                            txn.records().Read(query));
    if (page.empty()) break;
    for (const vault::StoredRecord& record : page) {
      content.records[room.id].push_back(record.id);
    }
    query.after = page.back().place.seq;
  }
  for (LogSeq seq{1}; seq <= room.cursor.seq; seq = seq.Next()) {
    const absl::StatusOr<vault::LogPlace> place =
        txn.records().GetPlace(room.id, seq);
    // Before this device came in.
    if (absl::IsNotFound(place.status())) continue;
    CORDON_RETURN_IF_ERROR(place.status());
    if (place->kind == vault::PlaceKind::kRepeat ||
        place->kind == vault::PlaceKind::kQuarantined) {
      content.odd_places.push_back(*place);
    }
  }
  return absl::OkStatus();
}

absl::Status ReadOutbox(const vault::VaultTxn& txn, VaultContent& content) {
  vault::OutboxNumber after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> page,
                            txn.outbox().List(after));
    if (page.empty()) return absl::OkStatus();
    for (const vault::OutboxRow& row : page) {
      ++content.unsent;
      if (row.envelope.has_value()) {
        content.sealed[row.envelope->id] = row.envelope->sealed;
      }
    }
    after = page.back().number;
  }
}

absl::Status ReadAll(const vault::VaultTxn& txn, VaultContent& content) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> rooms,
                          txn.rooms().ListRooms(std::nullopt));
  for (const vault::Room& room : rooms) {
    CORDON_RETURN_IF_ERROR(ReadKeys(txn, room.id, content));
    CORDON_RETURN_IF_ERROR(ReadRecords(txn, room, content));
  }
  return ReadOutbox(txn, content);
}

}  // namespace

absl::StatusOr<VaultContent> ReadVaultOf(const Person& person) {
  const TempFolder copies;
  for (const char* const name : {"vault.key", "vault.db", "vault.db-wal"}) {
    const std::string from = absl::StrCat(person.profile(), "/", name);
    std::error_code error;
    if (!std::filesystem::exists(from, error)) continue;
    std::filesystem::copy(from, copies.File(name), error);
    if (error) return absl::InternalError(error.message());
  }
  CORDON_ASSIGN_OR_RETURN(
      const std::unique_ptr<vault::Vault> vault,
      vault::Vault::Open(
          {.folder = copies.path(), .cost = kCheapCost, .file_layer = {}},
          Passphrase(person.passphrase())));
  VaultContent content;
  CORDON_RETURN_IF_ERROR(vault->Read(
      [&](const vault::VaultTxn& txn) { return ReadAll(txn, content); }));
  return content;
}

}  // namespace cordon::testing
