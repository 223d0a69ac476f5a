// What the relay promises about who comes in and who is put out, on a disk that
// fails before every single change (relay_faults.h).

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/join_answer.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/role.h"
#include "crypto/prim/hash.h"
#include "server/core/caller.h"
#include "server/core/directory.h"
#include "server/core/enrolment.h"
#include "server/core/follow_item.h"
#include "server/core/rate_limit.h"
#include "server/core/revocation.h"
#include "storage/relay/directory_store.h"
#include "storage/relay/enrolment_store.h"
#include "storage/relay/key_package_store.h"
#include "storage/sqlite/transaction.h"
#include "tests/integration/relay_faults.h"
#include "tests/support/ids.h"
#include "tests/support/relay_rooms.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::server {
namespace {

using cert::Role;
using ::cordon::testing::IdOf;
using ::cordon::testing::RelayRooms;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;

std::vector<Bytes> Copied(const std::vector<ByteSpan>& chain) {
  std::vector<Bytes> copied;
  for (const ByteSpan each : chain) copied.push_back(ToBytes(each));
  return copied;
}

class EnrolmentFaultsTest : public RelayFaultsTest {
 protected:
  // OnEnrolment runs step(enrolment, transaction) on the lane.
  template <typename Step>
  absl::Status OnEnrolment(Step step) {
    return Ask([&, step](sqlite::Transaction& txn) {
      Enrolment enrolment({.stores = &*relay_.store(),
                           .trust = &relay_.trust(),
                           .publications = &publications_,
                           .clock = &pki_.clock()});
      return step(enrolment, txn);
    });
  }
  absl::Status Enter(const TestDevice& device) {
    const Caller caller{.device = device.name.id(),
                        .name = device.name,
                        .roles = device.identity.roles(),
                        .transport = device.transport.fingerprint()};
    const ChainPair chains{.identity = Copied(device.IdentityChain()),
                           .transport = Copied(device.TransportChain())};
    return OnEnrolment([&](Enrolment& enrolment, sqlite::Transaction& txn) {
      return enrolment.Enter(txn, caller, chains);
    });
  }
  bool HasEntered(const TestDevice& device) {
    return relay_.store()->directory.FindDevice(device.name.id()).ok();
  }
  // An officer of France whom nobody has heard of yet.
  const TestDevice& Newcomer() {
    return pki_.Device(
        absl::StrCat("fr.customs/officer", ++newcomers_, "/laptop"),
        {Role::kOfficer});
  }
  absl::Status PublishPackage(const DeviceId& device) {
    return relay_.store().Write([&](const sqlite::Transaction& txn) {
      return relay_.store()->key_packages.Publish(
          txn, {.device = device,
                .ref = IdOf<relay::KeyPackageRef>(++packages_),
                .expires = pki_.clock().Now() + absl::Hours(1),
                .package = AsBytes("package")});
    });
  }
  uint64_t PackagesOf(const DeviceId& device) {
    return relay_.store()
        ->key_packages.Counts(device, pki_.clock().Now())
        ->unclaimed;
  }

