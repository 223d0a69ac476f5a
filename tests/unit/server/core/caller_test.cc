#include "server/core/caller.h"

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/cert/pem.h"
#include "crypto/cert/role.h"
#include "crypto/prim/hash.h"
#include "server/core/authz.h"
#include "server/core/rate_limit.h"
#include "tests/support/relay_rooms.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::server {
namespace {

using cert::Role;
using ::cordon::testing::IsOk;
using ::cordon::testing::RelayRooms;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;
using ::testing::Not;

class CallersTest : public ::testing::Test {
 protected:
  static Peer From(const std::string& address, const TestDevice& device) {
    const std::string pem = cert::CertificatesToPem(device.TransportChain());
    return {.pem_chain = pem,
            .chain_digest = Sha256(AsBytes(pem)),
            .address = address};
  }
  // A method that needs a certificate and no entry.
  absl::Status Identify(const Peer& peer) {
    return callers_.Identify(peer, Method::kEnter).status();
  }

  TestPki pki_{1};
  TestPki other_{2};
  RelayRooms relay_{&pki_};
  Callers callers_{&relay_.store()->directory, &relay_.trust(), &pki_.clock()};
  const TestDevice& alice_ =
      pki_.Device("fr.customs/alice/laptop", {Role::kOfficer});
  const TestDevice& bruno_ =
      pki_.Device("fr.customs/bruno/laptop", {Role::kOfficer});
  const TestDevice& stranger_ =
      other_.Device("fr.customs/alice/laptop", {Role::kOfficer});
};

TEST_F(CallersTest, NobodyIsWhoPresentsNothing) {
  EXPECT_THAT(Identify(Peer{.address = "a"}),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(CallersTest, CertificateForSigningIsNoneForCalling) {
  const std::string pem = cert::CertificatesToPem(alice_.IdentityChain());

  EXPECT_THAT(
      Identify({.pem_chain = pem, .chain_digest = Sha256(AsBytes(pem))}),
      Not(IsOk()));
}

TEST_F(CallersTest, CertificateThatEndsIsRefusedThoughItWasKnown) {
  ASSERT_OK(Identify(From("a", alice_)));

  pki_.clock().Advance(kCertificateLifetime + absl::Seconds(1));

  EXPECT_THAT(Identify(From("a", alice_)), Not(IsOk()));
}

TEST_F(CallersTest, WhoIsRevokedIsRefusedThoughItWasKnown) {
  ASSERT_OK(Identify(From("a", alice_)));

  ASSERT_OK(relay_.Revoke(alice_));

  EXPECT_THAT(Identify(From("a", alice_)),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(CallersTest, ChainsThatDoNotHoldAreProvenOnlySoOften) {
  ASSERT_OK(Identify(From("a", alice_)));
  const auto burst = static_cast<int>(RateLimits{}.burst);
  const absl::Status first = Identify(From("a", stranger_));
  ASSERT_FALSE(first.ok());
  for (int i = 1; i < burst; ++i) {
    ASSERT_EQ(Identify(From("a", stranger_)).code(), first.code());
  }

  EXPECT_THAT(Identify(From("a", stranger_)),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(Identify(From("a", bruno_)),
              StatusIs(absl::StatusCode::kResourceExhausted));
  // Who is known is not held up, nor who comes from elsewhere.
  EXPECT_OK(Identify(From("a", alice_)));
  EXPECT_OK(Identify(From("b", bruno_)));
  pki_.clock().Advance(absl::Seconds(1));
  EXPECT_EQ(Identify(From("a", stranger_)).code(), first.code());
}

}  // namespace
}  // namespace cordon::server
