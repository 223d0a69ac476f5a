#include "server/core/fanout.h"

#include <algorithm>
#include <cstddef>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "crypto/base/id.h"
#include "crypto/base/mutex.h"
#include "crypto/base/number.h"
#include "server/core/counters.h"
#include "server/core/follow_item.h"
#include "server/core/follower.h"
#include "server/core/publications.h"

namespace cordon::server {
namespace {

const LogEntry* EntryOf(const Publication& publication) {
  const auto* const appended = std::get_if<EntryAppended>(&publication);
  return appended == nullptr ? nullptr : &appended->entry;
}

// How many publications, from the first, are entries of one room.
size_t RunOfEntries(absl::Span<const Publication> publications) {
  const LogEntry* const first = EntryOf(publications.front());
  if (first == nullptr) return 0;
  size_t run = 1;
  while (run < publications.size()) {
    const LogEntry* const next = EntryOf(publications[run]);
    if (next == nullptr || next->room != first->room) break;
    ++run;
  }
  return run;
}

}  // namespace

void Fanout::Announce(Follower* follower, const DeviceId& device) {
  MutexLock lock(&mu_);
  AnnounceLocked(follower, device);
}

void Fanout::AnnounceLocked(Follower* follower, const DeviceId& device) {
  Follower* const older = StreamOfLocked(device);
  if (older != nullptr && older != follower) {
    DetachLocked(older);
    older->End(absl::AbortedError("this device opened another stream"));
  }
  followers_[follower].device = device;
  devices_[device] = follower;
}

void Fanout::Add(Follower* follower, const DeviceId& device,
                 absl::Span<const Place> places) {
  MutexLock lock(&mu_);
  AnnounceLocked(follower, device);
  followers_[follower].live = true;
  for (const Place& place : places) SubscribeLocked(follower, place);
}

void Fanout::Remove(Follower* follower) {
  MutexLock lock(&mu_);
  if (!followers_.contains(follower)) return;
  DetachLocked(follower);
  followers_.erase(follower);
}

void Fanout::Publish(absl::Span<const Publication> publications) {
  {
    MutexLock lock(&mu_);
    PublishLocked(publications);
  }
  line_.Lead();
}

void Fanout::PublishLocked(absl::Span<const Publication> publications) {
  while (!publications.empty()) {
    const size_t run = RunOfEntries(publications);
    ProcessCounters().entries_appended += run;
    if (run > 0) {
      PublishEntriesLocked(publications.subspan(0, run));
    } else {
      PublishOneLocked(publications.front());
    }
    publications.remove_prefix(std::max<size_t>(run, 1));
  }
}

void Fanout::PublishEntriesLocked(absl::Span<const Publication> entries) {
  const auto room = rooms_.find(EntryOf(entries.front())->room);
  if (room == rooms_.end()) return;
  std::vector<SharedItem> items;
  items.reserve(entries.size());
  for (const Publication& publication : entries) {
    items.push_back(encoder_->EncodeEntry(*EntryOf(publication)));
  }
  const LogSeq first = EntryOf(entries.front())->seq;
  const LogSeq last = EntryOf(entries.back())->seq;
  for (Subscription& subscription : room->second) {
    if (subscription.given >= last) continue;
    const size_t skip = subscription.given < first
                            ? 0
                            : subscription.given.value - first.value + 1;
    subscription.given = last;
    OfferLocked(subscription.follower,
                absl::MakeConstSpan(items).subspan(skip));
  }
}

void Fanout::PublishOneLocked(const Publication& publication) {
  if (const auto* one = std::get_if<ToDevice>(&publication)) {
    OfferToDeviceLocked(one->device, one->item);
  } else if (const auto* all = std::get_if<ToAll>(&publication)) {
    const SharedItem item = encoder_->Encode(all->item);
    for (const auto& [follower, followed] : followers_) {
      if (followed.live) OfferLocked(follower, absl::MakeConstSpan(&item, 1));
    }
  } else if (const auto* joined = std::get_if<DeviceJoined>(&publication)) {
    if (Follower* const follower = FollowerOfLocked(joined->device)) {
      SubscribeLocked(follower, {joined->room, joined->since});
    }
  } else if (const auto* left = std::get_if<DeviceLeft>(&publication)) {
    if (Follower* const follower = FollowerOfLocked(left->device)) {
      UnsubscribeLocked(follower, left->room);
      OfferToDeviceLocked(left->device, RoomLeftItem{left->room});
    }
  } else if (const auto* gone = std::get_if<DeviceRefused>(&publication)) {
    if (Follower* const follower = StreamOfLocked(gone->device)) {
      DetachLocked(follower);
      follower->End(absl::PermissionDeniedError(
          "the certificate of this device was revoked"));
    }
  }
}

void Fanout::OfferToDeviceLocked(const DeviceId& device,
                                 const FollowItem& item) {
  Follower* const follower = FollowerOfLocked(device);
  if (follower == nullptr) return;
  const SharedItem encoded = encoder_->Encode(item);
  OfferLocked(follower, absl::MakeConstSpan(&encoded, 1));
}

void Fanout::OfferLocked(Follower* follower,
                         absl::Span<const SharedItem> items) {
  if (follower->Offer(items)) line_.Join(follower);
}

void Fanout::SubscribeLocked(Follower* follower, const Place& place) {
  std::vector<Subscription>& subscriptions = rooms_[place.room];
  for (Subscription& subscription : subscriptions) {
    if (subscription.follower != follower) continue;
    subscription.given = std::max(subscription.given, place.given);
    return;
  }
  subscriptions.push_back({follower, place.given});
  followers_[follower].rooms.push_back(place.room);
}

void Fanout::UnsubscribeLocked(Follower* follower, const RoomId& room) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return;
  std::erase_if(found->second, [follower](const Subscription& subscription) {
    return subscription.follower == follower;
  });
  if (found->second.empty()) rooms_.erase(found);
  std::erase(followers_[follower].rooms, room);
}

void Fanout::DetachLocked(Follower* follower) {
  Followed& followed = followers_[follower];
  const std::vector<RoomId> rooms = followed.rooms;
  for (const RoomId& room : rooms) UnsubscribeLocked(follower, room);
  const auto device = devices_.find(followed.device);
  if (device != devices_.end() && device->second == follower) {
    devices_.erase(device);
  }
}

Follower* Fanout::StreamOfLocked(const DeviceId& device) {
  const auto found = devices_.find(device);
  return found == devices_.end() ? nullptr : found->second;
}

Follower* Fanout::FollowerOfLocked(const DeviceId& device) {
  Follower* const stream = StreamOfLocked(device);
  return stream != nullptr && followers_[stream].live ? stream : nullptr;
}

void Fanout::Tick() {
  MutexLock lock(&mu_);
  for (const auto& [follower, followed] : followers_) follower->Tick();
}

void Fanout::EndAll(const absl::Status& why) {
  MutexLock lock(&mu_);
  for (const auto& [follower, followed] : followers_) follower->End(why);
}

size_t Fanout::size() const {
  MutexLock lock(&mu_);
  return followers_.size();
}

}  // namespace cordon::server
