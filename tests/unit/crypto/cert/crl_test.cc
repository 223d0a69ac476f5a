#include "crypto/cert/crl.h"

#include <openssl/asn1.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/openssl.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CrlTest : public ::testing::Test {
 protected:
  const OrgIssuer& france() { return pki_.Org("fr.customs"); }
  CrlContent Content(std::vector<Revocation> revocations) {
    const absl::Time now = pki_.clock().Now();
    return {.number = CrlNumber{7},
            .this_update = now,
            .next_update = now + absl::Hours(24 * 60),
            .revocations = std::move(revocations)};
  }
  // A list with one revocation, bent before it is signed by France.
  template <typename Bend>
  Bytes Bent(Bend bend) {
    const Crl honest = *france().SignCrl(
        Content({{Serial::Random(pki_.random()), pki_.clock().Now()}}));
    const X509CrlPtr crl =
        FromDer<X509CrlPtr>(honest.der(), d2i_X509_CRL, i2d_X509_CRL);
    bend(crl.get());
    X509_CRL_sign(crl.get(), ToOpenssl(france().key()).get(), nullptr);
    return ToDer<X509_CRL>(crl.get(), i2d_X509_CRL);
  }

  TestPki pki_;
};

TEST_F(CrlTest, SaysWhoIsRevokedAndSinceWhen) {
  const Serial one = Serial::Random(pki_.random());
  const Serial other = Serial::Random(pki_.random());
  const absl::Time since = pki_.clock().Now() - absl::Hours(3);
  ASSERT_OK_AND_ASSIGN(const Crl made,
                       france().SignCrl(Content({{one, since}})));

  ASSERT_OK_AND_ASSIGN(const Crl crl,
                       Crl::Parse(made.der(), france().certificate()));

  EXPECT_EQ(crl.RevokedSince(one), since);
  EXPECT_EQ(crl.RevokedSince(other), std::nullopt);
  EXPECT_EQ(crl.number(), CrlNumber{7});
  EXPECT_EQ(crl.issuer(), IssuerIdOf(france().key().public_key()));
  EXPECT_EQ(crl.this_update(), pki_.clock().Now());
  EXPECT_EQ(crl.next_update(), pki_.clock().Now() + absl::Hours(24 * 60));
  EXPECT_THAT(crl.Revocations(), ElementsAre(Revocation{one, since}));
}

TEST_F(CrlTest, AnEmptyListIsAList) {
  ASSERT_OK_AND_ASSIGN(const Crl crl, france().SignCrl(Content({})));

  EXPECT_EQ(crl.size(), 0);
  EXPECT_THAT(crl.Revocations(), IsEmpty());
}

TEST_F(CrlTest, TheRootSignsListsToo) {
  ASSERT_OK_AND_ASSIGN(const Crl crl, pki_.root().SignCrl(Content({})));

  EXPECT_EQ(crl.issuer(), IssuerIdOf(pki_.root().key().public_key()));
  EXPECT_OK(Crl::Parse(crl.der(), pki_.root().certificate()));
}

TEST_F(CrlTest, AnotherIssuersListIsUnproven) {
  ASSERT_OK_AND_ASSIGN(const Crl crl, france().SignCrl(Content({})));
  const auto refused = StatusIs(absl::StatusCode::kUnauthenticated);

  EXPECT_THAT(Crl::Parse(crl.der(), pki_.Org("de.customs").certificate()),
              refused);
  EXPECT_THAT(Crl::Parse(crl.der(), pki_.root().certificate()), refused);
}

