#include "client/core/departures.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

static_assert(kDeparturesKeptMax * DeviceId::kBytes <= vault::kSettingBytesMax);

std::string SettingOf(RoomId room) {
  return absl::StrCat("departed/", ToHex(room.span()));
}

absl::Status Put(vault::VaultTxn& txn, RoomId room,
                 const std::vector<DeviceId>& departed) {
  if (departed.empty()) {
    return txn.identity().EraseSetting(SettingOf(room));
  }
  const size_t kept = std::min(departed.size(), kDeparturesKeptMax);
  Bytes all;
  for (size_t i = departed.size() - kept; i < departed.size(); ++i) {
    Append(all, departed[i].span());
  }
  const absl::Status put = txn.identity().PutSetting(SettingOf(room), all);
  // A room goes on whether or not there is a place to note this.
  return absl::IsResourceExhausted(put) ? absl::OkStatus() : put;
}

}  // namespace

std::vector<DeviceId> DevicesIn(const mls::RatchetTree& tree) {
  std::vector<DeviceId> devices;
  for (const mls::LeafIndex leaf : tree.Members()) {
    devices.push_back(tree.Member(leaf)->device);
  }
  return devices;
}

absl::Status NoteDepartures(vault::VaultTxn& txn, RoomId room,
                            const std::vector<DeviceId>& before,
                            const mls::RatchetTree& after) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<DeviceId> known,
                          DepartedFrom(txn, room));
  std::vector<DeviceId> departed = known;
  for (const DeviceId& device : before) {
    if (!after.FindDevice(device).has_value()) departed.push_back(device);
  }
  std::erase_if(departed, [&after](const DeviceId& device) {
    return after.FindDevice(device).has_value();
  });
  return departed == known ? absl::OkStatus() : Put(txn, room, departed);
}

absl::StatusOr<std::vector<DeviceId>> DepartedFrom(const vault::VaultTxn& txn,
                                                   RoomId room) {
  std::vector<DeviceId> departed;
  const absl::StatusOr<Bytes> setting =
      txn.identity().GetSetting(SettingOf(room));
  if (absl::IsNotFound(setting.status())) return departed;
  CORDON_RETURN_IF_ERROR(setting.status());
  for (size_t at = 0; at < setting->size(); at += DeviceId::kBytes) {
    CORDON_ASSIGN_OR_RETURN(
        const DeviceId device,
        DeviceId::Parse(ByteSpan(*setting).subspan(at, DeviceId::kBytes)));
    departed.push_back(device);
  }
  return departed;
}

absl::Status Recall(vault::VaultTxn& txn, RoomId room,
                    const std::vector<DeviceId>& devices) {
  CORDON_ASSIGN_OR_RETURN(std::vector<DeviceId> departed,
                          DepartedFrom(txn, room));
  const size_t erased =
      std::erase_if(departed, [&devices](const DeviceId& device) {
        return absl::c_linear_search(devices, device);
      });
  return erased == 0 ? absl::OkStatus() : Put(txn, room, departed);
}

}  // namespace cordon::client
