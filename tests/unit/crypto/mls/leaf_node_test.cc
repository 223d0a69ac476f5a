#include "crypto/mls/leaf_node.h"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
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

constexpr ExtensionType kPolicy{0xf100};
constexpr ExtensionType kOther{0xf101};

class LeafNodeTest : public ::testing::Test {
 protected:
  LeafNode Leaf(LeafNodeSource source) {
    LeafNode leaf = alice_.key_package.leaf_node;
    leaf.source = source;
    if (source != LeafNodeSource::kKeyPackage) leaf.lifetime = {};
    if (source == LeafNodeSource::kCommit) leaf.parent_hash = Bytes(32, 5);
    SignLeafNode(alice_.signer, place_, leaf);
    return leaf;
  }

  LeafRules Rules() const {
    return {.group_extensions = group_extensions_,
            .checker = checker_,
            .at = {.instant = absl::FromUnixSeconds(0)}};
  }

  SeededRandom random_{1};
  MlsClient alice_ = MlsClient::Make("alice", random_);
  const Bytes group_id_ = ToBytes("group");
  const LeafPlace place_{.group_id = group_id_, .index = LeafIndex{3}};
  Extensions group_extensions_;
  NameChecker checker_;
};

TEST_F(LeafNodeTest, EverySourceSurvivesTheCodec) {
  for (const auto source : {LeafNodeSource::kKeyPackage,
                            LeafNodeSource::kUpdate, LeafNodeSource::kCommit}) {
    SCOPED_TRACE(static_cast<int>(source));
    const LeafNode leaf = Leaf(source);
    const Bytes bytes = codec::Serialize(leaf);

    EXPECT_THAT(ParseLeafNode(bytes), IsOkAndHolds(Eq(leaf)));
  }
}

