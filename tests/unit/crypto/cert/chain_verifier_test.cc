#include "crypto/cert/chain_verifier.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/revocation.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ChainVerifierTest : public ::testing::Test {
 protected:
  VerifyFor Now(Usage usage = Usage::kIdentity) {
    return {.usage = usage, .at = pki_.clock().Now()};
  }
  const Certificate& root() { return pki_.root().certificate(); }

  TestPki pki_;
  const TestDevice& alice_ = pki_.Device("fr.customs/alice/laptop");
};

TEST_F(ChainVerifierTest, ProvesAChainOnce) {
  const ChainVerifier verifier(root());

  for (int i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(const VerifiedChain chain,
                         verifier.Verify(alice_.IdentityChain(), Now()));
    EXPECT_EQ(chain.device(), alice_.name);
  }

  EXPECT_EQ(verifier.paths_checked(), 1);
}

TEST_F(ChainVerifierTest, AnAnswerFromMemoryRespectsDates) {
  const ChainVerifier verifier(root());
  ASSERT_OK(verifier.Verify(alice_.IdentityChain(), Now()));
  VerifyFor late = Now();
  late.at += absl::Hours(24 * 366);
  VerifyFor early = Now();
  early.at -= absl::Hours(25);

  EXPECT_THAT(verifier.Verify(alice_.IdentityChain(), late),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(verifier.Verify(alice_.IdentityChain(), early),
              StatusIs(absl::StatusCode::kUnauthenticated));
  late.ignore_dates = true;
  EXPECT_OK(verifier.Verify(alice_.IdentityChain(), late));
}

TEST_F(ChainVerifierTest, AnAnswerFromMemoryRespectsRevocation) {
  ChainVerifier verifier(root());
  ASSERT_OK_AND_ASSIGN(const VerifiedChain chain,
                       verifier.Verify(alice_.IdentityChain(), Now()));
  pki_.clock().Advance(absl::Hours(1));
  pki_.Revoke(alice_);
  for (const TestPki::SignedList& list : pki_.Lists()) {
    ASSERT_OK(verifier.AdoptCrl(list.crl.der(), list.issuer));
  }
  VerifyFor before = Now();
  before.at -= absl::Minutes(1);
  VerifyFor forgiving = Now();
  forgiving.ignore_dates = true;

  EXPECT_THAT(verifier.Verify(alice_.IdentityChain(), Now()),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(verifier.Verify(alice_.IdentityChain(), forgiving),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_OK(verifier.Verify(alice_.IdentityChain(), before));
  EXPECT_THAT(verifier.Recheck(chain, Now().at),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ChainVerifierTest, AnAnswerFromMemoryRespectsUsage) {
  const ChainVerifier verifier(root());
  ASSERT_OK(verifier.Verify(alice_.IdentityChain(), Now()));

  EXPECT_THAT(verifier.Verify(alice_.IdentityChain(), Now(Usage::kTransport)),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_OK(verifier.Verify(alice_.TransportChain(), Now(Usage::kTransport)));
}

// The memory goes by both certificates: a proven leaf beside another issuing
// certificate is another question.
TEST_F(ChainVerifierTest, AProvenLeafUnderAnotherIssuerIsAskedAnew) {
  const ChainVerifier verifier(root());
  ASSERT_OK(verifier.Verify(alice_.IdentityChain(), Now()));
  const Certificate& german = pki_.Org("de.customs").certificate();
  const std::vector<ByteSpan> mixed = {alice_.identity.der(), german.der()};

  EXPECT_THAT(verifier.Verify(mixed, Now()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(ChainVerifierTest, FailuresAreNotRemembered) {
  const ChainVerifier verifier(root());
  TestPki other(2);
  const TestDevice& stranger = other.Device("fr.customs/alice/laptop");

  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(verifier.Verify(stranger.IdentityChain(), Now()),
                StatusIs(absl::StatusCode::kUnauthenticated));
  }
  EXPECT_EQ(verifier.paths_checked(), 2);
}

TEST_F(ChainVerifierTest, AChainOfAnotherLengthIsRefused) {
  const ChainVerifier verifier(root());
  const std::vector<ByteSpan> leaf = {alice_.identity.der()};

  EXPECT_THAT(verifier.Verify(leaf, Now()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ChainVerifierTest, TheMemoryIsBoundedAndKeepsWhatIsUsed) {
  const ChainVerifier verifier(root(), /*proofs_kept=*/2);
  const auto ask = [&](const TestDevice& device) {
    EXPECT_OK(verifier.Verify(device.IdentityChain(), Now()));
  };
  for (int i = 0; i < 8; ++i) {
    ask(alice_);
    ask(pki_.Device("fr.customs/alice/phone" + std::to_string(i)));
  }
  EXPECT_EQ(verifier.paths_checked(), 9) << "alice once, each other once";

  ask(pki_.Device("fr.customs/alice/phone0"));
  EXPECT_EQ(verifier.paths_checked(), 10) << "the oldest was forgotten";
}

// A revocation that arrives while others ask: nobody crashes, and whoever asks
// afterwards is refused.
TEST_F(ChainVerifierTest, ListsArriveWhileThreadsAsk) {
  const std::unique_ptr<ChainVerifier> verifier = pki_.Verifier();
  const TestDevice& bob = pki_.Device("fr.customs/bob/laptop");
  pki_.Revoke(alice_);
  const std::vector<TestPki::SignedList> lists = pki_.Lists();
  const VerifyFor wanted = Now();
  std::atomic<int> bobs_refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        (void)verifier->Verify(alice_.IdentityChain(), wanted).ok();
        if (!verifier->Verify(bob.IdentityChain(), wanted).ok()) ++bobs_refused;
      }
    });
  }

  for (const TestPki::SignedList& list : lists) {
    EXPECT_OK(verifier->AdoptCrl(list.crl.der(), list.issuer));
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(bobs_refused, 0);
  EXPECT_THAT(verifier->Verify(alice_.IdentityChain(), wanted),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ChainVerifierTest, TellsWhatItHoldsAndWhatIsWithheld) {
  const std::unique_ptr<ChainVerifier> verifier = pki_.Verifier();
  ASSERT_OK_AND_ASSIGN(const VerifiedChain chain,
                       verifier->Verify(alice_.IdentityChain(), Now()));
  const IssuerId french = chain.leaf().issuer;

  EXPECT_THAT(verifier->HeldCrls(), SizeIs(2));
  EXPECT_THAT(verifier->WithheldCrls(), IsEmpty());
  EXPECT_EQ(verifier->StateOf(french, Now().at), CrlState::kCurrent);
  EXPECT_OK(verifier->CheckAdmissible(chain, Now().at));

  ASSERT_OK(verifier->NoteClaim({french, CrlNumber{9}}));

  EXPECT_THAT(verifier->WithheldCrls(), SizeIs(1));
  EXPECT_THAT(verifier->CheckAdmissible(chain, Now().at),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace cordon::cert
