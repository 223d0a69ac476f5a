#ifndef CORDON_TESTS_SUPPORT_TEST_PKI_H_
#define CORDON_TESTS_SUPPORT_TEST_PKI_H_

// A root, organisations and devices, each in a line:
//
//   TestPki pki;
//   const TestDevice& alice = pki.Device("fr.customs/alice/laptop",
//                                        {Role::kOfficer});
//   pki.Revoke(alice);
//
// Keys come from the seed, times from the clock (a FakeClock unless another is
// handed in). An organisation is made when one of its devices is first asked
// for. Everything returned lives as long as the pki. Failures stop the test
// program: a test that gets here asked for nonsense.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"

namespace cordon::testing {

// A device's two keys and certificates, and the chains that it presents.
struct TestDevice {
  cert::DeviceName name;
  Ed25519PrivateKey identity_key;
  Ed25519PrivateKey transport_key;
  cert::Certificate identity;
  cert::Certificate transport;
  cert::Certificate issuing;

  // Views into the certificates above.
  std::vector<ByteSpan> IdentityChain() const {
    return {identity.der(), issuing.der()};
  }
  std::vector<ByteSpan> TransportChain() const {
    return {transport.der(), issuing.der()};
  }
};

class TestPki {
 public:
  explicit TestPki(uint64_t seed = 1);
  TestPki(uint64_t seed, FakeClock clock);

  FakeClock& clock() { return clock_; }
  SeededRandom& random() { return random_; }
  cert::Making Now() { return {clock_.Now(), random_}; }

  const cert::RootIssuer& root() const { return *root_; }
  // Org makes the organisation if it is new.
  const cert::OrgIssuer& Org(absl::string_view name);
  // Device makes the device if it is new; of an old one, `roles` must be the
  // same.
  const TestDevice& Device(absl::string_view name,
                           const cert::RoleSet& roles = {});

  // Revoke puts both of a device's certificates on its organisation's list,
  // from now on; RevokeOrg an organisation's on the root's.
  void Revoke(const TestDevice& device);
  void RevokeOrg(absl::string_view name);

  // The newest lists: the root's first. Number 1 of each is empty.
  struct SignedList {
    cert::Crl crl;
    cert::Certificate issuer;
  };
  std::vector<SignedList> Lists();

  // A verifier that holds the newest lists.
  std::unique_ptr<cert::ChainVerifier> Verifier();

 private:
  struct Issued {
    std::unique_ptr<cert::OrgIssuer> issuer;
    cert::CrlContent revoked;
  };

  Issued& OrgEntry(absl::string_view name);
  cert::CrlContent EmptyList() const;

  FakeClock clock_;
  SeededRandom random_;
  std::unique_ptr<cert::RootIssuer> root_;
  cert::CrlContent root_revoked_;
  std::map<std::string, Issued, std::less<>> orgs_;
  std::map<std::string, TestDevice, std::less<>> devices_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_TEST_PKI_H_
