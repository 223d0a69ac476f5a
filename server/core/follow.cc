#include "server/core/follow.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "server/core/fanout.h"
#include "server/core/follow_item.h"
#include "server/core/inbox_payload.h"
#include "server/core/log_convert.h"
#include "server/core/trust.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/enrolment_store.h"
#include "storage/relay/group_store.h"
#include "storage/relay/inbox_store.h"
#include "storage/relay/read_limits.h"

namespace cordon::server {
namespace {

// One portion: what is in memory for a stream that has just begun.
constexpr relay::ReadLimits kPortion{.entries_max = 512,
                                     .bytes_max = size_t{1} * 1024 * 1024};
// Join requests told at the start; the rest is told when these are answered.
constexpr size_t kWaitingRequestsMax = 256;

}  // namespace

absl::StatusOr<FollowPortion> Follow::Next(FollowSession& session) {
  FollowPortion portion;
  if (!session.begun) CORDON_RETURN_IF_ERROR(Begin(session, portion));
  CORDON_RETURN_IF_ERROR(ReadInbox(session, portion));
  if (portion.items.empty() || !session.begun) {
    CORDON_RETURN_IF_ERROR(ReadRooms(session, portion));
  }
  session.begun = true;
  return portion;
}

absl::Status Follow::Begin(FollowSession& session, FollowPortion& portion) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<relay::Membership> memberships,
                          stores_->groups.RoomsOf(session.device));
  for (const relay::Membership& membership : memberships) {
    CORDON_ASSIGN_OR_RETURN(const relay::Room room,
                            stores_->log.FindRoom(membership.room));
    portion.items.emplace_back(ToHeadItem(room));
  }
  for (CrlItem& crl : trust_->TakeNewer(session.crls)) {
    portion.items.emplace_back(std::move(crl));
  }
  return absl::OkStatus();
}

absl::Status Follow::ReadInbox(FollowSession& session, FollowPortion& portion) {
  CORDON_ASSIGN_OR_RETURN(
      const std::vector<relay::InboxItem> items,
      stores_->inboxes.TakeAfter(
          session.device, relay::InboxItemId{session.inbox_after}, kPortion));
  for (const relay::InboxItem& stored : items) {
    CORDON_ASSIGN_OR_RETURN(InboxItem item, ReadWelcomeItem(stored.payload));
    item.id = stored.id.value;
    if (stored.shared.has_value()) item.welcome_id = stored.shared->value;
    session.inbox_after = item.id;
    portion.items.emplace_back(std::move(item));
  }
  return absl::OkStatus();
}

absl::Status Follow::ReadRooms(FollowSession& session, FollowPortion& portion) {
  // Asked anew for each portion: a room may have been joined or left meanwhile.
  CORDON_ASSIGN_OR_RETURN(const std::vector<relay::Membership> memberships,
                          stores_->groups.RoomsOf(session.device));
  std::vector<Fanout::Place> places;
  for (const relay::Membership& membership : memberships) {
    LogSeq& cursor = session.cursors[membership.room];
    cursor = std::max(cursor, membership.since);
    CORDON_ASSIGN_OR_RETURN(
        std::vector<relay::LogEntry> entries,
        stores_->log.ReadAfter(membership.room, cursor, kPortion));
    if (!entries.empty()) {
      cursor = entries.back().seq;
      for (relay::LogEntry& entry : entries) {
        portion.items.emplace_back(ToEntry(membership.room, std::move(entry)));
      }
      return absl::OkStatus();
    }
    // A cursor beyond the head (the relay was restored from a backup) would
    // hide what comes next.
    CORDON_ASSIGN_OR_RETURN(const relay::Room room,
                            stores_->log.FindRoom(membership.room));
    places.push_back({membership.room, room.head.seq});
  }
  portion.places = std::move(places);
  return ReadRest(session, portion);
}

absl::Status Follow::ReadRest(FollowSession& session, FollowPortion& portion) {
  for (CrlItem& crl : trust_->TakeNewer(session.crls)) {
    portion.items.emplace_back(std::move(crl));
  }
  absl::flat_hash_set<RoomId> rooms;
  for (const Fanout::Place& place : portion.places) rooms.insert(place.room);
  for (const auto& [room, cursor] : session.cursors) {
    if (!rooms.contains(room)) portion.items.emplace_back(RoomLeftItem{room});
  }
  CORDON_ASSIGN_OR_RETURN(
      std::vector<relay::JoinRequest> requests,
      stores_->enrolment.Waiting(session.device, kWaitingRequestsMax));
  for (relay::JoinRequest& request : requests) {
    portion.items.emplace_back(
        JoinRequestItem{request.invitation, std::move(request.request)});
  }
  portion.last = true;
  portion.items.emplace_back(CaughtUpItem{});
  return absl::OkStatus();
}

}  // namespace cordon::server
