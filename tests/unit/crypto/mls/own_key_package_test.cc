#include "crypto/mls/own_key_package.h"

#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/mls/key_package.h"
#include "tests/support/mls_room.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::MlsRoom;
using ::cordon::testing::StatusIs;

class OwnKeyPackageTest : public ::testing::Test {
 protected:
  MlsRoom room_{1};
  const OwnKeyPackage own_ = room_.MakeKeyPackage("a");
};

TEST_F(OwnKeyPackageTest, IsValidAndNamedByItsHash) {
  const Extensions none;

  EXPECT_OK(ValidateKeyPackage(own_.key_package(),
                               {.group_extensions = none,
                                .checker = room_.checker(),
                                .at = room_.services().Entering()}));
  EXPECT_EQ(own_.ref(), MakeKeyPackageRef(own_.key_package()));
}

TEST_F(OwnKeyPackageTest, EveryPackageHasKeysOfItsOwn) {
  const OwnKeyPackage other = room_.MakeKeyPackage("a");

  EXPECT_NE(own_.init_key().public_key, other.init_key().public_key);
  EXPECT_NE(own_.leaf_key().public_key, other.leaf_key().public_key);
  EXPECT_NE(own_.init_key().public_key, own_.leaf_key().public_key);
}

TEST_F(OwnKeyPackageTest, SurvivesStorage) {
  ASSERT_OK_AND_ASSIGN(const OwnKeyPackage parsed,
                       OwnKeyPackage::Parse(own_.Serialize().ExposeSecret()));

  EXPECT_EQ(parsed.key_package(), own_.key_package());
  EXPECT_TRUE(parsed.init_key().private_key.EqualsConstantTime(
      own_.init_key().private_key));
  EXPECT_TRUE(parsed.leaf_key().private_key.EqualsConstantTime(
      own_.leaf_key().private_key));
  EXPECT_EQ(parsed.signer().public_key(), own_.signer().public_key());
}

TEST_F(OwnKeyPackageTest, StoredBytesThatDoNotParseOrFitAreDataLoss) {
  const SecretBytes stored = own_.Serialize();
  EXPECT_THAT(
      OwnKeyPackage::Parse(stored.ExposeSecret().first(stored.size() - 1)),
      StatusIs(absl::StatusCode::kDataLoss));
  for (const size_t byte : {size_t{1}, size_t{33}, size_t{65}}) {
    Bytes damaged = ToBytes(stored.ExposeSecret());
    damaged[byte] ^= 1;
    EXPECT_THAT(OwnKeyPackage::Parse(damaged),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST_F(OwnKeyPackageTest, KeysOfAnotherPackageAreRefused) {
  const OwnKeyPackage other = room_.MakeKeyPackage("b");

  EXPECT_THAT(OwnKeyPackage::Assemble(
                  own_.key_package(), other.init_key().CloneSecret(),
                  own_.leaf_key().CloneSecret(), own_.signer().CloneSecret()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(OwnKeyPackage::Assemble(
                  own_.key_package(), own_.init_key().CloneSecret(),
                  other.leaf_key().CloneSecret(), own_.signer().CloneSecret()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(OwnKeyPackage::Assemble(
                  own_.key_package(), own_.init_key().CloneSecret(),
                  own_.leaf_key().CloneSecret(), other.signer().CloneSecret()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::mls
