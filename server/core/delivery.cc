#include "server/core/delivery.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/log.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/log/chain_hash.h"
#include "crypto/prim/hash.h"
#include "server/core/caller.h"
#include "server/core/follow_item.h"
#include "server/core/inbox_payload.h"
#include "server/core/log_convert.h"
#include "server/core/publications.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/group_store.h"
#include "storage/relay/inbox_store.h"
#include "storage/relay/read_limits.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

absl::StatusOr<LogSeq> Delivery::Append(const sqlite::Transaction& txn,
                                        const Caller& caller,
                                        AppendInput input) {
  CORDON_ASSIGN_OR_RETURN(const std::optional<LogSeq> placed,
                          FindPlaced(caller, input));
  if (placed.has_value()) return *placed;
  CORDON_ASSIGN_OR_RETURN(const relay::Room room,
                          CheckMayAppend(caller, input));
  return Place(txn, room, caller.device, std::move(input));
}

absl::StatusOr<std::optional<LogSeq>> Delivery::FindPlaced(
    const Caller& caller, const AppendInput& input) {
  CORDON_ASSIGN_OR_RETURN(
      const std::optional<relay::Placed> placed,
      parts_.stores->log.FindEnvelope(input.room, input.envelope_id));
  if (!placed.has_value()) return std::optional<LogSeq>();
  if (placed->author != caller.device) {
    return absl::AlreadyExistsError(
        "this envelope id is another device's; make a new one");
  }
  return std::optional<LogSeq>(placed->seq);
}

absl::StatusOr<relay::Room> Delivery::CheckMayAppend(const Caller& caller,
                                                     const AppendInput& input) {
  CORDON_ASSIGN_OR_RETURN(relay::Room room, FindRoom(input.room));
  CORDON_RETURN_IF_ERROR(FindMember(caller, input.room).status());
  if (room.epoch != input.epoch) {
    return absl::AbortedError("the room is at another epoch; catch up");
  }
  if (room.log_bytes + input.sealed.size() > limits_.room_log_bytes_max) {
    return absl::ResourceExhaustedError(
        "the log of this room is full; the operator must raise its limit");
  }
  return room;
}

absl::StatusOr<relay::Room> Delivery::FindRoom(const RoomId& id) {
  absl::StatusOr<relay::Room> room = parts_.stores->log.FindRoom(id);
  if (absl::IsNotFound(room.status())) {
    return absl::NotFoundError("no such room");
  }
  return room;
}

absl::StatusOr<relay::Member> Delivery::FindMember(const Caller& caller,
                                                   const RoomId& room) {
  CORDON_ASSIGN_OR_RETURN(
      const std::optional<relay::Member> member,
      parts_.stores->groups.FindMember(room, caller.device));
  if (member.has_value()) return *member;
  return absl::PermissionDeniedError("this device is not in that room");
}

absl::StatusOr<LogSeq> Delivery::Place(const sqlite::Transaction& txn,
                                       const relay::Room& room,
                                       const DeviceId& author,
                                       AppendInput input) {
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
  return appended.seq;
}

absl::StatusOr<Page> Delivery::Backfill(const Caller& caller,
                                        const RoomId& room, LogSeq after,
                                        size_t entries_max) {
  CORDON_ASSIGN_OR_RETURN(const relay::Room found, FindRoom(room));
  CORDON_ASSIGN_OR_RETURN(const relay::Member member, FindMember(caller, room));
  relay::ReadLimits limits;
  limits.entries_max = std::clamp<size_t>(entries_max, 1, limits.entries_max);
  CORDON_ASSIGN_OR_RETURN(std::vector<relay::LogEntry> entries,
                          parts_.stores->log.ReadAfter(
                              room, std::max(after, member.since), limits));
  Page page;
  page.head = ToHeadItem(found);
  for (relay::LogEntry& entry : entries) {
    page.entries.push_back(ToEntry(room, std::move(entry)));
  }
  return page;
}

absl::Status Delivery::AckInbox(const sqlite::Transaction& txn,
                                const Caller& caller, uint64_t through) {
  return parts_.stores->inboxes.Ack(txn, caller.device,
                                    relay::InboxItemId{through});
}

absl::StatusOr<SharedWelcome> Delivery::FetchWelcome(const Caller& caller,
                                                     uint64_t welcome_id) {
  const relay::SharedPayloadId wanted{welcome_id};
  relay::InboxItemId after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(
        const std::vector<relay::InboxItem> items,
        parts_.stores->inboxes.TakeAfter(caller.device, after, {}));
    if (items.empty()) return absl::NotFoundError("no such welcome");
    for (const relay::InboxItem& item : items) {
      after = item.id;
      if (item.shared != wanted) continue;
      CORDON_ASSIGN_OR_RETURN(const Bytes payload,
                              parts_.stores->inboxes.ReadShared(wanted));
      return ReadSharedWelcome(payload);
    }
  }
}

}  // namespace cordon::server
