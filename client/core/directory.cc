#include "client/core/directory.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "client/core/command.h"
#include "client/core/content.h"
#include "client/core/event.h"
#include "client/core/model/operation.h"
#include "client/core/parts.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core/trust.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "storage/vault/directory_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr char kRevoked[] = "was revoked";

absl::StatusOr<cert::VerifiedChain> Prove(const DeviceRow& row,
                                          const cert::Certificate& root) {
  const std::vector<ByteSpan> chain(row.identity.begin(), row.identity.end());
  CORDON_ASSIGN_OR_RETURN(cert::VerifiedChain proven,
                          cert::VerifiedChain::Prove(root, chain));
  CORDON_RETURN_IF_ERROR(proven.CheckUsage(cert::Usage::kIdentity));
  return proven;
}

// Whoever has expired or was revoked is still called by the name proven.
DeviceView ViewOf(const DeviceRow& row, const cert::ChainVerifier& verifier,
                  absl::Time now) {
  DeviceView view{.since = row.since};
  const absl::StatusOr<cert::VerifiedChain> proven =
      Prove(row, verifier.root());
  if (!proven.ok()) {
    view.name = absl::StrCat("device ", ToHex(row.device.span()).substr(0, 12));
    view.trouble = std::string(proven.status().message());
    return view;
  }
  view.name = proven->device().text();
  for (const cert::Role role : proven->roles().List()) {
    view.roles.emplace_back(cert::RoleName(role));
  }
  const absl::Status stands = verifier.Recheck(*proven, now);
  view.trouble = absl::IsPermissionDenied(stands)
                     ? kRevoked
                     : std::string(stands.message());
  if (proven->device().id() != row.device) {
    view.trouble = "the relay lists it under another device's id";
  }
  return view;
}

// The reason that was given here for the device, its user or its organisation.
absl::Status AddReason(const vault::VaultTxn& txn, DeviceView& view) {
  const absl::StatusOr<cert::DeviceName> name =
      cert::DeviceName::Parse(view.name);
  if (!name.ok()) return absl::OkStatus();
  for (const std::string& put_out :
       {name->text(), name->owner().text(), name->org().text()}) {
    const absl::StatusOr<Bytes> reason =
        txn.identity().GetSetting(RevocationReasonSetting(put_out));
    if (absl::IsNotFound(reason.status())) continue;
    CORDON_RETURN_IF_ERROR(reason.status());
    view.trouble = absl::StrCat(kRevoked, ": ", ToString(*reason));
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status FillTitles(const vault::VaultTxn& txn, OperationId operation,
                        std::map<std::string, OrganisationView>& all) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Participant> rows,
                          txn.directory().ListParticipants(operation));
  for (const vault::Participant& row : rows) {
    const auto known = all.find(row.organisation);
    if (known == all.end()) continue;
    CORDON_ASSIGN_OR_RETURN(const Participant said,
                            ParseParticipant(row.profile));
    known->second.title = said.title;
    known->second.country = said.country;
    known->second.region = said.region;
  }
  return absl::OkStatus();
}

}  // namespace

Task<absl::StatusOr<DevicesView>> Directory::List(client::ListDevices wanted) {
  const absl::Status loaded = trust_->Load();
  if (!loaded.ok()) co_return loaded;
  if (!wanted.organisation.empty()) {
    const absl::StatusOr<cert::OrgName> org =
        cert::OrgName::Parse(wanted.organisation);
    if (!org.ok()) co_return org.status();
  }
  DevicesView view;
  DeviceId after;
  while (true) {
    const absl::StatusOr<DevicePage> page =
        co_await Ask<DevicePage>([&](Done<DevicePage> done) {
          parts_.relay->ListDevices(after, wanted.organisation,
                                    std::move(done));
        });
    if (!page.ok()) co_return page.status();
    for (const DeviceRow& row : page->devices) {
      view.devices.push_back(
          ViewOf(row, trust_->verifier(), parts_.clock->Now()));
    }
    // A page that brings nothing new would be asked for again for ever.
    if (!page->more || page->devices.empty() ||
        page->devices.back().device <= after) {
      break;
    }
    after = page->devices.back().device;
  }
  const absl::Status told =
      parts_.vault->Read([&view](const vault::VaultTxn& txn) -> absl::Status {
        for (DeviceView& device : view.devices) {
          if (device.trouble != kRevoked) continue;
          CORDON_RETURN_IF_ERROR(AddReason(txn, device));
        }
        return absl::OkStatus();
      });
  if (!told.ok()) co_return told;
  std::sort(
      view.devices.begin(), view.devices.end(),
      [](const DeviceView& a, const DeviceView& b) { return a.name < b.name; });
  co_return view;
}

Task<absl::StatusOr<OrganisationsView>> Directory::Organisations() {
  client::ListDevices everybody;
  const absl::StatusOr<DevicesView> devices =
      co_await List(std::move(everybody));
  if (!devices.ok()) co_return devices.status();
  std::map<std::string, OrganisationView> all;
  for (const DeviceView& device : devices->devices) {
    const absl::StatusOr<cert::DeviceName> name =
        cert::DeviceName::Parse(device.name);
    if (!name.ok() || !device.trouble.empty()) continue;
    OrganisationView& view = all[name->org().text()];
    view.name = name->org().text();
    ++view.devices;
  }
  const absl::Status read =
      parts_.vault->Read([&all](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Operation> operations,
                                txn.rooms().ListOperations());
        for (const vault::Operation& operation : operations) {
          CORDON_RETURN_IF_ERROR(FillTitles(txn, operation.id, all));
        }
        return absl::OkStatus();
      });
  if (!read.ok()) co_return read;
  OrganisationsView view;
  for (auto& [name, one] : all) view.organisations.push_back(std::move(one));
  co_return view;
}

Task<absl::StatusOr<UsersView>> Directory::Users(ListUsers wanted) {
  client::ListDevices of;
  of.organisation = std::move(wanted.organisation);
  const absl::StatusOr<DevicesView> devices = co_await List(std::move(of));
  if (!devices.ok()) co_return devices.status();
  std::map<std::string, UserView> all;
  for (const DeviceView& device : devices->devices) {
    const absl::StatusOr<cert::DeviceName> name =
        cert::DeviceName::Parse(device.name);
    if (!name.ok() || !device.trouble.empty()) continue;
    UserView& view = all[name->owner().text()];
    view.name = name->owner().text();
    view.roles.insert(view.roles.end(), device.roles.begin(),
                      device.roles.end());
    ++view.devices;
  }
  UsersView view;
  for (auto& [name, one] : all) {
    std::sort(one.roles.begin(), one.roles.end());
    one.roles.erase(std::unique(one.roles.begin(), one.roles.end()),
                    one.roles.end());
    view.users.push_back(std::move(one));
  }
  co_return view;
}

}  // namespace cordon::client
