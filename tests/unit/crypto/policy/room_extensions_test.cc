#include "crypto/policy/room_extensions.h"

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/cert/role.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/policy/extension_types.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_policy.h"
#include "tests/support/status_matchers.h"

namespace cordon::policy {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr std::array<uint8_t, 32> kRelayKey = {1, 2, 3};
constexpr std::array<uint8_t, 32> kOtherKey = {4};

RoomPolicy Channel() {
  return PolicyFor(RoomKind::kChannel, OperationId({7}));
}
mls::Extensions Made() {
  return RoomExtensions(Channel(), kRelayKey);
}
mls::Extensions Without(mls::ExtensionType type) {
  mls::Extensions extensions = Made();
  std::erase_if(extensions, [type](const mls::Extension& each) {
    return each.type == type;
  });
  return extensions;
}

TEST(RoomExtensionsTest, WhatARoomIsMadeWithPasses) {
  EXPECT_OK(CheckRoomExtensions(Made()));
  EXPECT_OK(CheckRelaySender(Made(), kRelayKey));
  EXPECT_THAT(PolicyOf(Made()), IsOkAndHolds(Channel()));
}

TEST(RoomExtensionsTest, WithoutAPolicyOrWithABrokenOneIsRefused) {
  mls::Extensions broken = Made();
  mls::SetExtension(broken,
                    {.type = kRoomPolicyExtension, .data = ToBytes("x")});

  EXPECT_THAT(CheckRoomExtensions(Without(kRoomPolicyExtension)),
              StatusIs(kInvalid));
  EXPECT_THAT(PolicyOf(Without(kRoomPolicyExtension)), StatusIs(kInvalid));
  EXPECT_THAT(CheckRoomExtensions(broken), StatusIs(kInvalid));
}

TEST(RoomExtensionsTest, PolicyBeyondItsKindsDefaultsIsRefused) {
  RoomPolicy wide = Channel();
  wide.admit_any = MaskOf({cert::Role::kContactPoint});

  EXPECT_THAT(CheckRoomExtensions(RoomExtensions(wide, kRelayKey)),
              StatusIs(kInvalid));
}

TEST(RoomExtensionsTest, RequiringTooLittleIsRefused) {
  mls::Extensions little = Made();
  mls::SetExtension(little, mls::MakeRequiredCapabilities(
                                {.extensions = {kRoomPolicyExtension},
                                 .proposals = {},
                                 .credentials = {mls::kX509Credential}}));

  EXPECT_THAT(CheckRoomExtensions(little), StatusIs(kInvalid));
  EXPECT_THAT(CheckRoomExtensions(Without(mls::kRequiredCapabilitiesExtension)),
              StatusIs(kInvalid));
}

TEST(RoomExtensionsTest, TheRelayAndNobodyElseIsExternalSender) {
  mls::Extensions two = Made();
  const std::vector<mls::ExternalSender> senders = {RelaySender(kRelayKey),
                                                    RelaySender(kOtherKey)};
  mls::SetExtension(two, mls::MakeExternalSenders(senders));

  EXPECT_THAT(CheckRoomExtensions(two), StatusIs(kInvalid));
  EXPECT_THAT(CheckRoomExtensions(Without(mls::kExternalSendersExtension)),
              StatusIs(kInvalid));
  EXPECT_THAT(CheckRelaySender(two, kRelayKey), StatusIs(kInvalid));
  EXPECT_THAT(CheckRelaySender(Made(), kOtherKey), StatusIs(kInvalid));
}

}  // namespace
}  // namespace cordon::policy
