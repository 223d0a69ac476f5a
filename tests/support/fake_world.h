#ifndef CORDON_TESTS_SUPPORT_FAKE_WORLD_H_
#define CORDON_TESTS_SUPPORT_FAKE_WORLD_H_

// What all clients of one relay in memory see (fake_relay.h). Tests look into
// it, and may change what a relay could change.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/delivery_types.h"
#include "client/core/relay_types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/mls/credential.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/fake_blobs.h"
#include "tests/support/fake_rooms.h"

namespace cordon::testing {

struct RelayWorld {
  struct Invited {
    Bytes public_key;
    absl::Time expires;
    bool for_organisation = false;
    client::InvitationState state = client::InvitationState::kOpen;
    cert::DeviceName inviter;
    Bytes request;
    Bytes answer;
  };
  struct KeyPackages {
    std::vector<client::KeyPackageUpload> fresh;
    std::optional<client::KeyPackageUpload> last_resort;
    std::set<Bytes> seen;  // references, the claimed ones too
  };
  struct RevocationList {
    client::CrlItem list;
    uint64_t number = 0;
  };

  const Clock* clock = nullptr;
  std::string setup_code = "right-code";
  cert::Pin pin;
  Bytes root;  // empty: not set up
  std::map<InvitationId, Invited> invitations;
  std::map<DeviceId, client::DeviceRow> devices;
  std::map<DeviceId, KeyPackages> key_packages;
  std::map<Fingerprint, RevocationList> crls;  // by issuer
  FakeRooms rooms;
  FakeBlobs blobs;
  // The key of the relay's own proposals.
  Ed25519PrivateKey mls_key = Ed25519PrivateKey::FromSeed(Ed25519Seed());
  // Who verifies MLS credentials; null: X.509, to `root`.
  const mls::CredentialChecker* checker = nullptr;

  // Call says who calls: kPermissionDenied if its certificate is revoked.
  absl::StatusOr<FakeCall> Call(const client::ConnectCall& connection);
  absl::Status Revoke(const client::CrlItem& list);
  absl::StatusOr<uint64_t> Publish(
      const DeviceId& device,
      const std::vector<client::KeyPackageUpload>& packages);
  client::ClaimedKeyPackage Claim(const DeviceId& device);

 private:
  // Made when the root is known.
  std::unique_ptr<cert::ChainVerifier> verifier_;
  std::unique_ptr<cert::X509CredentialChecker> x509_;

  absl::StatusOr<cert::ChainVerifier*> Verifier();
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAKE_WORLD_H_
