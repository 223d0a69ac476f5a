#include "storage/vault/group_store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "storage/vault/vault.h"
#include "tests/support/ids.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempVault;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const auto kRoom = IdOf<RoomId>(1);
const auto kOtherRoom = IdOf<RoomId>(2);
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

SecretBytes Secret(absl::string_view text) {
  return SecretBytes::Copy(AsBytes(text));
}

GroupPart Part(absl::string_view key, absl::string_view value) {
  return {.key = ToBytes(key), .value = Secret(value)};
}

GroupChanges Put(absl::string_view key, absl::string_view value) {
  GroupChanges changes;
  changes.put.push_back(Part(key, value));
  return changes;
}

GroupChanges PutAndErase(absl::string_view put, absl::string_view erased) {
  GroupChanges changes = Put(put, "new");
  changes.erase.push_back(ToBytes(erased));
  return changes;
}

PendingCommit Pending(RoomId room) {
  return {.room = room,
          .envelope = IdOf<EnvelopeId>(9),
          .base = Epoch{4},
          .commit = ToBytes("commit"),
          .group_info = ToBytes("info"),
          .welcome = ToBytes("welcome"),
          .purpose = ToBytes("add alice"),
          .made = kNow};
}

class GroupStoreTest : public ::testing::Test {
 protected:
  absl::Status Apply(RoomId room, const GroupChanges& changes) {
    return vault_->Update(
        [&](VaultTxn& txn) { return txn.groups().Apply(room, changes); });
  }
  absl::Status PutPending(RoomId room, const GroupChanges& changes) {
    return vault_->Update([&](VaultTxn& txn) {
      return txn.groups().PutPending(Pending(room), changes);
    });
  }
  absl::Status PutKeyPackage(uint8_t ref, absl::Time expires,
                             bool last_resort) {
    return vault_->Update([&](VaultTxn& txn) {
      return txn.groups().PutKeyPackage({.ref = IdOf<KeyPackageRef>(ref),
                                         .secrets = Secret("init"),
                                         .expires = expires,
                                         .last_resort = last_resort});
    });
  }
  absl::StatusOr<std::string> TakeKeyPackage(uint8_t ref) {
    std::string taken;
    absl::Status status = vault_->Update([&](VaultTxn& txn) -> absl::Status {
      auto secrets = txn.groups().TakeKeyPackage(IdOf<KeyPackageRef>(ref));
      if (secrets.ok()) taken = ToString(secrets->secrets.ExposeSecret());
      return secrets.status();
    });
    if (!status.ok()) return status;
    return taken;
  }

  // What a crash would leave of a room's group.
  std::map<std::string, std::string> Stored(RoomId room) {
    vault_.Reopen();
    const auto parts = vault_.Read(
        [&](const VaultTxn& txn) { return txn.groups().Load(room); });
    EXPECT_OK(parts);
    std::map<std::string, std::string> stored;
    if (!parts.ok()) return stored;
    for (const GroupPart& part : *parts) {
      stored[ToString(part.key)] = ToString(part.value.ExposeSecret());
    }
    return stored;
  }
  absl::StatusOr<PendingCommit> StoredPending(RoomId room) {
    vault_.Reopen();
    return vault_.Read(
        [&](const VaultTxn& txn) { return txn.groups().GetPending(room); });
  }

  TempVault vault_;
};

TEST_F(GroupStoreTest, ApplyPutsReplacesAndErases) {
  GroupChanges first = Put("epoch", "1");
  first.put.push_back(Part("leaf", "a"));
  ASSERT_OK(Apply(kRoom, first));
  GroupChanges second = Put("epoch", "2");
  second.erase = {ToBytes("leaf"), ToBytes("never there")};

  ASSERT_OK(Apply(kRoom, second));

  EXPECT_THAT(Stored(kRoom), ElementsAre(Pair("epoch", "2")));
}

TEST_F(GroupStoreTest, ARoomWithoutAGroupLoadsNothing) {
  ASSERT_OK(Apply(kRoom, Put("epoch", "1")));

  EXPECT_THAT(Stored(kOtherRoom), IsEmpty());
}

TEST_F(GroupStoreTest, AnEmptyValueIsAValue) {
  ASSERT_OK(Apply(kRoom, Put("flag", "")));

  EXPECT_THAT(Stored(kRoom), ElementsAre(Pair("flag", "")));
}

TEST_F(GroupStoreTest, ABadKeyIsRefusedBeforeAnythingIsWritten) {
  ASSERT_OK(Apply(kRoom, Put("epoch", "1")));
  for (const std::string& key : {std::string(), std::string(65, 'k')}) {
    SCOPED_TRACE(key.size());
    GroupChanges changes = Put("epoch", "2");
    changes.erase.push_back(ToBytes(key));
    // The update goes on after the refusal, and must not carry a half.
    ASSERT_OK(vault_->Update([&](VaultTxn& txn) {
      EXPECT_THAT(txn.groups().Apply(kRoom, changes),
                  StatusIs(absl::StatusCode::kInvalidArgument));
      return absl::OkStatus();
    }));
  }

  EXPECT_THAT(Stored(kRoom), ElementsAre(Pair("epoch", "1")));
}

