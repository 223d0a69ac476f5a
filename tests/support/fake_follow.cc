#include "tests/support/fake_follow.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "client/core/delivery_types.h"
#include "client/core/relay_types.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "tests/support/fake_rooms.h"
#include "tests/support/fake_world.h"

namespace cordon::testing {
namespace {

// Small, so that tests see more than one batch.
constexpr uint64_t kEntriesPerBatch = 16;

LogSeq EndOf(const FakeRooms::Room& room, const RoomLie& lie) {
  const LogSeq end{room.log.size()};
  return lie.ends_at.has_value() ? std::min(*lie.ends_at, end) : end;
}

RoomLie LieAbout(const RoomLies& lies, const RoomId& room) {
  const auto found = lies.find(room);
  return found == lies.end() ? RoomLie{} : found->second;
}

}  // namespace

std::vector<client::LogEntry> EntriesAfter(const FakeRooms::Room& room,
                                           const RoomLie& lie, LogSeq after,
                                           LogSeq until) {
  std::vector<client::LogEntry> entries;
  const LogSeq end = std::min(until, EndOf(room, lie));
  for (LogSeq seq = after.Next(); seq <= end; seq = seq.Next()) {
    if (lie.withheld.contains(seq)) continue;
    const auto replaced = lie.replaced.find(seq);
    client::LogEntry entry = replaced == lie.replaced.end()
                                 ? room.log.at(seq.value - 1)
                                 : replaced->second;
    entry.seq = seq;
    const auto forged = lie.forged.find(seq);
    if (forged != lie.forged.end()) entry.sealed = forged->second;
    if (lie.repeated.contains(seq)) entries.push_back(entry);
    entries.push_back(std::move(entry));
  }
  if (lie.reversed) std::reverse(entries.begin(), entries.end());
  return entries;
}

client::RoomHeadItem HeadOf(const FakeRooms::Room& room, const RoomLie& lie) {
  return room.places.at(EndOf(room, lie).value);
}

FollowPlace::FollowPlace(RelayWorld* world, const DeviceId& device,
                         const client::FollowCall& call)
    : world_(world), device_(device), inbox_after_(call.inbox_after) {
  for (const client::RoomPlace& place : call.cursors) {
    given_[place.room] = place.seq;
  }
  for (const client::CrlHeld& held : call.crls) {
    crls_[held.issuer] = held.number;
  }
}

std::vector<client::FollowItem> FollowPlace::Next(const RoomLies& lies) {
  Items items;
  if (!std::exchange(begun_, true)) AddHeads(lies, items);
  AddCrls(items);
  AddRequests(items);
  AddInbox(items);
  const bool all = AddEntries(lies, items);
  AddLeft(items);
  if (all && !std::exchange(caught_up_, true)) {
    items.emplace_back(client::CaughtUpItem{});
  }
  return items;
}

void FollowPlace::AddHeads(const RoomLies& lies, Items& items) {
  for (const RoomId& room : world_->rooms.RoomsOf(device_)) {
    items.emplace_back(
        HeadOf(world_->rooms.rooms().at(room), LieAbout(lies, room)));
  }
}

void FollowPlace::AddCrls(Items& items) {
  for (const auto& [issuer, held] : world_->crls) {
    if (crls_[issuer] >= held.number) continue;
    crls_[issuer] = held.number;
    items.emplace_back(held.list);
  }
}

void FollowPlace::AddRequests(Items& items) {
  for (const auto& [id, invited] : world_->invitations) {
    if (invited.state != client::InvitationState::kRequested) continue;
    if (invited.inviter.id() != device_) continue;
    if (!requests_.insert(id).second) continue;
    items.emplace_back(client::JoinRequestItem{id, invited.request});
  }
}

void FollowPlace::AddInbox(Items& items) {
  for (const client::InboxItem& item : world_->rooms.InboxOf(device_)) {
    if (item.id <= inbox_after_) continue;
    inbox_after_ = item.id;
    items.emplace_back(item);
  }
}

bool FollowPlace::AddEntries(const RoomLies& lies, Items& items) {
  bool all = true;
  for (const RoomId& id : world_->rooms.RoomsOf(device_)) {
    const FakeRooms::Room& room = world_->rooms.rooms().at(id);
    const RoomLie lie = LieAbout(lies, id);
    rooms_.insert(id);
    LogSeq& given = given_[id];
    given = std::max(given, room.members.at(device_));
    // A cursor beyond the end would hide what comes next.
    given = std::min(given, EndOf(room, lie));
    const LogSeq until =
        std::min(LogSeq{given.value + kEntriesPerBatch}, EndOf(room, lie));
    for (client::LogEntry& entry : EntriesAfter(room, lie, given, until)) {
      if (lie.lost.contains(entry.seq)) continue;
      items.emplace_back(std::move(entry));
    }
    given = until;
    all = all && until == EndOf(room, lie);
  }
  return all;
}

void FollowPlace::AddLeft(Items& items) {
  for (auto room = rooms_.begin(); room != rooms_.end();) {
    if (world_->rooms.Contains(*room, device_)) {
      ++room;
      continue;
    }
    items.emplace_back(client::RoomLeftItem{*room});
    given_.erase(*room);
    room = rooms_.erase(room);
  }
}

}  // namespace cordon::testing
