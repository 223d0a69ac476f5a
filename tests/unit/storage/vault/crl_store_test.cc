#include "storage/vault/crl_store.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "storage/vault/vault.h"
#include "tests/support/ids.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempVault;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Crl List(uint32_t issuer, uint64_t number, absl::string_view list) {
  return {.issuer = IdOf<Fingerprint>(issuer),
          .number = number,
          .list = ToBytes(list),
          .issuing_certificate = ToBytes("issuing"),
          .first_seen = kNow};
}

class CrlStoreTest : public ::testing::Test {
 protected:
  absl::Status Put(const Crl& crl) {
    return vault_->Update([&](VaultTxn& txn) { return txn.crls().Put(crl); });
  }
  absl::StatusOr<Crl> Stored(uint32_t issuer) {
    vault_.Reopen();
    return vault_.Read([&](const VaultTxn& txn) {
      return txn.crls().Get(IdOf<Fingerprint>(issuer));
    });
  }

  TempVault vault_;
};

TEST_F(CrlStoreTest, AListIsKeptWhole) {
  ASSERT_OK(Put(List(1, 4, "four")));

  ASSERT_OK_AND_ASSIGN(const Crl crl, Stored(1));

  EXPECT_EQ(crl.issuer, IdOf<Fingerprint>(1));
  EXPECT_EQ(crl.number, 4U);
  EXPECT_EQ(crl.list, ToBytes("four"));
  EXPECT_EQ(crl.issuing_certificate, ToBytes("issuing"));
  EXPECT_EQ(crl.first_seen, kNow);
}

TEST_F(CrlStoreTest, AnIssuerWithoutAListIsNotFound) {
  ASSERT_OK(Put(List(1, 4, "four")));

  EXPECT_THAT(Stored(2), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(CrlStoreTest, ANewerListReplaces) {
  ASSERT_OK(Put(List(1, 4, "four")));

  ASSERT_OK(Put(List(1, 9, "nine")));

  ASSERT_OK_AND_ASSIGN(const Crl crl, Stored(1));
  EXPECT_EQ(crl.list, ToBytes("nine"));
}

TEST_F(CrlStoreTest, AnOlderListIsRefusedAndTheNewerStays) {
  ASSERT_OK(Put(List(1, 4, "four")));

  EXPECT_THAT(Put(List(1, 3, "three")),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  ASSERT_OK_AND_ASSIGN(const Crl crl, Stored(1));
  EXPECT_EQ(crl.list, ToBytes("four"));
}

TEST_F(CrlStoreTest, AnotherListOfTheSameNumberIsRefused) {
  ASSERT_OK(Put(List(1, 4, "four")));

  EXPECT_THAT(Put(List(1, 4, "another")),
              StatusIs(absl::StatusCode::kAlreadyExists));

  ASSERT_OK_AND_ASSIGN(const Crl crl, Stored(1));
  EXPECT_EQ(crl.list, ToBytes("four"));
}

TEST_F(CrlStoreTest, TheSameListAgainKeepsWhenItWasFirstSeen) {
  ASSERT_OK(Put(List(1, 4, "four")));
  Crl again = List(1, 4, "four");
  again.first_seen = kNow + absl::Hours(1);

  ASSERT_OK(Put(again));

  ASSERT_OK_AND_ASSIGN(const Crl crl, Stored(1));
  EXPECT_EQ(crl.first_seen, kNow);
}

TEST_F(CrlStoreTest, ListsBeyondTheLimitsAreRefused) {
  Crl big = List(1, 1, "");
  big.list.resize(kCrlBytesMax + 1);
  EXPECT_THAT(Put(big), StatusIs(absl::StatusCode::kResourceExhausted));
  ASSERT_OK(vault_->Update([](VaultTxn& txn) -> absl::Status {
    for (uint32_t issuer = 1; issuer <= kCrlIssuersMax; ++issuer) {
      CORDON_RETURN_IF_ERROR(txn.crls().Put(List(issuer, 1, "one")));
    }
    return absl::OkStatus();
  }));

  EXPECT_THAT(Put(List(kCrlIssuersMax + 1, 1, "one")),
              StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_OK(Put(List(1, 2, "two")));
}

TEST_F(CrlStoreTest, ListNumbersGivesEveryIssuersNewest) {
  ASSERT_OK(Put(List(2, 7, "seven")));
  ASSERT_OK(Put(List(1, 4, "four")));
  ASSERT_OK(Put(List(1, 5, "five")));
  vault_.Reopen();

  ASSERT_OK_AND_ASSIGN(const auto numbers, vault_.Read([](const VaultTxn& txn) {
    return txn.crls().ListNumbers();
  }));

  ASSERT_THAT(numbers, SizeIs(2));
  EXPECT_EQ(numbers[0].issuer, IdOf<Fingerprint>(1));
  EXPECT_EQ(numbers[0].number, 5U);
  EXPECT_EQ(numbers[1].number, 7U);
}

}  // namespace
}  // namespace cordon::vault
