#include "client/core/operation_rows.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "client/core/content.h"
#include "client/core/model/operation.h"
#include "client/core/record_reader.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/vault/directory_store.h"
#include "storage/vault/outbox.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

absl::StatusOr<OperationProfile> ProfileOf(const vault::Operation& row) {
  absl::StatusOr<OperationProfile> profile = ParseOperationProfile(row.profile);
  if (profile.ok()) return profile;
  return absl::DataLossError(
      absl::StrCat("what is stored of operation ", row.name, " is damaged"));
}

absl::StatusOr<absl::TimeZone> ZoneOf(const OperationProfile& profile) {
  absl::TimeZone zone;
  if (absl::LoadTimeZone(profile.zone, &zone)) return zone;
  return absl::FailedPreconditionError(absl::StrCat(
      "this machine does not know the operation's time zone \"", profile.zone,
      "\"; install time zone data (package tzdata)"));
}

absl::StatusOr<std::string> RoomTextOf(const vault::VaultTxn& txn,
                                       RoomId room) {
  CORDON_ASSIGN_OR_RETURN(const vault::Room row, txn.rooms().GetRoom(room));
  CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                          txn.rooms().GetOperation(row.operation));
  return RoomText(operation, row);
}

absl::StatusOr<std::vector<Participant>> ListParticipants(
    const vault::VaultTxn& txn, OperationId operation) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Participant> rows,
                          txn.directory().ListParticipants(operation));
  std::vector<Participant> participants;
  participants.reserve(rows.size());
  for (const vault::Participant& row : rows) {
    absl::StatusOr<Participant> one = ParseParticipant(row.profile);
    if (!one.ok()) {
      return absl::DataLossError("what is stored of a participant is damaged");
    }
    participants.push_back(*std::move(one));
  }
  return participants;
}

absl::StatusOr<Participant> FindParticipant(const vault::VaultTxn& txn,
                                            OperationId operation,
                                            const std::string& organisation) {
  const absl::StatusOr<vault::Participant> row =
      txn.directory().GetParticipant(operation, organisation);
  if (absl::IsNotFound(row.status())) {
    return Participant{.organisation = organisation};
  }
  CORDON_RETURN_IF_ERROR(row.status());
  return ParseParticipant(row->profile);
}

absl::StatusOr<std::map<std::string, std::string>> RegionsOf(
    const vault::VaultTxn& txn, OperationId operation) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<Participant> participants,
                          ListParticipants(txn, operation));
  std::map<std::string, std::string> regions;
  for (const Participant& one : participants) {
    regions.emplace(one.organisation, one.region);
  }
  return regions;
}

absl::StatusOr<std::vector<RoomId>> JoinedRooms(const vault::VaultTxn& txn) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> rooms,
                          txn.rooms().ListRooms(std::nullopt));
  std::vector<RoomId> joined;
  for (const vault::Room& room : rooms) {
    if (room.state == vault::RoomState::kJoined) joined.push_back(room.id);
  }
  return joined;
}

absl::StatusOr<std::vector<vault::OutboxRow>> WaitingIn(
    const vault::VaultTxn& txn, RoomId room, uint32_t kind) {
  std::vector<vault::OutboxRow> waiting;
  vault::OutboxNumber after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(std::vector<vault::OutboxRow> page,
                            txn.outbox().List(after));
    if (page.empty()) return waiting;
    after = page.back().number;
    for (vault::OutboxRow& row : page) {
      if (row.record.room != room || row.kind != kind) continue;
      waiting.push_back(std::move(row));
    }
  }
}

}  // namespace cordon::client
