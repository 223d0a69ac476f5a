#include "crypto/cert/csr.h"

#include <openssl/x509.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/name.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/profile.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

class CsrTest : public ::testing::Test {
 protected:
  DeviceName alice_ = *DeviceName::Parse("fr.customs/alice/laptop");
  SeededRandom random_{1};
  Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate(random_);
};

TEST_F(CsrTest, ADevicesRequestReadsBack) {
  for (const Usage usage : {Usage::kIdentity, Usage::kTransport}) {
    const Csr made = Csr::ForDevice(usage, alice_, key_);

    ASSERT_OK_AND_ASSIGN(const Csr read, Csr::Parse(made.der()));

    EXPECT_EQ(read.usage(), usage);
    EXPECT_EQ(read.device(), alice_);
    EXPECT_EQ(read.org(), alice_.org());
    EXPECT_EQ(read.public_key(), key_.public_key());
    EXPECT_EQ(read.der(), made.der());
  }
}

TEST_F(CsrTest, AnIssuingRequestReadsBack) {
  const Csr made = Csr::ForIssuing(alice_.org(), key_);

  ASSERT_OK_AND_ASSIGN(const Csr read, Csr::Parse(made.der()));

  EXPECT_EQ(read.usage(), Usage::kIssuing);
  EXPECT_EQ(read.org(), alice_.org());
  EXPECT_FALSE(read.device().has_value());
  EXPECT_EQ(read.public_key(), key_.public_key());
}

// Whoever does not hold the key cannot ask for it: another key put in its
// place, or any other bit changed, breaks the signature or the form.
TEST_F(CsrTest, AnotherKeyInItsPlaceIsUnproven) {
  const Ed25519PrivateKey other = Ed25519PrivateKey::Generate(random_);
  Bytes der = Csr::ForDevice(Usage::kIdentity, alice_, key_).der();
  const ByteSpan mine = key_.public_key();
  const auto place =
      std::search(der.begin(), der.end(), mine.begin(), mine.end());
  ASSERT_NE(place, der.end());
  std::copy(other.public_key().begin(), other.public_key().end(), place);

  EXPECT_THAT(Csr::Parse(der), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(CsrTest, NoFlippedBitParses) {
  const Bytes der = Csr::ForDevice(Usage::kTransport, alice_, key_).der();
  for (size_t bit = 0; bit < der.size() * 8; bit += 3) {
    Bytes bent = der;
    bent[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(Csr::Parse(bent).ok()) << bit;
  }
}

TEST_F(CsrTest, NoPrefixParsesAndNothingMayFollow) {
  Bytes der = Csr::ForIssuing(alice_.org(), key_).der();
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_THAT(Csr::Parse(ByteSpan(der).first(size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  der.push_back(0);
  EXPECT_THAT(Csr::Parse(der), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CsrTest, BeyondTheSizeLimitIsRefused) {
  EXPECT_THAT(Csr::Parse(Bytes(kCertificateBytesMax + 1)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// A request with our own extensions and signature, but of a root's form.
TEST_F(CsrTest, ARequestToBeARootIsRefused) {
  const ExtensionsPtr extensions = WriteProfile(Profile{}, ProfileOf::kRequest);
  const X509ReqPtr request(X509_REQ_new());
  const EvpPkeyPtr pkey = ToOpenssl(key_);
  X509_REQ_set_pubkey(request.get(), pkey.get());
  X509_REQ_add_extensions(request.get(), extensions.get());
  X509_REQ_sign(request.get(), pkey.get(), nullptr);

  EXPECT_THAT(Csr::Parse(ToDer<X509_REQ>(request.get(), i2d_X509_REQ)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CsrTest, ARequestThatNamesItsOwnRolesIsRefused) {
  const ExtensionsPtr extensions = WriteProfile({.usage = Usage::kIdentity,
                                                 .org = {},
                                                 .device = alice_,
                                                 .roles = {Role::kOfficer}},
                                                ProfileOf::kCertificate);
  const X509ReqPtr request(X509_REQ_new());
  const EvpPkeyPtr pkey = ToOpenssl(key_);
  X509_REQ_set_pubkey(request.get(), pkey.get());
  X509_REQ_add_extensions(request.get(), extensions.get());
  X509_REQ_sign(request.get(), pkey.get(), nullptr);

  EXPECT_THAT(Csr::Parse(ToDer<X509_REQ>(request.get(), i2d_X509_REQ)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::cert
