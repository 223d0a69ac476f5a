// The vault on a disk that is full, or stops after every single change.

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/vault/small_file.h"
#include "storage/vault/vault.h"
#include "tests/support/faulty_files.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/support/temp_vault.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::FaultyFiles;
using ::cordon::testing::FaultyVfs;
using ::cordon::testing::kCheapCost;
using ::cordon::testing::Passphrase;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;

// Two settings that are always written together, large enough for many pages.
constexpr int kPairBytes = 20'000;

class VaultFaultsTest : public ::testing::Test {
 protected:
  absl::Status Create() {
    SeededRandom random(1);
    CORDON_ASSIGN_OR_RETURN(vault_,
                            Vault::Create(options(), Passphrase("p"), random));
    return absl::OkStatus();
  }
  // Restart is a power cut, then opening again.
  void Restart() {
    disk_.StopAfter(0);
    vault_ = nullptr;
    disk_.Restart();
    auto opened = Vault::Open(options(), Passphrase("p"));
    ASSERT_OK(opened);
    vault_ = *std::move(opened);
  }
  absl::Status PutPair(uint8_t value, sqlite::Durability durability) {
    return vault_->Update(
        [&](VaultTxn& txn) -> absl::Status {
          const Bytes bytes(kPairBytes, value);
          CORDON_RETURN_IF_ERROR(txn.identity().PutSetting("left", bytes));
          return txn.identity().PutSetting("right", bytes);
        },
        durability);
  }
  // Pair gives the value that both settings hold; 255 if they differ.
  int Pair() {
    int value = -1;
    EXPECT_OK(vault_->Read([&](const VaultTxn& txn) -> absl::Status {
      CORDON_ASSIGN_OR_RETURN(const Bytes left,
                              txn.identity().GetSetting("left"));
      CORDON_ASSIGN_OR_RETURN(const Bytes right,
                              txn.identity().GetSetting("right"));
      const bool whole = left == right && left == Bytes(kPairBytes, left[0]);
      value = whole ? left[0] : 255;
      return absl::OkStatus();
    }));
    return value;
  }
  VaultOptions options() const {
    return {.folder = folder_.path(),
            .cost = kCheapCost,
            .file_layer = files_.name()};
  }

  TempFolder folder_;
  FaultyFiles disk_;
  FaultyVfs files_{&disk_};
  std::unique_ptr<Vault> vault_;
};

TEST_F(VaultFaultsTest, AFullDiskChangesNothingAtWhicheverWrite) {
  ASSERT_OK(Create());
  ASSERT_OK(PutPair(1, sqlite::Durability::kFull));
  int refused = 0;
  for (uint64_t writes = 0; writes < 30; ++writes) {
    SCOPED_TRACE(writes);
    disk_.FillAfter(writes);
    const absl::Status updated = PutPair(2, sqlite::Durability::kFull);
    disk_.FreeUp();
    if (updated.ok()) break;
    ++refused;
    EXPECT_THAT(updated, StatusIs(absl::StatusCode::kResourceExhausted));
    EXPECT_EQ(Pair(), 1);
    Restart();
    EXPECT_EQ(Pair(), 1);
  }

  EXPECT_GT(refused, 3);
  ASSERT_OK(PutPair(3, sqlite::Durability::kFull));
  Restart();
  EXPECT_EQ(Pair(), 3);
}

TEST_F(VaultFaultsTest, CreateOnAFullDiskLeavesNoVault) {
  disk_.FillAfter(5);

  EXPECT_THAT(Create(), StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_FALSE(FileExists(folder_.File("vault.key")));
  EXPECT_THAT(Vault::Open(options(), Passphrase("p")),
              StatusIs(absl::StatusCode::kNotFound));
}

// After every change that the disk makes, it stops.
class StoppedDiskTest
    : public VaultFaultsTest,
      public ::testing::WithParamInterface<sqlite::Durability> {};

TEST_P(StoppedDiskTest, AnUpdateIsThereWholeOrNotAtAll) {
  ASSERT_OK(Create());
  ASSERT_OK(PutPair(1, sqlite::Durability::kFull));
  uint64_t changes = 0;
  bool acknowledged = false;
  for (; !acknowledged && changes < 60; ++changes) {
    SCOPED_TRACE(changes);
    disk_.StopAfter(changes);
    acknowledged = PutPair(2, GetParam()).ok() && !disk_.stopped();
    Restart();
    const int pair = Pair();
    EXPECT_TRUE(pair == 1 || pair == 2) << pair;
    ASSERT_OK(PutPair(1, sqlite::Durability::kFull));
  }

  EXPECT_TRUE(acknowledged);
  EXPECT_GT(changes, 3U);
}

INSTANTIATE_TEST_SUITE_P(Durabilities, StoppedDiskTest,
                         ::testing::Values(sqlite::Durability::kFull,
                                           sqlite::Durability::kNormal));

TEST_F(VaultFaultsTest, AnAcknowledgedFullUpdateSurvivesAPowerCut) {
  ASSERT_OK(Create());
  for (uint8_t value = 1; value <= 5; ++value) {
    SCOPED_TRACE(int{value});
    ASSERT_OK(PutPair(value, sqlite::Durability::kFull));
    Restart();
    EXPECT_EQ(Pair(), value);
  }
}

// A full update carries what was received before it to the disk.
TEST_F(VaultFaultsTest, AFullUpdateCarriesTheNormalOnesBeforeIt) {
  ASSERT_OK(Create());
  ASSERT_OK(PutPair(4, sqlite::Durability::kNormal));
  ASSERT_OK(vault_->Update([](VaultTxn& txn) {
    return txn.identity().PutSetting("sealed", AsBytes("yes"));
  }));

  Restart();

  EXPECT_EQ(Pair(), 4);
}

}  // namespace
}  // namespace cordon::vault
