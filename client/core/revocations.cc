#include "client/core/revocations.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "client/core/admitting.h"
#include "client/core/command.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core/trust.h"
#include "client/core/vault_numbers.h"
#include "client/core/view/enrolment.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/log.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/name.h"
#include "crypto/cert/root_key_file.h"
#include "storage/vault/crl_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

Fingerprint KeyOf(const cert::Certificate& issuer) {
  return *Fingerprint::Parse(cert::IssuerIdOf(issuer.public_key()).span());
}

absl::StatusOr<std::optional<vault::Crl>> FindList(
    vault::Vault& vault, const cert::Certificate& issuer) {
  std::optional<vault::Crl> found;
  const absl::Status read =
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(found, txn.crls().Get(KeyOf(issuer)));
        return absl::OkStatus();
      });
  if (!absl::IsNotFound(read)) CORDON_RETURN_IF_ERROR(read);
  return found;
}

// The list after the one held: all of it, and these serials from now on.
absl::StatusOr<cert::CrlContent> NextList(const Parts& parts,
                                          const cert::Certificate& issuer,
                                          const std::set<cert::Serial>& more) {
  cert::CrlContent content{.number = kFirstCrl,
                           .this_update = parts.clock->Now(),
                           .next_update = issuer.validity().not_after,
                           .revocations = {}};
  CORDON_ASSIGN_OR_RETURN(const std::optional<vault::Crl> held,
                          FindList(*parts.vault, issuer));
  std::set<cert::Serial> fresh = more;
  if (held.has_value()) {
    CORDON_ASSIGN_OR_RETURN(const cert::Crl before,
                            cert::Crl::Parse(held->list, issuer));
    content.number = before.number().Next();
    content.revocations = before.Revocations();
    for (const cert::Revocation& known : content.revocations) {
      fresh.erase(known.serial);
    }
  } else if (!more.empty()) {
    content.number = kFirstCrl.Next();
  }
  for (const cert::Serial& serial : fresh) {
    content.revocations.push_back(
        {.serial = serial, .since = content.this_update});
  }
  return content;
}

// The transport certificate of a device that was certified here, if that is
// known: the directory shows identities only.
absl::StatusOr<std::optional<cert::Serial>> FindTransport(
    vault::Vault& vault, const DeviceId& device) {
  std::optional<cert::Serial> serial;
  const absl::Status read =
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            const Bytes stored,
            txn.identity().GetSetting(TransportSetting(device)));
        CORDON_ASSIGN_OR_RETURN(serial, cert::Serial::Parse(stored));
        return absl::OkStatus();
      });
  if (!absl::IsNotFound(read)) CORDON_RETURN_IF_ERROR(read);
  return serial;
}

Task<absl::Status> Post(Parts parts, CrlItem list) {
  const absl::StatusOr<Unit> posted = co_await Ask<Unit>([&](Done<Unit> done) {
    parts.relay->Revoke(std::move(list), std::move(done));
  });
  co_return posted.status();
}

absl::StatusOr<cert::RootIssuer> OpenRoot(const Parts& parts,
                                          const SecretBytes& passphrase) {
  const absl::StatusOr<Bytes> file = parts.root_key->Read();
  if (absl::IsNotFound(file.status())) {
    return absl::PermissionDeniedError(
        "this profile does not hold the root key; organisations are put out "
        "where the authority was created");
  }
  CORDON_RETURN_IF_ERROR(file.status());
  return cert::OpenRootKeyFile(*file, passphrase);
}

}  // namespace

// The list has left: a reason that does not fit does not take it back.
void Revocations::KeepReason(const client::Revoke& done) {
  if (done.reason.empty()) return;
  const absl::Status kept = parts_.vault->Update([&done](vault::VaultTxn& txn) {
    return txn.identity().PutSetting(RevocationReasonSetting(done.name),
                                     AsBytes(done.reason));
  });
  if (!kept.ok()) LogWarning("the reason of a revocation could not be kept");
}

Task<absl::StatusOr<RevokedView>> Revocations::Revoke(client::Revoke wanted,
                                                      uint64_t command) {
  parts_.events->Emit(
      Progress{.command = command, .stage = Stage::kAskingRelay});
  const absl::Status loaded = trust_->Load();
  if (!loaded.ok()) co_return loaded;
  if (!absl::StrContains(wanted.name, '/')) {
    co_return co_await RevokeOrganisation(std::move(wanted));
  }
  co_return co_await RevokeDevices(std::move(wanted));
}