TEST_F(LeafNodeTest, EveryTruncationIsRefused) {
  const Bytes bytes = codec::Serialize(Leaf(LeafNodeSource::kCommit));
  for (size_t size = 0; size < bytes.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(ParseLeafNode(ByteSpan(bytes).first(size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(LeafNodeTest, BytesBehindItAreRefused) {
  Bytes bytes = codec::Serialize(Leaf(LeafNodeSource::kUpdate));
  bytes.push_back(0);

  EXPECT_THAT(ParseLeafNode(bytes),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(LeafNodeTest, UnknownSourceIsRefused) {
  LeafNode leaf = Leaf(LeafNodeSource::kUpdate);
  leaf.source = static_cast<LeafNodeSource>(4);

  EXPECT_THAT(ParseLeafNode(codec::Serialize(leaf)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(LeafNodeTest, KeysOfOtherSuitesPassTheCodec) {
  LeafNode leaf = Leaf(LeafNodeSource::kUpdate);
  leaf.encryption_key = Bytes(65, 4);

  EXPECT_THAT(ParseLeafNode(codec::Serialize(leaf)), IsOkAndHolds(Eq(leaf)));
}

TEST_F(LeafNodeTest, SignatureOfAGroupsLeafHoldsInItsPlaceOnly) {
  const LeafNode leaf = Leaf(LeafNodeSource::kCommit);

  EXPECT_OK(VerifyLeafSignature(leaf, place_));
  EXPECT_THAT(
      VerifyLeafSignature(leaf, {.group_id = group_id_, .index = LeafIndex{4}}),
      StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(VerifyLeafSignature(
                  leaf, {.group_id = AsBytes("other"), .index = LeafIndex{3}}),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(LeafNodeTest, SignatureInAKeyPackageHoldsAnywhere) {
  const LeafNode leaf = Leaf(LeafNodeSource::kKeyPackage);

  EXPECT_OK(VerifyLeafSignature(leaf, {}));
  EXPECT_OK(VerifyLeafSignature(leaf, place_));
}

TEST_F(LeafNodeTest, SignatureCoversEveryField) {
  const std::vector<std::function<void(LeafNode&)>> changes = {
      [](LeafNode& leaf) { leaf.encryption_key[0] ^= 1; },
      [](LeafNode& leaf) { leaf.signature_key[0] ^= 1; },
      [](LeafNode& leaf) { leaf.credential = Credential::Basic({}); },
      [](LeafNode& leaf) { leaf.capabilities.versions.push_back({2}); },
      [](LeafNode& leaf) { leaf.capabilities.cipher_suites.push_back({2}); },
      [](LeafNode& leaf) { leaf.capabilities.extensions.push_back(kOther); },
      [](LeafNode& leaf) { leaf.capabilities.proposals.push_back({9}); },
      [](LeafNode& leaf) { leaf.capabilities.credentials.push_back({9}); },
      [](LeafNode& leaf) { leaf.source = LeafNodeSource::kUpdate; },
      [](LeafNode& leaf) { leaf.parent_hash[0] ^= 1; },
      [](LeafNode& leaf) {
        leaf.extensions.push_back({.type = kPolicy, .data = {}});
      },
      [](LeafNode& leaf) { leaf.signature[0] ^= 1; },
      [](LeafNode& leaf) { leaf.signature.pop_back(); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    SCOPED_TRACE(i);
    LeafNode leaf = Leaf(LeafNodeSource::kCommit);
    changes[i](leaf);
    EXPECT_THAT(VerifyLeafSignature(leaf, place_),
                StatusIs(absl::StatusCode::kUnauthenticated));
  }
}

TEST_F(LeafNodeTest, SignatureCoversTheLifetime) {
  LeafNode leaf = Leaf(LeafNodeSource::kKeyPackage);
  leaf.lifetime.not_after_s += 1;

  EXPECT_THAT(VerifyLeafSignature(leaf, place_),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(LeafNodeTest, ValidLeafNamesItsDevice) {
  EXPECT_THAT(ValidateLeaf(Leaf(LeafNodeSource::kKeyPackage), Rules()),
              IsOkAndHolds(Eq(alice_.device())));
}

TEST_F(LeafNodeTest, KeyOfAnotherSizeIsInvalid) {
  LeafNode short_key = Leaf(LeafNodeSource::kUpdate);
  short_key.encryption_key.pop_back();
  LeafNode long_signature_key = Leaf(LeafNodeSource::kUpdate);
  long_signature_key.signature_key.push_back(0);

  EXPECT_THAT(ValidateLeaf(short_key, Rules()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ValidateLeaf(long_signature_key, Rules()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(LeafNodeTest, WithoutOurVersionOrSuiteIsInvalid) {
  LeafNode no_version = Leaf(LeafNodeSource::kUpdate);
  no_version.capabilities.versions = {ProtocolVersion{2}};
  LeafNode no_suite = Leaf(LeafNodeSource::kUpdate);
  no_suite.capabilities.cipher_suites = {CipherSuite{1}};

  EXPECT_THAT(ValidateLeaf(no_version, Rules()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ValidateLeaf(no_suite, Rules()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(LeafNodeTest, CredentialThatItDoesNotListIsInvalid) {
  LeafNode leaf = Leaf(LeafNodeSource::kUpdate);
  leaf.capabilities.credentials = {kX509Credential};

  EXPECT_THAT(ValidateLeaf(leaf, Rules()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(LeafNodeTest, ExtensionThatItDoesNotListIsInvalid) {
  LeafNode leaf = Leaf(LeafNodeSource::kUpdate);
  leaf.extensions = {{.type = kOther, .data = {}}};

  EXPECT_THAT(ValidateLeaf(leaf, Rules()),
              StatusIs(absl::StatusCode::kInvalidArgument));

  leaf.capabilities.extensions.push_back(kOther);
  EXPECT_OK(ValidateLeaf(leaf, Rules()));
}

TEST_F(LeafNodeTest, DefaultExtensionNeedsNoListing) {
  LeafNode leaf = Leaf(LeafNodeSource::kUpdate);
  leaf.extensions = {MakeApplicationId(AsBytes("desk"))};

  EXPECT_OK(ValidateLeaf(leaf, Rules()));
}

TEST_F(LeafNodeTest, LifetimeIsAskedOfKeyPackagesOnly) {
  checker_.RefuseLifetimes();

  EXPECT_THAT(ValidateLeaf(Leaf(LeafNodeSource::kKeyPackage), Rules()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_OK(ValidateLeaf(Leaf(LeafNodeSource::kUpdate), Rules()));
}

TEST_F(LeafNodeTest, CheckersRefusalIsPassedOn) {
  checker_.Refuse("alice");

  EXPECT_THAT(ValidateLeaf(Leaf(LeafNodeSource::kUpdate), Rules()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(LeafNodeTest, GroupExtensionMustBeSupported) {
  group_extensions_ = {{.type = kPolicy, .data = {}}};
  EXPECT_OK(ValidateLeaf(Leaf(LeafNodeSource::kUpdate), Rules()));

  group_extensions_ = {{.type = kOther, .data = {}}};
  EXPECT_THAT(ValidateLeaf(Leaf(LeafNodeSource::kUpdate), Rules()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(LeafNodeTest, EveryKindOfRequiredCapabilityMustBeThere) {
  const std::vector<RequiredCapabilities> missing = {
      {.extensions = {kOther}, .proposals = {}, .credentials = {}},
      {.extensions = {}, .proposals = {ProposalType{9}}, .credentials = {}},
      {.extensions = {}, .proposals = {}, .credentials = {kX509Credential}},
  };
  for (size_t i = 0; i < missing.size(); ++i) {
    SCOPED_TRACE(i);
    group_extensions_ = {MakeRequiredCapabilities(missing[i])};
    EXPECT_THAT(ValidateLeaf(Leaf(LeafNodeSource::kUpdate), Rules()),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  group_extensions_ = {
      MakeRequiredCapabilities({.extensions = {kPolicy, kExternalPubExtension},
                                .proposals = {ProposalType{1}},
                                .credentials = {kBasicCredential}})};
  EXPECT_OK(ValidateLeaf(Leaf(LeafNodeSource::kUpdate), Rules()));
}

TEST_F(LeafNodeTest, GreaseIsOneMoreOfEachAndHarmsNothing) {
  LeafNode leaf = Leaf(LeafNodeSource::kUpdate);
  leaf.capabilities = WithGrease(leaf.capabilities, random_);

  EXPECT_EQ(leaf.capabilities.cipher_suites.size(), 2U);
  EXPECT_EQ(leaf.capabilities.extensions.size(), 2U);
  EXPECT_EQ(leaf.capabilities.proposals.size(), 1U);
  EXPECT_EQ(leaf.capabilities.credentials.size(), 2U);
  EXPECT_OK(ValidateLeaf(leaf, Rules()));
}

}  // namespace
}  // namespace cordon::mls
