#ifndef CORDON_CLIENT_CORE_OWN_IDENTITY_H_
#define CORDON_CLIENT_CORE_OWN_IDENTITY_H_

// This device as a leaf of MLS groups: its identity certificate as the
// credential, its inbox key as an extension, and what it is capable of.
//
// Threads: none.
// Errors: kFailedPrecondition before the device has joined; kDataLoss if what
// the vault holds does not fit together.

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/own_device.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/own_key_package.h"
#include "storage/vault/vault.h"

namespace cordon::client {

// What every cordon device can do: one suite, x509 credentials, our own
// extensions (crypto/policy/extension_types.h).
mls::Capabilities OwnCapabilities();

absl::StatusOr<mls::Identity> LoadIdentity(vault::Vault& vault,
                                           const OwnDevice& own);

// The lifetime of a key package made now: back-dated as certificates are, and
// never longer than the device's own certificate.
mls::Lifetime KeyPackageLifetime(const OwnDevice& own, absl::Time now);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_OWN_IDENTITY_H_