Task<absl::StatusOr<RevokedView>> Revocations::RevokeOrganisation(
    client::Revoke wanted) {
  const absl::StatusOr<cert::OrgName> org = cert::OrgName::Parse(wanted.name);
  if (!org.ok()) co_return org.status();
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  if (own->name().org() == *org) {
    co_return absl::InvalidArgumentError(
        "an organisation does not put itself out");
  }
  const absl::StatusOr<cert::RootIssuer> root =
      OpenRoot(parts_, wanted.root_passphrase);
  if (!root.ok()) co_return root.status();
  const absl::StatusOr<std::vector<cert::VerifiedChain>> devices =
      co_await admitting_->ReadDirectory(wanted.name);
  if (!devices.ok()) co_return devices.status();
  std::set<cert::Serial> serials;
  for (const cert::VerifiedChain& chain : *devices) {
    serials.insert(chain.issuing().serial);
  }
  if (serials.empty()) {
    co_return absl::NotFoundError(
        absl::StrCat("no organisation ", wanted.name,
                     " stands in the directory; `cordon org list` shows all"));
  }
  const absl::StatusOr<cert::CrlContent> content =
      NextList(parts_, root->certificate(), serials);
  if (!content.ok()) co_return content.status();
  const absl::StatusOr<cert::Crl> list = root->SignCrl(*content);
  if (!list.ok()) co_return list.status();
  CrlItem item{.crl = list->der(), .issuing_certificate = {}};
  const absl::Status kept = trust_->TakeCrl(item);
  if (!kept.ok()) co_return kept;
  const absl::Status posted = co_await Post(parts_, std::move(item));
  if (!posted.ok()) co_return posted;
  KeepReason(wanted);
  co_return RevokedView{.names = {wanted.name}};
}

Task<absl::StatusOr<RevokedView>> Revocations::RevokeDevices(
    client::Revoke wanted) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  if (IsNamed(own->name(), wanted.name)) {
    co_return absl::InvalidArgumentError(
        absl::StrCat(own->name().text(),
                     " is this very device; a device does not put itself out"));
  }
  const std::string org = own->name().org().text();
  if (!own->issuer().has_value() ||
      !absl::StartsWith(wanted.name, absl::StrCat(org, "/"))) {
    co_return absl::PermissionDeniedError(
        "only a contact point puts out devices and users, and only its own "
        "organisation's");
  }
  const absl::StatusOr<std::vector<cert::VerifiedChain>> devices =
      co_await admitting_->ReadDirectory(org);
  if (!devices.ok()) co_return devices.status();
  RevokedView view;
  std::set<cert::Serial> serials;
  const cert::IssuerId self = cert::IssuerIdOf(own->issuing().public_key());
  for (const cert::VerifiedChain& chain : *devices) {
    if (!IsNamed(chain.device(), wanted.name)) continue;
    if (chain.leaf().issuer != self) {
      co_return absl::PermissionDeniedError(
          absl::StrCat(chain.device().text(),
                       " was certified by another contact point, who puts it "
                       "out"));
    }
    serials.insert(chain.leaf().serial);
    const absl::StatusOr<std::optional<cert::Serial>> transport =
        FindTransport(*parts_.vault, chain.device().id());
    if (!transport.ok()) co_return transport.status();
    if (transport->has_value()) serials.insert(**transport);
    if (chain.device() == own->name()) {
      serials.insert(own->transport().serial());
    }
    view.names.push_back(chain.device().text());
  }
  if (serials.empty()) {
    co_return absl::NotFoundError(
        absl::StrCat(wanted.name,
                     " is not in the directory; `cordon device list` shows "
                     "who is"));
  }
  const absl::StatusOr<cert::CrlContent> content =
      NextList(parts_, own->issuing(), serials);
  if (!content.ok()) co_return content.status();
  const absl::StatusOr<cert::Crl> list = own->issuer()->SignCrl(*content);
  if (!list.ok()) co_return list.status();
  CrlItem item{.crl = list->der(), .issuing_certificate = own->issuing().der()};
  const absl::Status kept = trust_->TakeCrl(item);
  if (!kept.ok()) co_return kept;
  const absl::Status posted = co_await Post(parts_, std::move(item));
  if (!posted.ok()) co_return posted;
  KeepReason(wanted);
  co_return view;
}

Task<absl::Status> Revocations::Publish() {
  const absl::Status loaded = trust_->Load();
  if (!loaded.ok()) co_return loaded;
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  // The root's list is this profile's to post where the root key lies.
  if (parts_.root_key->Read().ok()) {
    const absl::StatusOr<std::optional<vault::Crl>> held =
        FindList(*parts_.vault, own->root());
    if (!held.ok()) co_return held.status();
    if (held->has_value()) {
      CrlItem root_list{.crl = (*held)->list, .issuing_certificate = {}};
      const absl::Status posted = co_await Post(parts_, std::move(root_list));
      if (!posted.ok()) co_return posted;
    }
  }
  if (!own->issuer().has_value()) co_return absl::OkStatus();
  absl::StatusOr<std::optional<vault::Crl>> held =
      FindList(*parts_.vault, own->issuing());
  if (!held.ok()) co_return held.status();
  CrlItem item{.crl = {}, .issuing_certificate = own->issuing().der()};
  if (held->has_value()) {
    item.crl = (*held)->list;
  } else {
    const absl::StatusOr<cert::CrlContent> first =
        NextList(parts_, own->issuing(), {});
    if (!first.ok()) co_return first.status();
    const absl::StatusOr<cert::Crl> list = own->issuer()->SignCrl(*first);
    if (!list.ok()) co_return list.status();
    item.crl = list->der();
    const absl::Status kept = trust_->TakeCrl(item);
    if (!kept.ok()) co_return kept;
  }
  co_return co_await Post(parts_, std::move(item));
}

}  // namespace cordon::client