  uint32_t newcomers_ = 0;
  uint32_t packages_ = 0;
};

TEST_F(EnrolmentFaultsTest, RequestToJoinIsSyncedBeforeItsAnswer) {
  const absl::Time now = pki_.clock().Now();
  ASSERT_OK_AND_ASSIGN(const cert::Invitation invitation,
                       cert::Invitation::Create(
                           {.kind = cert::InvitationKind::kDevice,
                            .relay = "127.0.0.1:4600",
                            .root = pki_.root().certificate().fingerprint(),
                            .user = *cert::UserName::Parse("fr.customs/dora"),
                            .roles = {Role::kOfficer},
                            .expires = now + absl::Hours(1)},
                           now, pki_.random()));
  const cert::JoinKeys keys =
      cert::JoinKeys::Generate(invitation.offer().kind, pki_.random());
  ASSERT_OK_AND_ASSIGN(
      const cert::JoinRequest request,
      cert::JoinRequest::Create(invitation, "laptop", keys, now));
  const Caller eva = RelayRooms::CallerOf(eva_);
  ASSERT_OK_AND_ASSIGN(
      const InvitationPublicKey key,
      InvitationPublicKey::Parse(invitation.Key().public_key()));
  const InvitationInput input{.id = invitation.id(),
                              .public_key = key,
                              .kind = InvitedKind::kUser,
                              .expires = invitation.offer().expires};
  ASSERT_OK(OnEnrolment([&](Enrolment& enrolment, sqlite::Transaction& txn) {
    return enrolment.Invite(txn, eva, input);
  }));

  StopEverywhere(
      [&] {
        return OnEnrolment([&](Enrolment& enrolment, sqlite::Transaction& txn) {
          return enrolment.Redeem(txn, invitation.id(), request.bytes());
        });
      },
      [&](bool answered) {
        ASSERT_OK_AND_ASSIGN(const relay::Invitation found,
                             relay_.store()->enrolment.Find(invitation.id()));
        EXPECT_TRUE(found.state == relay::InvitationState::kRequested ||
                    !answered);
      });
}

TEST_F(EnrolmentFaultsTest, EntryIsSyncedBeforeItsAnswer) {
  const TestDevice* device = nullptr;

  StopEverywhere(
      [&] {
        device = &Newcomer();
        return Enter(*device);
      },
      [&](bool answered) { EXPECT_TRUE(HasEntered(*device) || !answered); });
}

TEST_F(EnrolmentFaultsTest, ClaimIsSyncedBeforeItsAnswer) {
  const DeviceId claimed = bruno_.id();
  ASSERT_OK(Enter(bruno_.device()));
  for (uint64_t n = 0; n < relay::kKeyPackagesMax; ++n) {
    ASSERT_OK(PublishPackage(claimed));
  }
  RateLimiter claims({.burst = kChangesMax});
  uint64_t before = 0;

  StopEverywhere(
      [&] {
        before = PackagesOf(claimed);
        Directory directory({.stores = &*relay_.store(),
                             .rooms = &relay_.rooms(),
                             .trust = &relay_.trust(),
                             .claims = &claims,
                             .clock = &pki_.clock()});
        return Ask([&](sqlite::Transaction& txn) {
          return directory
              .Claim(txn, RelayRooms::CallerOf(eva_), kRoom, {claimed})
              .status();
        });
      },
      // What was handed out is not there to be handed out again.
      [&](bool answered) {
        const uint64_t left = PackagesOf(claimed);
        EXPECT_LE(before - left, 1U);
        EXPECT_TRUE(left < before || !answered);
      });
}

class RevocationFaultsTest : public EnrolmentFaultsTest {
 protected:
  void Prepare() {
    device_ = &Newcomer();
    ASSERT_OK(Enter(*device_));
    ASSERT_OK(PublishPackage(device_->name.id()));
    pki_.Revoke(*device_);
    for (const TestPki::SignedList& list : pki_.Lists()) {
      if (list.issuer != device_->issuing) continue;
      list_ = {.crl = ToBytes(list.crl.der()),
               .issuing_certificate = ToBytes(list.issuer.der())};
    }
  }
  absl::Status Post() {
    return Ask([&](sqlite::Transaction& txn) {
      return Revocation({.stores = &*relay_.store(),
                         .trust = &relay_.trust(),
                         .removals = &relay_.removals(),
                         .publications = &publications_,
                         .clock = &pki_.clock()})
          .Post(txn, list_);
    });
  }
  bool IsRefused() {
    return !relay_.trust()
                .verifier()
                ->Verify(device_->TransportChain(),
                         {.usage = cert::Usage::kTransport,
                          .at = pki_.clock().Now()})
                .ok();
  }
  bool IsStored() {
    const auto lists = relay_.store()->directory.ListCrls(Fingerprint(), 100);
    for (const relay::Crl& crl : lists.value()) {
      if (crl.crl == list_.crl) return true;
    }
    return false;
  }
  // Stored, believed, and its packages gone; or none of it.
  void ExpectWhole(bool answered) {
    const bool stored = IsStored();
    EXPECT_TRUE(stored || !answered);
    EXPECT_EQ(IsRefused(), stored);
    EXPECT_EQ(PackagesOf(device_->name.id()), stored ? 0U : 1U);
  }

  const TestDevice* device_ = nullptr;
  CrlItem list_;
};

TEST_F(RevocationFaultsTest, FullDiskRevokesNothingAndTheNextTryAll) {
  FillEverywhere([this] { Prepare(); }, [this] { return Post(); },
                 [this](bool answered) { ExpectWhole(answered); });
}

}  // namespace
}  // namespace cordon::server