TEST_F(GroupStoreTest, APartBeyondItsLimitIsRefused) {
  GroupChanges changes;
  changes.put.push_back(
      {.key = ToBytes("big"), .value = SecretBytes(kGroupPartBytesMax + 1)});

  EXPECT_THAT(Apply(kRoom, changes),
              StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_THAT(Stored(kRoom), IsEmpty());
}

TEST_F(GroupStoreTest, EraseGroupForgetsOneRoomWithItsPendingCommit) {
  ASSERT_OK(Apply(kRoom, Put("epoch", "1")));
  ASSERT_OK(Apply(kOtherRoom, Put("epoch", "7")));
  ASSERT_OK(PutPending(kRoom, Put("epoch", "2")));

  ASSERT_OK(vault_->Update(
      [](VaultTxn& txn) { return txn.groups().EraseGroup(kRoom); }));

  EXPECT_THAT(Stored(kRoom), IsEmpty());
  EXPECT_THAT(Stored(kOtherRoom), ElementsAre(Pair("epoch", "7")));
  EXPECT_THAT(StoredPending(kRoom), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GroupStoreTest, APendingCommitIsKeptWholeAndChangesNothingYet) {
  ASSERT_OK(Apply(kRoom, Put("epoch", "4")));

  ASSERT_OK(PutPending(kRoom, PutAndErase("next", "epoch")));

  ASSERT_OK_AND_ASSIGN(const PendingCommit stored, StoredPending(kRoom));
  EXPECT_EQ(stored.room, kRoom);
  EXPECT_EQ(stored.envelope, IdOf<EnvelopeId>(9));
  EXPECT_EQ(stored.base, Epoch{4});
  EXPECT_EQ(stored.commit, ToBytes("commit"));
  EXPECT_EQ(stored.group_info, ToBytes("info"));
  EXPECT_EQ(stored.welcome, ToBytes("welcome"));
  EXPECT_EQ(stored.purpose, ToBytes("add alice"));
  EXPECT_EQ(stored.made, kNow);
  EXPECT_THAT(Stored(kRoom), ElementsAre(Pair("epoch", "4")));
  EXPECT_THAT(vault_.Read([](const VaultTxn& txn) {
    return txn.groups().ListPending();
  }),
              IsOkAndHolds(ElementsAre(kRoom)));
}

TEST_F(GroupStoreTest, ASecondPendingCommitIsRefusedAndTheFirstStays) {
  ASSERT_OK(PutPending(kRoom, Put("next", "5")));

  EXPECT_THAT(PutPending(kRoom, Put("next", "6")),
              StatusIs(absl::StatusCode::kAlreadyExists));

  ASSERT_OK(vault_->Update(
      [](VaultTxn& txn) { return txn.groups().AdoptPending(kRoom); }));
  EXPECT_THAT(Stored(kRoom), ElementsAre(Pair("next", "5")));
}

TEST_F(GroupStoreTest, AdoptMakesThePendingChangesOnceAndOnlyThere) {
  ASSERT_OK(Apply(kRoom, Put("epoch", "4")));
  ASSERT_OK(Apply(kOtherRoom, Put("epoch", "7")));
  ASSERT_OK(PutPending(kRoom, PutAndErase("next", "epoch")));
  ASSERT_OK(PutPending(kOtherRoom, Put("epoch", "8")));

  ASSERT_OK(vault_->Update(
      [](VaultTxn& txn) { return txn.groups().AdoptPending(kRoom); }));

  EXPECT_THAT(Stored(kRoom), ElementsAre(Pair("next", "new")));
  EXPECT_THAT(Stored(kOtherRoom), ElementsAre(Pair("epoch", "7")));
  EXPECT_THAT(StoredPending(kRoom), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(StoredPending(kOtherRoom));
}

TEST_F(GroupStoreTest, AdoptCanReplaceTheValueOfAKey) {
  ASSERT_OK(Apply(kRoom, Put("epoch", "4")));
  ASSERT_OK(PutPending(kRoom, Put("epoch", "5")));

  ASSERT_OK(vault_->Update(
      [](VaultTxn& txn) { return txn.groups().AdoptPending(kRoom); }));

  EXPECT_THAT(Stored(kRoom), ElementsAre(Pair("epoch", "5")));
}

TEST_F(GroupStoreTest, DropLeavesTheGroupAsItWas) {
  ASSERT_OK(Apply(kRoom, Put("epoch", "4")));
  ASSERT_OK(PutPending(kRoom, PutAndErase("next", "epoch")));

  ASSERT_OK(vault_->Update(
      [](VaultTxn& txn) { return txn.groups().DropPending(kRoom); }));

  EXPECT_THAT(Stored(kRoom), ElementsAre(Pair("epoch", "4")));
  EXPECT_THAT(StoredPending(kRoom), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK(PutPending(kRoom, Put("next", "5")));
}

TEST_F(GroupStoreTest, AdoptAndDropWithoutAPendingCommitAreNotFound) {
  ASSERT_OK(Apply(kRoom, Put("epoch", "4")));

  EXPECT_THAT(vault_->Update([](VaultTxn& txn) {
    return txn.groups().AdoptPending(kRoom);
  }),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(vault_->Update([](VaultTxn& txn) {
    return txn.groups().DropPending(kRoom);
  }),
              StatusIs(absl::StatusCode::kNotFound));

  EXPECT_THAT(Stored(kRoom), ElementsAre(Pair("epoch", "4")));
}

TEST_F(GroupStoreTest, AKeyPackageIsTakenOnce) {
  ASSERT_OK(PutKeyPackage(1, kNow, /*last_resort=*/false));
  vault_.Reopen();

  EXPECT_THAT(TakeKeyPackage(1), IsOkAndHolds(std::string("init")));

  vault_.Reopen();
  EXPECT_THAT(TakeKeyPackage(1), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GroupStoreTest, ALastResortStaysWhenTaken) {
  ASSERT_OK(PutKeyPackage(1, kNow, /*last_resort=*/true));

  EXPECT_THAT(TakeKeyPackage(1), IsOkAndHolds(std::string("init")));

  vault_.Reopen();
  EXPECT_THAT(TakeKeyPackage(1), IsOkAndHolds(std::string("init")));
}

TEST_F(GroupStoreTest, AnUnknownKeyPackageIsNotFoundAndAKnownOneNotPutAgain) {
  EXPECT_THAT(TakeKeyPackage(1), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK(PutKeyPackage(1, kNow, /*last_resort=*/false));

  EXPECT_THAT(PutKeyPackage(1, kNow, /*last_resort=*/true),
              StatusIs(absl::StatusCode::kAlreadyExists));

  ASSERT_OK(TakeKeyPackage(1));
  EXPECT_THAT(TakeKeyPackage(1), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GroupStoreTest, CountLeavesOutExpiredOnesAndLastResorts) {
  ASSERT_OK(PutKeyPackage(1, kNow, /*last_resort=*/false));
  ASSERT_OK(PutKeyPackage(2, kNow + absl::Seconds(1), /*last_resort=*/false));
  ASSERT_OK(PutKeyPackage(3, kNow + absl::Hours(1), /*last_resort=*/false));
  ASSERT_OK(PutKeyPackage(4, kNow + absl::Hours(1), /*last_resort=*/true));
  vault_.Reopen();

  EXPECT_THAT(vault_.Read([](const VaultTxn& txn) {
    return txn.groups().CountKeyPackages(kNow);
  }),
              IsOkAndHolds(2));
}

TEST_F(GroupStoreTest, EraseBeforeTakesTheExpiredAndLeavesTheOthers) {
  ASSERT_OK(PutKeyPackage(1, kNow - absl::Hours(1), /*last_resort=*/true));
  ASSERT_OK(PutKeyPackage(2, kNow - absl::Hours(1), /*last_resort=*/false));
  ASSERT_OK(PutKeyPackage(3, kNow, /*last_resort=*/false));

  ASSERT_OK(vault_->Update([](VaultTxn& txn) {
    const auto erased = txn.groups().EraseKeyPackagesBefore(kNow);
    EXPECT_THAT(erased, IsOkAndHolds(2));
    return erased.status();
  }));

  vault_.Reopen();
  EXPECT_THAT(TakeKeyPackage(1), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(TakeKeyPackage(2), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(TakeKeyPackage(3));
}

TEST_F(GroupStoreTest, KeyPackagesBeyondTheLimitAreRefused) {
  ASSERT_OK(vault_->Update([](VaultTxn& txn) -> absl::Status {
    for (size_t i = 0; i < kKeyPackagesMax; ++i) {
      std::array<uint8_t, KeyPackageRef::kBytes> raw{};
      raw[0] = static_cast<uint8_t>(i);
      raw[1] = static_cast<uint8_t>(i >> 8);
      raw[2] = 1;
      EXPECT_OK(txn.groups().PutKeyPackage({.ref = KeyPackageRef(raw),
                                            .secrets = Secret("s"),
                                            .expires = kNow,
                                            .last_resort = false}));
    }
    return absl::OkStatus();
  }));

  EXPECT_THAT(PutKeyPackage(1, kNow, /*last_resort=*/false),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace cordon::vault
