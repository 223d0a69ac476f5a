#include "server/core/memory.h"

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/pem.h"
#include "crypto/cert/role.h"
#include "crypto/prim/hash.h"
#include "server/core/authz.h"
#include "server/core/caller.h"
#include "server/core/enrolment.h"
#include "server/core/follow_item.h"
#include "server/core/publications.h"
#include "server/core/revocation.h"
#include "server/core/room_groups.h"
#include "server/core/trust.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/relay_rooms.h"
#include "tests/support/room_device.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::server {
namespace {

using cert::Role;
using ::cordon::testing::IsOk;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::RelayRooms;
using ::cordon::testing::RoomDevice;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;
using ::testing::Not;

constexpr RoomId kRoom({7});

absl::Status FailedLater() {
  return absl::UnavailableError("something later in the step failed");
}

std::vector<Bytes> Copied(const std::vector<ByteSpan>& chain) {
  std::vector<Bytes> copied;
  for (const ByteSpan each : chain) copied.push_back(ToBytes(each));
  return copied;
}

ChainPair ChainsOf(const TestDevice& device) {
  return {.identity = Copied(device.IdentityChain()),
          .transport = Copied(device.TransportChain())};
}

class MemoryTest : public ::testing::Test {
 protected:
  MemoryTest() { relay_.OpenAlerts(kRoom, eva_, {&alice_}); }
  // The newest list of alice's organisation.
  CrlItem List() {
    CrlItem item;
    for (const TestPki::SignedList& list : pki_.Lists()) {
      if (list.issuer != alice_.device().issuing) continue;
      item = {.crl = ToBytes(list.crl.der()),
              .issuing_certificate = ToBytes(list.issuer.der())};
    }
    return item;
  }
  absl::Status Post(const sqlite::Transaction& txn) {
    return Revocation({.stores = &*relay_.store(),
                       .trust = &relay_.trust(),
                       .removals = &relay_.removals(),
                       .publications = &publications_,
                       .clock = &pki_.clock()})
        .Post(txn, List());
  }
  // A revocation whose step fails after all that it did.
  absl::Status PostInVain() {
    return relay_.store().Write([&](const sqlite::Transaction& txn) {
      EXPECT_OK(Post(txn));
      EXPECT_OK(relay_.removals().ProposeFor(txn, alice_.id()));
      EXPECT_FALSE(IsBelieved(alice_.device()));
      return FailedLater();
    });
  }
  bool IsBelieved(const TestDevice& device) {
    return relay_.trust()
        .verifier()
        ->Verify(device.IdentityChain(),
                 {.usage = cert::Usage::kIdentity, .at = pki_.clock().Now()})
        .ok();
  }
  SharedGroup Group() { return *relay_.groups().Find(relay_.Room(kRoom)); }

