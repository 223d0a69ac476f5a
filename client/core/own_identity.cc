#include "client/core/own_identity.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/own_device.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/suite.h"
#include "crypto/policy/extension_types.h"
#include "crypto/policy/inbox_key.h"
#include "crypto/prim/kem_x25519.h"
#include "crypto/prim/sign_ed25519.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

mls::Capabilities OwnCapabilities() {
  return {.versions = {mls::kMls10},
          .cipher_suites = {mls::kCipherSuite},
          .extensions = {policy::kRoomPolicyExtension,
                         policy::kInboxKeyExtension, policy::kTitlesExtension},
          .proposals = {},
          .credentials = {mls::kX509Credential}};
}

absl::StatusOr<mls::Identity> LoadIdentity(vault::Vault& vault,
                                           const OwnDevice& own) {
  std::optional<vault::OwnDevice> stored;
  CORDON_RETURN_IF_ERROR(
      vault.Read([&stored](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(stored, txn.identity().GetDevice());
        return absl::OkStatus();
      }));
  Ed25519PrivateKey signer = Ed25519PrivateKey::FromSeed(stored->identity_seed);
  if (signer.public_key() != own.identity().public_key()) {
    return absl::DataLossError(
        "this profile's identity key is not its certificate's; restore a "
        "backup or join again");
  }
  return mls::Identity{
      .credential = cert::X509CredentialOf(own.identity(), own.issuing()),
      .capabilities = OwnCapabilities(),
      .leaf_extensions = {policy::InboxKeyExtension(
          X25519PublicOf(stored->inbox_key))},
      .signer = std::move(signer)};
}

mls::Lifetime KeyPackageLifetime(const OwnDevice& own, absl::Time now) {
  const absl::Time ends =
      std::min(now + kKeyPackageLifetime, own.identity().validity().not_after);
  return {.not_before_s = static_cast<uint64_t>(
              absl::ToUnixSeconds(now - kCertificateBackdate)),
          .not_after_s = static_cast<uint64_t>(absl::ToUnixSeconds(ends))};
}

}  // namespace cordon::client
