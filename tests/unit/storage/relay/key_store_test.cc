#include "storage/relay/key_store.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/status_matchers.h"

namespace cordon::relay {
namespace {

using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::StatusIs;

class KeyStoreTest : public ::testing::Test {
 protected:
  absl::Status Add(absl::string_view name, absl::string_view secret) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->keys.Add(txn, name, SecretBytes::Copy(ToBytes(secret)));
    });
  }

  RelayOnDisk relay_;
};

TEST_F(KeyStoreTest, KeyIsFoundByItsName) {
  ASSERT_OK(Add("tls", "one"));
  ASSERT_OK(Add("mls", "two"));

  ASSERT_OK_AND_ASSIGN(const SecretBytes tls, relay_->keys.Find("tls"));
  EXPECT_TRUE(tls.EqualsConstantTime(SecretBytes::Copy(ToBytes("one"))));
}

TEST_F(KeyStoreTest, UnknownKeyIsNotFound) {
  EXPECT_THAT(relay_->keys.Find("tls"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(KeyStoreTest, SecondKeyOfOneNameIsRefusedAndTheFirstStays) {
  ASSERT_OK(Add("tls", "one"));

  EXPECT_THAT(Add("tls", "other"), StatusIs(absl::StatusCode::kAlreadyExists));

  ASSERT_OK_AND_ASSIGN(const SecretBytes tls, relay_->keys.Find("tls"));
  EXPECT_TRUE(tls.EqualsConstantTime(SecretBytes::Copy(ToBytes("one"))));
}

}  // namespace
}  // namespace cordon::relay
