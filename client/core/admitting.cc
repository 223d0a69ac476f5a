#include "client/core/admitting.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/core/commits.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/name.h"
#include "crypto/mls/group.h"
#include "crypto/mls/key_package.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"

namespace cordon::client {

std::vector<std::string> Sentences(const std::vector<LeftOut>& left_out) {
  std::vector<std::string> sentences;
  sentences.reserve(left_out.size());
  for (const LeftOut& one : left_out) {
    sentences.push_back(absl::StrCat(one.device.text(), " ", one.why));
  }
  return sentences;
}

absl::Status CheckKnown(const std::vector<std::string>& names,
                        const std::vector<cert::VerifiedChain>& devices) {
  for (const std::string& name : names) {
    const bool known = std::any_of(devices.begin(), devices.end(),
                                   [&name](const cert::VerifiedChain& chain) {
                                     return IsNamed(chain.device(), name);
                                   });
    if (!known) {
      return absl::NotFoundError(absl::StrCat(
          name,
          " has no device that is known to the relay; nothing was changed"));
    }
  }
  return absl::OkStatus();
}

bool IsNamed(const cert::DeviceName& device, absl::string_view name) {
  return device.org().text() == name || device.owner().text() == name ||
         device.text() == name;
}

Task<absl::StatusOr<std::vector<cert::VerifiedChain>>> Admitting::ReadDirectory(
    std::string organisation) {
  const absl::Status loaded = tools_.trust->Load();
  if (!loaded.ok()) co_return loaded;
  std::vector<cert::VerifiedChain> devices;
  DeviceId after;
  while (true) {
    const absl::StatusOr<DevicePage> page =
        co_await Ask<DevicePage>([&](Done<DevicePage> done) {
          parts_.relay->ListDevices(after, organisation, std::move(done));
        });
    if (!page.ok()) co_return page.status();
    for (const DeviceRow& row : page->devices) {
      const std::vector<ByteSpan> chain(row.identity.begin(),
                                        row.identity.end());
      absl::StatusOr<cert::VerifiedChain> verified =
          tools_.trust->verifier().Verify(
              chain,
              {.usage = cert::Usage::kIdentity, .at = parts_.clock->Now()});
      // Whose chain does not hold is nobody; `cordon device list` shows it.
      if (verified.ok() && verified->device().id() == row.device) {
        devices.push_back(*std::move(verified));
      }
    }
    // A page that brings nothing new would be asked for again for ever.
    if (!page->more || page->devices.empty() ||
        page->devices.back().device <= after) {
      break;
    }
    after = page->devices.back().device;
  }
  std::sort(devices.begin(), devices.end(),
            [](const cert::VerifiedChain& a, const cert::VerifiedChain& b) {
              return a.device() < b.device();
            });
  co_return devices;
}

absl::StatusOr<std::vector<cert::VerifiedChain>> Admitting::Select(
    RoomId room, std::vector<cert::VerifiedChain> devices, Admitted& admitted) {
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts_.vault));
  CORDON_ASSIGN_OR_RETURN(const mls::Group* const group,
                          tools_.shelf->Find(room));
  CORDON_ASSIGN_OR_RETURN(const policy::RoomPolicy rules,
                          policy::PolicyOf(group->context().extensions));
  const policy::Party self{.device = own.name(), .roles = own.roles()};
  std::vector<cert::VerifiedChain> selected;
  for (cert::VerifiedChain& chain : devices) {
    const cert::DeviceName& device = chain.device();
    if (group->tree().FindDevice(device.id()).has_value()) continue;
    if (!policy::MayBeMember(rules, device)) {
      admitted.left_out.push_back(
          {device, "may not be in a room of this kind"});
      continue;
    }
    if (!policy::MayAdmit(rules, self, device)) {
      admitted.left_out.push_back(
          {device, "cannot be admitted by this device"});
      continue;
    }
    const absl::Status admissible =
        tools_.trust->verifier().CheckAdmissible(chain, parts_.clock->Now());
    if (!admissible.ok()) {
      admitted.left_out.push_back(
          {device,
           absl::StrCat("cannot be admitted now: ", admissible.message())});
      continue;
    }
    selected.push_back(std::move(chain));
  }
  return selected;
}

