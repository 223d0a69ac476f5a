#include "server/core/room_groups.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/public_group.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/group_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

GroupImage ImageOf(mls::PublicGroup group) {
  GroupImage image;
  image.state = codec::Serialize(group);
  image.tree = codec::Serialize(group.tree());
  image.group = std::make_shared<const mls::PublicGroup>(std::move(group));
  return image;
}

absl::StatusOr<SharedGroup> RoomGroups::Find(const relay::Room& room) {
  const auto found = kept_.find(room.room);
  if (found != kept_.end() && found->second.group->epoch() == room.epoch) {
    found->second.used = ++uses_;
    return found->second.group;
  }
  CORDON_ASSIGN_OR_RETURN(const relay::GroupState stored,
                          store_->Find(room.room));
  absl::StatusOr<mls::PublicGroup> group =
      mls::PublicGroup::Parse(stored.state, stored.tree);
  if (!group.ok() || group->epoch() != room.epoch) {
    return absl::DataLossError("groups: a room's group does not parse");
  }
  auto shared = std::make_shared<const mls::PublicGroup>(*std::move(group));
  Remember(room.room, shared);
  return shared;
}

absl::Status RoomGroups::Put(const sqlite::Transaction& txn, const RoomId& room,
                             const GroupImage& next) {
  CORDON_RETURN_IF_ERROR(store_->Put(
      txn, room,
      {.epoch = next.group->epoch(), .state = next.state, .tree = next.tree}));
  unsettled_.push_back(room);
  Remember(room, next.group);
  return absl::OkStatus();
}

void RoomGroups::TakeBack() {
  for (const RoomId& room : unsettled_) {
    const auto found = kept_.find(room);
    if (found == kept_.end()) continue;
    leaves_ -= found->second.group->tree().member_count();
    kept_.erase(found);
  }
  unsettled_.clear();
}

void RoomGroups::Forget() {
  kept_.clear();
  unsettled_.clear();
  leaves_ = 0;
}

void RoomGroups::Remember(const RoomId& room, SharedGroup group) {
  leaves_ += group->tree().member_count();
  Kept& kept = kept_[room];
  if (kept.group != nullptr) leaves_ -= kept.group->tree().member_count();
  kept = {.group = std::move(group), .used = ++uses_};
  Trim();
}

void RoomGroups::Trim() {
  while (leaves_ > leaves_kept_ && kept_.size() > 1) {
    const auto oldest = std::min_element(kept_.begin(), kept_.end(),
                                         [](const auto& a, const auto& b) {
                                           return a.second.used < b.second.used;
                                         });
    leaves_ -= oldest->second.group->tree().member_count();
    kept_.erase(oldest);
  }
}

}  // namespace cordon::server
