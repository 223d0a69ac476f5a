#include "server/core/directory.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "server/core/caller.h"
#include "server/core/rooms.h"
#include "server/core/stored_chain.h"
#include "storage/relay/directory_store.h"
#include "storage/relay/key_package_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {
namespace {

// Which organisation's devices an answer may hold; empty: all.
absl::StatusOr<std::string> Shown(const Caller& caller,
                                  const std::string& organisation) {
  if (!SeesOwnOnly(caller)) return organisation;
  const cert::OrgName& own = caller.name.org();
  if (organisation.empty() || organisation == own.text()) return own.text();
  return absl::PermissionDeniedError(
      "a rights holder's or platform's device may list its own organisation "
      "only");
}

}  // namespace

absl::StatusOr<DirectoryPage> Directory::List(const Caller& caller,
                                              const std::string& organisation,
                                              const DeviceId& after) {
  CORDON_ASSIGN_OR_RETURN(const std::string shown, Shown(caller, organisation));
  relay::DirectoryStore& directory = parts_.stores->directory;
  CORDON_ASSIGN_OR_RETURN(
      const std::vector<relay::Device> devices,
      shown.empty() ? directory.ListDevices(after, kDevicesPage)
                    : directory.ListDevicesOf(shown, after, kDevicesPage));
  DirectoryPage page;
  page.more = devices.size() == kDevicesPage;
  for (const relay::Device& device : devices) {
    DirectoryRow row{.device = device.id, .since = device.since};
    CORDON_ASSIGN_OR_RETURN(row.identity,
                            ReadStoredChain(device.identity_chain));
    CORDON_ASSIGN_OR_RETURN(
        const relay::KeyPackageCounts counts,
        parts_.stores->key_packages.Counts(device.id, parts_.clock->Now()));
    row.key_packages = counts.unclaimed;
    page.rows.push_back(std::move(row));
  }
  return page;
}

PublishTask Directory::BeginPublish(
    const Caller& caller, std::vector<KeyPackageInput> packages) const {
  return {.packages = std::move(packages),
          .caller = caller.device,
          .verifier = parts_.trust->verifier(),
          .now = parts_.clock->Now()};
}

absl::StatusOr<uint64_t> Directory::Publish(
    const sqlite::Transaction& txn, const Caller& caller,
    const std::vector<KeyPackageInput>& packages) {
  for (const KeyPackageInput& package : packages) {
    CORDON_RETURN_IF_ERROR(parts_.stores->key_packages.Publish(
        txn, {.device = caller.device,
              .ref = package.reference,
              .expires = package.expires,
              .last_resort = package.last_resort,
              .package = package.key_package}));
  }
  CORDON_ASSIGN_OR_RETURN(
      const relay::KeyPackageCounts counts,
      parts_.stores->key_packages.Counts(caller.device, parts_.clock->Now()));
  return counts.unclaimed;
}

absl::Status Directory::CheckMayClaim(const Caller& caller, const RoomId& room,
                                      const std::vector<DeviceId>& devices) {
  std::vector<std::string> names;
  absl::Status missing;
  for (const DeviceId& device : devices) {
    absl::StatusOr<relay::Device> row =
        parts_.stores->directory.FindDevice(device);
    if (absl::IsNotFound(row.status())) {
      missing = row.status();
      continue;
    }
    CORDON_RETURN_IF_ERROR(row.status());
    names.push_back(std::move(row->name));
  }
  // First: whoever may claim nothing is not told who is there.
  CORDON_RETURN_IF_ERROR(parts_.rooms->CheckMayClaim(caller, room, names));
  if (missing.ok() || !SeesOwnOnly(caller)) return missing;
  return absl::PermissionDeniedError(
      "the room's policy does not let this device admit that one");
}

absl::StatusOr<std::vector<ClaimedPackage>> Directory::Claim(
    const sqlite::Transaction& txn, const Caller& caller, const RoomId& room,
    const std::vector<DeviceId>& devices) {
  CORDON_RETURN_IF_ERROR(CheckMayClaim(caller, room, devices));
  const absl::Time now = parts_.clock->Now();
  // All or nothing: half of a claim would be spent, and the next try fail too.
  const std::string claimer = ToHex(caller.device.span());
  CORDON_RETURN_IF_ERROR(parts_.claims->Check(claimer, now, devices.size()));
  std::vector<ClaimedPackage> claimed;
  for (const DeviceId& device : devices) {
    absl::StatusOr<relay::ClaimedKeyPackage> package =
        parts_.stores->key_packages.Claim(txn, device, now);
    ClaimedPackage out{.device = device};
    if (package.ok()) {
      out.key_package = std::move(package->package);
      out.last_resort = package->last_resort;
    } else if (!absl::IsNotFound(package.status())) {
      return package.status();
    }
    claimed.push_back(std::move(out));
  }
  // Whoever has none yet is asked for again and again, and costs nobody any.
  const auto given = static_cast<size_t>(std::count_if(
      claimed.begin(), claimed.end(),
      [](const ClaimedPackage& one) { return !one.key_package.empty(); }));
  CORDON_RETURN_IF_ERROR(
      parts_.claims->Take(claimer, now, std::max<size_t>(given, 1)));
  return claimed;
}

}  // namespace cordon::server