  TestPki pki_;
  RelayRooms relay_{&pki_};
  RoomDevice eva_{&pki_.Device("ocu.authority/eva/desk", {Role::kCoordinator}),
                  &pki_};
  RoomDevice alice_{&pki_.Device("fr.customs/alice/laptop", {Role::kOfficer}),
                    &pki_};
  Publications publications_;
};

TEST_F(MemoryTest, RevocationThatIsKeptIsBelieved) {
  pki_.Revoke(alice_.device());
  ASSERT_OK(relay_.store().Write(
      [&](const sqlite::Transaction& txn) { return Post(txn); }));
  ASSERT_OK(relay_.EndStep(/*kept=*/true));

  EXPECT_FALSE(IsBelieved(alice_.device()));
  // A later step that is taken back leaves it alone.
  ASSERT_OK(relay_.EndStep(/*kept=*/false));
  EXPECT_FALSE(IsBelieved(alice_.device()));
  ASSERT_OK(relay_.LoseBatch());
  EXPECT_FALSE(IsBelieved(alice_.device()));
}

TEST_F(MemoryTest, RevocationThatWasTakenBackIsDoneWholeTheNextTime) {
  pki_.Revoke(alice_.device());
  ASSERT_THAT(PostInVain(), Not(IsOk()));
  ASSERT_OK(relay_.EndStep(/*kept=*/false));

  EXPECT_TRUE(IsBelieved(alice_.device()));
  EXPECT_TRUE(IsBelieved(eva_.device()));
  (void)publications_.TakeAll();
  ASSERT_OK(relay_.store().Write(
      [&](const sqlite::Transaction& txn) { return Post(txn); }));
  EXPECT_FALSE(publications_.TakeAll().empty());
  relay_.Restart();
  EXPECT_FALSE(IsBelieved(alice_.device()));
}

TEST_F(MemoryTest, RevocationOfALostBatchIsDoneWholeTheNextTime) {
  pki_.Revoke(alice_.device());
  ASSERT_THAT(PostInVain(), Not(IsOk()));
  ASSERT_OK(relay_.EndStep(/*kept=*/true));
  ASSERT_OK(relay_.LoseBatch());

  EXPECT_TRUE(IsBelieved(alice_.device()));
  ASSERT_OK(relay_.store().Write(
      [&](const sqlite::Transaction& txn) { return Post(txn); }));
  EXPECT_FALSE(IsBelieved(alice_.device()));
}

// A proposal does not move the epoch, so nothing else would tell the group in
// memory from the one in the store.
TEST_F(MemoryTest, ProposalThatWasTakenBackIsNotInTheGroup) {
  const SharedGroup before = Group();
  pki_.Revoke(alice_.device());
  ASSERT_THAT(PostInVain(), Not(IsOk()));
  EXPECT_NE(ImageOf(*Group()).state, ImageOf(*before).state);
  ASSERT_OK(relay_.EndStep(/*kept=*/false));

  EXPECT_EQ(ImageOf(*Group()).state, ImageOf(*before).state);
}

TEST_F(MemoryTest, GroupThatARefusedStepDidNotTouchStaysAtHand) {
  const SharedGroup before = Group();
  ASSERT_OK(relay_.EndStep(/*kept=*/true));
  ASSERT_OK(relay_.EndStep(/*kept=*/false));

  EXPECT_EQ(Group(), before);
}

TEST_F(MemoryTest, WhoEnteredInALostBatchHasNotEntered) {
  const TestDevice& device = alice_.device();
  const std::string pem = cert::CertificatesToPem(device.TransportChain());
  const Peer peer{.pem_chain = pem, .chain_digest = Sha256(AsBytes(pem))};
  Enrolment enrolment({.stores = &*relay_.store(),
                       .trust = &relay_.trust(),
                       .publications = &publications_,
                       .clock = &pki_.clock()});
  ASSERT_THAT(
      relay_.store().Write([&](const sqlite::Transaction& txn) -> absl::Status {
        CORDON_RETURN_IF_ERROR(enrolment.Enter(
            txn, RelayRooms::CallerOf(alice_), ChainsOf(device)));
        EXPECT_OK(relay_.callers().Identify(peer, Method::kDescribe));
        return FailedLater();
      }),
      Not(IsOk()));
  ASSERT_OK(relay_.LoseBatch());

  EXPECT_THAT(relay_.callers().Identify(peer, Method::kDescribe),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

// Before its set-up, a relay believes nobody.
class SetUpMemoryTest : public ::testing::Test {
 protected:
  SetUpMemoryTest() {
    EXPECT_OK(store_.Write([&](const sqlite::Transaction& txn) {
      return store_->enrolment.BeginSetup(txn, SetupCodeVerifier("code"));
    }));
  }
  absl::Status SetUpBy(TestPki& pki, const ChainPair& chains) {
    Enrolment enrolment({.stores = &*store_,
                         .trust = trust_.get(),
                         .publications = &publications_,
                         .clock = &pki.clock()});
    return store_.Write([&](const sqlite::Transaction& txn) {
      return enrolment.SetUp(
          txn, {.setup_code = "code",
                .root_certificate = ToBytes(pki.root().certificate().der()),
                .chains = chains});
    });
  }

  static ChainPair ChiefOf(TestPki& pki) {
    return ChainsOf(pki.Device("ocu.authority/eva/desk", {Role::kCoordinator}));
  }

  TestPki pki_{1};
  TestPki other_{2};
  RelayOnDisk store_;
  std::unique_ptr<Trust> trust_ = *Trust::Load(&*store_);
  Callers callers_{&store_->directory, trust_.get(), &pki_.clock()};
  RoomGroups groups_{&store_->groups};
  Memory memory_{
      {.trust = trust_.get(), .callers = &callers_, .groups = &groups_}};
  Publications publications_;
};

TEST_F(SetUpMemoryTest, RootOfAKeptSetUpIsBelieved) {
  ASSERT_OK(SetUpBy(pki_, ChiefOf(pki_)));
  ASSERT_OK(memory_.EndStep(/*kept=*/true));
  ASSERT_OK(memory_.LoseBatch());

  ASSERT_NE(trust_->verifier(), nullptr);
  EXPECT_THAT(SetUpBy(other_, ChiefOf(other_)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(SetUpMemoryTest, RootOfAFailedSetUpIsNotAndAnotherMayTry) {
  ChainPair bad = ChiefOf(pki_);
  bad.transport = bad.identity;
  ASSERT_THAT(SetUpBy(pki_, bad), Not(IsOk()));
  ASSERT_OK(memory_.EndStep(/*kept=*/false));

  EXPECT_EQ(trust_->verifier(), nullptr);
  EXPECT_OK(SetUpBy(other_, ChiefOf(other_)));
}

}  // namespace
}  // namespace cordon::server
