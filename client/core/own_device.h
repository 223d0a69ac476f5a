#ifndef CORDON_CLIENT_CORE_OWN_DEVICE_H_
#define CORDON_CLIENT_CORE_OWN_DEVICE_H_

// This device as its vault has it: name, keys, certificates, its relay and the
// root it trusts. Exists only once the device has joined.
//
// Threads: read-only once made.
// Errors: kFailedPrecondition before the device has joined; kDataLoss if what
// the vault holds does not fit together.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/relay.h"
#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/vault.h"

namespace cordon::client {

class OwnDevice {
 public:
  static absl::StatusOr<OwnDevice> Load(vault::Vault& vault);

  const cert::DeviceName& name() const { return identity_.device().value(); }
  const cert::RoleSet& roles() const { return identity_.roles(); }
  const cert::Certificate& root() const { return root_; }
  const cert::Certificate& identity() const { return identity_; }
  const cert::Certificate& transport() const { return transport_; }
  const cert::Certificate& issuing() const { return issuing_; }
  const cert::Pin& pin() const { return pin_; }
  const std::string& relay_address() const { return relay_address_; }
  // There on a contact point's device.
  const std::optional<cert::OrgIssuer>& issuer() const { return issuer_; }

  // What the relay needs to know us by.
  ConnectCall Connection() const;
  std::vector<Bytes> IdentityChain() const;
  std::vector<Bytes> TransportChain() const;

 private:
  OwnDevice(cert::Certificate root, cert::Certificate identity,
            cert::Certificate transport, cert::Certificate issuing,
            Ed25519PrivateKey transport_key);

  cert::Certificate root_;
  cert::Certificate identity_;
  cert::Certificate transport_;
  cert::Certificate issuing_;
  Ed25519PrivateKey transport_key_;
  std::optional<cert::OrgIssuer> issuer_;
  cert::Pin pin_;
  std::optional<cert::Pin> next_pin_;
  std::string relay_address_;
};

// CheckNotJoined is kFailedPrecondition, naming the device, if the profile
// belongs to one.
absl::Status CheckNotJoined(vault::Vault& vault);
// FindEnrolment gives the enrolment in progress, if there is one.
absl::StatusOr<std::optional<vault::Enrolment>> FindEnrolment(
    vault::Vault& vault);

// What a device starts with, stored in one transaction that also ends the
// enrolment which led here.
struct NewDevice {
  cert::Certificate root;
  cert::Certificate issuing;
  cert::Certificate identity;
  cert::Certificate transport;
  std::string relay_address;
  cert::Pin pin;
};
absl::Status StoreNewDevice(vault::Vault& vault, const NewDevice& device,
                            const cert::JoinKeys& keys, RandomSource& random);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_OWN_DEVICE_H_