TEST_F(CrlTest, ADeviceSignsNoLists) {
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");
  ASSERT_OK_AND_ASSIGN(const Crl crl, france().SignCrl(Content({})));
  const X509CrlPtr resigned =
      FromDer<X509CrlPtr>(crl.der(), d2i_X509_CRL, i2d_X509_CRL);
  X509_CRL_sign(resigned.get(), ToOpenssl(alice.identity_key).get(), nullptr);

  EXPECT_THAT(
      Crl::Parse(ToDer<X509_CRL>(resigned.get(), i2d_X509_CRL), alice.identity),
      StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(CrlTest, NoFlippedBitOrPrefixParses) {
  ASSERT_OK_AND_ASSIGN(const Crl crl,
                       france().SignCrl(Content({{Serial::Random(pki_.random()),
                                                  pki_.clock().Now()}})));
  const Bytes& der = crl.der();

  for (size_t bit = 0; bit < der.size() * 8; bit += 3) {
    Bytes bent = der;
    bent[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(Crl::Parse(bent, france().certificate()).ok()) << bit;
  }
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(
        Crl::Parse(ByteSpan(der).first(size), france().certificate()).ok());
  }
}

TEST_F(CrlTest, ContentWithoutNumberOrEndOrWithDoublesIsRefused) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  CrlContent content = Content({});
  content.number = CrlNumber{0};
  EXPECT_THAT(france().SignCrl(content), refused);

  content = Content({});
  content.next_update = content.this_update;
  EXPECT_THAT(france().SignCrl(content), refused);

  const Serial serial = Serial::Random(pki_.random());
  const absl::Time now = pki_.clock().Now();
  EXPECT_THAT(france().SignCrl(Content({{serial, now}, {serial, now}})),
              refused);
}

TEST_F(CrlTest, AFullListFitsItsSizeAndOneMoreIsRefused) {
  std::vector<Revocation> revocations;
  for (size_t i = 0; i < kCrlEntriesMax; ++i) {
    revocations.push_back({Serial::Random(pki_.random()), pki_.clock().Now()});
  }
  ASSERT_OK_AND_ASSIGN(const Crl crl, france().SignCrl(Content(revocations)));
  EXPECT_LE(crl.der().size(), kCrlBytesMax);
  EXPECT_EQ(crl.size(), kCrlEntriesMax);

  revocations.push_back({Serial::Random(pki_.random()), pki_.clock().Now()});
  EXPECT_THAT(france().SignCrl(Content(std::move(revocations))),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(CrlTest, BeyondTheSizeLimitIsRefused) {
  EXPECT_THAT(Crl::Parse(Bytes(kCrlBytesMax + 1), france().certificate()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// The next tests sign what only a faulty or malicious issuer would.

TEST_F(CrlTest, APartialListIsRefused) {
  const Bytes bent = Bent([](X509_CRL* crl) {
    const Asn1IntegerPtr base(ASN1_INTEGER_new());
    ASN1_INTEGER_set(base.get(), 1);
    X509_CRL_add1_ext_i2d(crl, NID_delta_crl, base.get(), /*crit=*/1, 0);
  });

  EXPECT_THAT(Crl::Parse(bent, france().certificate()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CrlTest, AListWithoutNumberIsRefused) {
  const Bytes bent = Bent([](X509_CRL* crl) {
    X509_EXTENSION_free(X509_CRL_delete_ext(
        crl, X509_CRL_get_ext_by_NID(crl, NID_crl_number, -1)));
  });

  EXPECT_THAT(Crl::Parse(bent, france().certificate()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CrlTest, AListWithoutEndIsRefused) {
  const Bytes bent = Bent([](X509_CRL* crl) {
    X509_CRL_set1_nextUpdate(crl, X509_CRL_get0_lastUpdate(crl));
  });

  EXPECT_THAT(Crl::Parse(bent, france().certificate()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CrlTest, ADoubledEntryIsRefused) {
  const Bytes bent = Bent([](X509_CRL* crl) {
    X509_CRL_add0_revoked(crl, X509_REVOKED_dup(sk_X509_REVOKED_value(
                                   X509_CRL_get_REVOKED(crl), 0)));
  });

  EXPECT_THAT(Crl::Parse(bent, france().certificate()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::cert
