#include "server/core/delivery.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/log/chain_hash.h"
#include "server/core/append_input.h"
#include "server/core/caller.h"
#include "server/core/follow_item.h"
#include "server/core/inbox_payload.h"
#include "server/core/log_convert.h"
#include "server/core/room_log.h"
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
                          parts_.rooms->FindPlaced(caller.device, input));
  if (placed.has_value()) return *placed;
  CORDON_ASSIGN_OR_RETURN(const relay::Room room,
                          parts_.rooms->FindOpen(caller.device, input));
  CORDON_ASSIGN_OR_RETURN(const RoomHead head,
                          parts_.rooms->Place(txn, room, caller.device, input));
  return head.seq;
}

absl::StatusOr<Page> Delivery::Backfill(const Caller& caller,
                                        const RoomId& room, LogSeq after,
                                        size_t entries_max) {
  CORDON_ASSIGN_OR_RETURN(const relay::Room found,
                          parts_.rooms->FindRoom(room));
  CORDON_ASSIGN_OR_RETURN(const relay::Member member,
                          parts_.rooms->FindMember(caller.device, room));
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
