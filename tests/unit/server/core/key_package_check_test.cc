#include "server/core/key_package_check.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/role.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/key_package.h"
#include "server/core/directory.h"
#include "tests/support/room_device.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::server {
namespace {

using ::cordon::testing::RoomDevice;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestPki;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class KeyPackageCheckTest : public ::testing::Test {
 protected:
  using Change = std::function<void(mls::KeyPackage&)>;

  // What the relay says of Alice's package after `change`, signed by her.
  absl::Status Check(const Change& change, bool resign = true) {
    mls::KeyPackage package = alice_.MakeKeyPackage();
    change(package);
    if (resign) {
      mls::SignKeyPackage(alice_.device().identity_key, package);
    }
    const std::unique_ptr<cert::ChainVerifier> verifier = pki_.Verifier();
    return CheckKeyPackages({.packages = {InputOf(package)},
                             .caller = alice_.id(),
                             .verifier = verifier.get(),
                             .now = pki_.clock().Now()})
        .status();
  }
  static KeyPackageInput InputOf(const mls::KeyPackage& package) {
    return {.reference = KeyPackageReference(mls::MakeKeyPackageRef(package)),
            .key_package = codec::Serialize(package),
            .expires = absl::FromUnixSeconds(
                static_cast<int64_t>(package.leaf_node.lifetime.not_after_s))};
  }

  TestPki pki_;
  RoomDevice alice_{
      &pki_.Device("fr.customs/alice/laptop", {cert::Role::kOfficer}), &pki_};
};

TEST_F(KeyPackageCheckTest, PackageForAnyRoomPasses) {
  EXPECT_OK(Check([](mls::KeyPackage&) {}));
}

TEST_F(KeyPackageCheckTest, LifetimeIsBoundedAndNow) {
  const auto ends = [this](absl::Duration after) {
    return [this, after](mls::KeyPackage& package) {
      package.leaf_node.lifetime.not_after_s = static_cast<uint64_t>(
          absl::ToUnixSeconds(pki_.clock().Now() + after));
    };
  };

  EXPECT_OK(Check(ends(kKeyPackageLifetime)));
  EXPECT_THAT(Check(ends(kKeyPackageLifetime + absl::Hours(48))),
              StatusIs(kInvalid));
  EXPECT_THAT(Check(ends(absl::Minutes(-1))), StatusIs(kInvalid));
}

TEST_F(KeyPackageCheckTest, WithoutWhatRoomsRequireIsRefused) {
  EXPECT_THAT(Check([](mls::KeyPackage& package) {
                package.leaf_node.capabilities.extensions.pop_back();
              }),
              StatusIs(kInvalid));
  EXPECT_THAT(Check([](mls::KeyPackage& package) {
                package.leaf_node.extensions.clear();
              }),
              StatusIs(kInvalid));
}

TEST_F(KeyPackageCheckTest, SignatureOfAnotherIsRefused) {
  EXPECT_THAT(Check([](mls::KeyPackage& package) { package.signature[0] ^= 1; },
                    /*resign=*/false),
              StatusIs(kInvalid));
}

TEST_F(KeyPackageCheckTest, ReferenceOfAnotherIsRefused) {
  const std::unique_ptr<cert::ChainVerifier> verifier = pki_.Verifier();
  KeyPackageInput input = InputOf(alice_.MakeKeyPackage());
  input.reference = InputOf(alice_.MakeKeyPackage()).reference;

  EXPECT_THAT(CheckKeyPackages({.packages = {input},
                                .caller = alice_.id(),
                                .verifier = verifier.get(),
                                .now = pki_.clock().Now()})
                  .status(),
              StatusIs(kInvalid));
}

TEST_F(KeyPackageCheckTest, OneBadPackageRefusesAll) {
  const std::unique_ptr<cert::ChainVerifier> verifier = pki_.Verifier();
  KeyPackageInput bad = InputOf(alice_.MakeKeyPackage());
  bad.key_package = ToBytes("no key package");

  EXPECT_THAT(
      CheckKeyPackages({.packages = {InputOf(alice_.MakeKeyPackage()), bad},
                        .caller = alice_.id(),
                        .verifier = verifier.get(),
                        .now = pki_.clock().Now()})
          .status(),
      StatusIs(kInvalid));
}

}  // namespace
}  // namespace cordon::server
