#include "server/core/room_log.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/id.h"
#include "crypto/base/log.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/log/chain_hash.h"
#include "crypto/prim/hash.h"
#include "server/core/append_input.h"
#include "server/core/follow_item.h"
#include "server/core/log_convert.h"
#include "server/core/publications.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/group_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

absl::StatusOr<relay::Room> RoomLog::FindRoom(const RoomId& id) {
  absl::StatusOr<relay::Room> room = parts_.stores->log.FindRoom(id);
  if (absl::IsNotFound(room.status())) {
    return absl::NotFoundError("no such room");
  }
  return room;
}

absl::StatusOr<relay::Member> RoomLog::FindMember(const DeviceId& device,
                                                  const RoomId& room) {
  CORDON_ASSIGN_OR_RETURN(const std::optional<relay::Member> member,
                          parts_.stores->groups.FindMember(room, device));
  if (member.has_value()) return *member;
  return absl::PermissionDeniedError("this device is not in that room");
}

absl::StatusOr<std::optional<LogSeq>> RoomLog::FindPlaced(
    const DeviceId& author, const AppendInput& input) {
  CORDON_ASSIGN_OR_RETURN(
      const std::optional<relay::Placed> placed,
      parts_.stores->log.FindEnvelope(input.room, input.envelope_id));
  if (!placed.has_value()) return std::optional<LogSeq>();
  if (placed->author != author) {
    return absl::AlreadyExistsError(
        "this envelope id is another device's; make a new one");
  }
  return std::optional<LogSeq>(placed->seq);
}

absl::StatusOr<relay::Room> RoomLog::FindOpen(const DeviceId& author,
                                              const AppendInput& input) {
  CORDON_ASSIGN_OR_RETURN(relay::Room room, FindRoom(input.room));
  CORDON_RETURN_IF_ERROR(FindMember(author, input.room).status());
  if (room.epoch != input.epoch) {
    return absl::AbortedError("the room is at another epoch; catch up");
  }
  const uint64_t reserve =
      input.kind == EntryKind::kApplication ? 0 : kHandshakeReserveBytes;
  if (room.log_bytes + input.sealed.size() >
      limits_.room_log_bytes_max + reserve) {
    return absl::ResourceExhaustedError(
        "the log of this room is full; the operator must raise its limit");
  }
  return room;
}

absl::StatusOr<RoomHead> RoomLog::Place(const sqlite::Transaction& txn,
                                        const relay::Room& room,
                                        const DeviceId& author,
                                        AppendInput& input) {
  const RoomHead head =
      ChainNext(HeadOf(room), {.seq = room.head.seq.Next(),
                               .kind = input.kind,
                               .epoch = input.epoch,
                               .author = author,
                               .envelope_id = input.envelope_id,
                               .sealed_digest = Sha256(input.sealed)});
  const absl::Time now = parts_.clock->Now();
  CORDON_ASSIGN_OR_RETURN(
      const relay::Appended appended,
      parts_.stores->log.Append(txn, {.room = input.room,
                                      .envelope = input.envelope_id,
                                      .kind = ToStored(input.kind),
                                      .epoch = input.epoch,
                                      .author = author,
                                      .chain = ToStored(head.hash),
                                      .received = now,
                                      .sealed = input.sealed}));
  LogInfo("room#", Alias(input.room.span()),
          " appended seq=", appended.seq.value, " bytes=", input.sealed.size());
  parts_.publications->Add(
      EntryAppended{LogEntry{.room = input.room,
                             .seq = appended.seq,
                             .kind = input.kind,
                             .epoch = input.epoch,
                             .author = author,
                             .envelope_id = input.envelope_id,
                             .sealed = std::move(input.sealed),
                             .received = now}});
  return head;
}

}  // namespace cordon::server
