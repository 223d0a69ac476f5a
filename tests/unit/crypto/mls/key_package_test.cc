#include "crypto/mls/key_package.h"

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/suite.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::MlsClient;
using ::cordon::testing::NameChecker;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::Eq;

class KeyPackageTest : public ::testing::Test {
 protected:
  LeafRules Rules() const {
    return {.group_extensions = group_extensions_,
            .checker = checker_,
            .at = {.instant = absl::FromUnixSeconds(0)}};
  }
  // Invalid says what breaks after a change that its owner signed for.
  absl::Status Signed(const std::function<void(KeyPackage&)>& change) {
    MlsClient client = MlsClient::Make("alice", random_);
    change(client.key_package);
    client.Resign();
    return ValidateKeyPackage(client.key_package, Rules()).status();
  }

  SeededRandom random_{1};
  MlsClient alice_ = MlsClient::Make("alice", random_);
  Extensions group_extensions_;
  NameChecker checker_;
};

TEST_F(KeyPackageTest, SurvivesTheCodec) {
  const Bytes bytes = codec::Serialize(alice_.key_package);

  EXPECT_THAT(ParseKeyPackage(bytes), IsOkAndHolds(Eq(alice_.key_package)));
}

TEST_F(KeyPackageTest, EveryTruncationIsRefused) {
  const Bytes bytes = codec::Serialize(alice_.key_package);
  for (size_t size = 0; size < bytes.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(ParseKeyPackage(ByteSpan(bytes).first(size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(KeyPackageTest, ValidOneNamesItsDevice) {
  EXPECT_THAT(ValidateKeyPackage(alice_.key_package, Rules()),
              IsOkAndHolds(Eq(alice_.device())));
}

TEST_F(KeyPackageTest, EveryFlippedBitOfTheEncodingIsNoticed) {
  const Bytes bytes = codec::Serialize(alice_.key_package);
  for (size_t i = 0; i < bytes.size(); ++i) {
    SCOPED_TRACE(i);
    Bytes flipped = bytes;
    flipped[i] ^= 1;
    const auto parsed = ParseKeyPackage(flipped);
    if (!parsed.ok()) continue;
    EXPECT_FALSE(ValidateKeyPackage(*parsed, Rules()).ok());
  }
}

TEST_F(KeyPackageTest, OtherVersionOrSuiteIsInvalid) {
  EXPECT_THAT(Signed([](KeyPackage& it) { it.version = ProtocolVersion{2}; }),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Signed([](KeyPackage& it) { it.cipher_suite = CipherSuite{1}; }),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(KeyPackageTest, LeafOfAnotherSourceIsInvalid) {
  EXPECT_THAT(Signed([](KeyPackage& it) {
                it.leaf_node.source = LeafNodeSource::kUpdate;
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(KeyPackageTest, OneKeyForTwoUsesIsInvalid) {
  EXPECT_THAT(
      Signed([](KeyPackage& it) { it.init_key = it.leaf_node.encryption_key; }),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(KeyPackageTest, InitKeyOfAnotherSizeIsInvalid) {
  EXPECT_THAT(Signed([](KeyPackage& it) { it.init_key.push_back(1); }),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(KeyPackageTest, ExtensionThatTheLeafDoesNotListIsInvalid) {
  EXPECT_THAT(Signed([](KeyPackage& it) {
                it.extensions = {{.type = ExtensionType{0xf101}, .data = {}}};
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_OK(Signed([](KeyPackage& it) {
    it.extensions = {{.type = ExtensionType{0xf100}, .data = {}}};
  }));
}

TEST_F(KeyPackageTest, LeafsRulesHoldToo) {
  checker_.Refuse("alice");

  EXPECT_THAT(ValidateKeyPackage(alice_.key_package, Rules()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(KeyPackageTest, SignatureByAnotherKeyIsInvalid) {
  const MlsClient mallory = MlsClient::Make("mallory", random_);
  KeyPackage forged = alice_.key_package;
  forged.signature = mallory.key_package.signature;

  EXPECT_THAT(ValidateKeyPackage(forged, Rules()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(KeyPackageTest, LeafSignedByAnotherKeyIsInvalid) {
  const MlsClient mallory = MlsClient::Make("mallory", random_);
  KeyPackage forged = alice_.key_package;
  forged.leaf_node.signature = mallory.key_package.leaf_node.signature;

  EXPECT_THAT(ValidateKeyPackage(forged, Rules()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(KeyPackageTest, ReferenceIsItsHashAndNoOthers) {
  const MlsClient other = MlsClient::Make("alice", random_);

  EXPECT_EQ(MakeKeyPackageRef(alice_.key_package),
            MakeKeyPackageRef(alice_.key_package));
  EXPECT_NE(MakeKeyPackageRef(alice_.key_package),
            MakeKeyPackageRef(other.key_package));
}

}  // namespace
}  // namespace cordon::mls