std::optional<std::string> Admitting::Check(
    const ClaimedKeyPackage& claimed, const mls::Group& group,
    std::vector<Joiner>& joiners) const {
  if (claimed.key_package.empty()) return "has no key package yet";
  absl::StatusOr<mls::KeyPackage> package =
      mls::ParseKeyPackage(claimed.key_package);
  if (!package.ok()) return "has a key package that does not parse";
  const absl::StatusOr<DeviceId> device = mls::ValidateKeyPackage(
      *package, {.group_extensions = group.context().extensions,
                 .checker = tools_.trust->checker(),
                 .at = tools_.trust->services().Entering()});
  if (!device.ok()) {
    return absl::StrCat("has a key package that does not hold: ",
                        device.status().message());
  }
  if (*device != claimed.device) {
    return "was given another device's key package by the relay";
  }
  joiners.push_back({.device = *device, .key_package = *std::move(package)});
  return std::nullopt;
}

Task<absl::Status> Admitting::AdmitBatch(RoomId room,
                                         std::vector<cert::VerifiedChain> batch,
                                         Admitted* admitted) {
  std::vector<DeviceId> ids;
  ids.reserve(batch.size());
  for (const cert::VerifiedChain& chain : batch) {
    ids.push_back(chain.device().id());
  }
  const absl::StatusOr<std::vector<ClaimedKeyPackage>> claimed =
      co_await Ask<std::vector<ClaimedKeyPackage>>(
          [&](Done<std::vector<ClaimedKeyPackage>> done) {
            parts_.relay->ClaimKeyPackages(room, ids, std::move(done));
          });
  if (!claimed.ok()) co_return claimed.status();
  if (claimed->size() != ids.size()) {
    co_return absl::InvalidArgumentError(
        "the relay answered for other devices than it was asked for");
  }
  const absl::StatusOr<mls::Group*> group = tools_.shelf->Find(room);
  if (!group.ok()) co_return group.status();
  RoomChange change;
  for (size_t i = 0; i < batch.size(); ++i) {
    // Asked in this order, whatever the answer says.
    ClaimedKeyPackage one = claimed->at(i);
    one.device = ids[i];
    std::optional<std::string> why = Check(one, **group, change.adds);
    if (why.has_value()) {
      admitted->left_out.push_back({batch[i].device(), *std::move(why)});
    }
  }
  if (change.adds.empty()) co_return absl::OkStatus();
  const absl::StatusOr<RoomChanged> changed =
      co_await commits_->Change(room, std::move(change));
  if (!changed.ok()) co_return changed.status();
  for (const cert::VerifiedChain& chain : batch) {
    if (std::find(changed->added.begin(), changed->added.end(),
                  chain.device().id()) != changed->added.end()) {
      admitted->devices.push_back(chain.device());
    }
  }
  co_return absl::OkStatus();
}

Task<absl::StatusOr<Admitted>> Admitting::Admit(
    RoomId room, std::vector<cert::VerifiedChain> devices, uint64_t command) {
  const absl::Status loaded = tools_.trust->Load();
  if (!loaded.ok()) co_return loaded;
  // Before anybody's key packages are spent.
  const absl::Status stays = commits_->CheckStays(room);
  if (!stays.ok()) co_return stays;
  Admitted admitted;
  absl::StatusOr<std::vector<cert::VerifiedChain>> selected =
      Select(room, std::move(devices), admitted);
  if (!selected.ok()) co_return selected.status();
  const size_t total = selected->size();
  for (size_t from = 0; from < total; from += adds_max_) {
    if (command != 0) {
      parts_.events->Emit(Progress{.command = command,
                                   .stage = Stage::kClaimingKeys,
                                   .done = from,
                                   .total = total});
    }
    const size_t to = std::min(total, from + adds_max_);
    std::vector<cert::VerifiedChain> batch(
        std::make_move_iterator(selected->begin() +
                                static_cast<std::ptrdiff_t>(from)),
        std::make_move_iterator(selected->begin() +
                                static_cast<std::ptrdiff_t>(to)));
    const absl::Status done =
        co_await AdmitBatch(room, std::move(batch), &admitted);
    if (!done.ok()) co_return done;
  }
  co_return admitted;
}

}  // namespace cordon::client
