#include "client/core/picture.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "client/core/case_shelf.h"
#include "client/core/cases.h"
#include "client/core/command.h"
#include "client/core/figures.h"
#include "client/core/operation_rows.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/view/record.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/log/chain_hash.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr auto kAlertKind = static_cast<uint32_t>(policy::RecordKind::kAlert);

absl::StatusOr<vault::Room> FindAlertsRoom(const vault::VaultTxn& txn,
                                           const std::string& operation) {
  CORDON_RETURN_IF_ERROR(FindOperation(txn, operation).status());
  absl::StatusOr<vault::Room> room =
      FindRoomOfKind(txn, operation, policy::RoomKind::kAlerts);
  if (!absl::IsNotFound(room.status())) return room;
  return absl::PermissionDeniedError(absl::StrCat(
      "this device is not in the alerts room of ", operation,
      "; figures are computed from its records, by its members only"));
}

absl::StatusOr<std::vector<CaseRecord>> ReadCases(const vault::VaultTxn& txn,
                                                  RoomId room) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::StoredRecord> all,
                          ReadAll(txn, {.room = room, .kind = kAlertKind}));
  std::vector<CaseRecord> cases;
  cases.reserve(all.size());
  for (const vault::StoredRecord& stored : all) {
    CORDON_ASSIGN_OR_RETURN(cases.emplace_back(), CaseRecordOf(stored));
  }
  return cases;
}

}  // namespace

absl::StatusOr<FiguresView> Picture::Show(const ShowFigures& wanted) {
  FiguresView view{.computed = parts_.clock->Now()};
  std::vector<CaseRecord> cases;
  FiguresOptions options;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::Room room,
                                FindAlertsRoom(txn, wanted.operation));
        CORDON_ASSIGN_OR_RETURN(const vault::Operation row,
                                FindOperation(txn, wanted.operation));
        CORDON_ASSIGN_OR_RETURN(view.operation, ProfileOf(row));
        view.room = RoomText(row, room);
        view.head = RoomHead{.seq = room.cursor.seq, .hash = room.cursor.hash};
        CORDON_ASSIGN_OR_RETURN(
            view.missed, txn.records().CountMissed(room.id, room.cursor.seq));
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> waiting,
                                WaitingIn(txn, room.id, kAlertKind));
        view.unsent = waiting.size();
        CORDON_ASSIGN_OR_RETURN(options.region_of, RegionsOf(txn, row.id));
        CORDON_ASSIGN_OR_RETURN(cases, ReadCases(txn, room.id));
        return absl::OkStatus();
      }));
  CORDON_ASSIGN_OR_RETURN(options.zone, ZoneOf(view.operation));
  options.first_day = view.operation.first_day;
  options.last_day = view.operation.last_day;
  view.figures = ComputeFigures(cases, options);
  return view;
}

}  // namespace cordon::client
