#include "server/core/revocation.h"

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/log.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain_verifier.h"
#include "server/core/follow_item.h"
#include "server/core/publications.h"
#include "server/core/removals.h"
#include "server/core/stored_chain.h"
#include "storage/relay/directory_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {
namespace {

constexpr size_t kRecheckPage = 256;

}  // namespace

absl::Status Revocation::Post(const sqlite::Transaction& txn,
                              const CrlItem& list) {
  CORDON_ASSIGN_OR_RETURN(const bool fresh,
                          parts_.trust->Adopt(txn, list, parts_.clock->Now()));
  if (!fresh) return absl::OkStatus();
  parts_.publications->Add(ToAll{list});
  DeviceId after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<relay::Device> devices,
                            ListDevices(list, after));
    if (devices.empty()) return absl::OkStatus();
    for (const relay::Device& device : devices) {
      after = device.id;
      CORDON_RETURN_IF_ERROR(parts_.removals->ProposeFor(txn, device.id));
      CORDON_ASSIGN_OR_RETURN(const bool refused, IsRefused(device));
      if (!refused) continue;
      LogInfo("revocation: refused device#", Alias(device.id.span()));
      CORDON_RETURN_IF_ERROR(
          parts_.stores->key_packages.DeleteOf(txn, device.id));
      parts_.publications->Add(DeviceRefused{device.id});
    }
  }
}

absl::StatusOr<std::vector<relay::Device>> Revocation::ListDevices(
    const CrlItem& list, const DeviceId& after) {
  relay::DirectoryStore& directory = parts_.stores->directory;
  if (list.issuing_certificate.empty()) {
    return directory.ListDevices(after, kRecheckPage);
  }
  CORDON_ASSIGN_OR_RETURN(const cert::Certificate issuing,
                          cert::Certificate::Parse(list.issuing_certificate));
  return directory.ListDevicesOf(issuing.org()->text(), after, kRecheckPage);
}

absl::StatusOr<bool> Revocation::IsRefused(const relay::Device& device) const {
  const cert::VerifyFor transport{.usage = cert::Usage::kTransport,
                                  .at = parts_.clock->Now(),
                                  .ignore_dates = true};
  cert::VerifyFor identity = transport;
  identity.usage = cert::Usage::kIdentity;
  CORDON_ASSIGN_OR_RETURN(const std::vector<Bytes> caller,
                          ReadStoredChain(device.transport_chain));
  CORDON_ASSIGN_OR_RETURN(const std::vector<Bytes> signer,
                          ReadStoredChain(device.identity_chain));
  const cert::ChainVerifier& verifier = *parts_.trust->verifier();
  return !verifier.Verify(ViewsOf(caller), transport).ok() ||
         !verifier.Verify(ViewsOf(signer), identity).ok();
}

}  // namespace cordon::server
