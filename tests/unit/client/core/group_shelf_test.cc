#include "client/core/group_shelf.h"

#include <array>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "gtest/gtest.h"

#include "client/core/parts.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/mls/group.h"
#include "crypto/mls/state_change.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/mls_room.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"

namespace cordon::client {
namespace {

using ::cordon::testing::MlsRoom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempVault;

constexpr std::array<uint8_t, 16> kRaw{1};
const RoomId kRoom(kRaw);
const EnvelopeId kEnvelope(kRaw);

class GroupShelfTest : public ::testing::Test {
 protected:
  Parts MakeParts() {
    Parts parts{};
    parts.vault = &*vault_;
    return parts;
  }
  mls::Group MakeGroup() {
    auto group = mls::Group::Create(room_.MakeKeyPackage("alice"),
                                    {.group_id = ToBytes(kRoom.span())},
                                    room_.services());
    EXPECT_OK(group);
    return *std::move(group);
  }
  absl::Status Store(mls::StateChanges changes) {
    return vault_->Update([&changes](vault::VaultTxn& txn) {
      return StoreChanges(txn, kRoom, std::move(changes));
    });
  }

  MlsRoom room_{/*seed=*/1};
  TempVault vault_;
};

TEST_F(GroupShelfTest, RoomWithoutGroupIsNotFound) {
  GroupShelf shelf(MakeParts());

  EXPECT_THAT(shelf.Find(kRoom).status(),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GroupShelfTest, WhatWasStoredIsFoundAgainByAnotherShelf) {
  mls::Group group = MakeGroup();
  ASSERT_OK(Store(group.TakeChanges()));
  const Bytes authenticator = ToBytes(group.EpochAuthenticator());
  GroupShelf shelf(MakeParts());

  ASSERT_OK_AND_ASSIGN(mls::Group * found, shelf.Find(kRoom));

  EXPECT_EQ(ToBytes(found->EpochAuthenticator()), authenticator);
}

TEST_F(GroupShelfTest, ForgettingGoesBackToWhatIsStored) {
  mls::Group group = MakeGroup();
  ASSERT_OK(Store(group.TakeChanges()));
  GroupShelf shelf(MakeParts());
  shelf.Put(kRoom, std::move(group));
  ASSERT_OK_AND_ASSIGN(mls::Group * kept, shelf.Find(kRoom));
  ASSERT_OK_AND_ASSIGN(mls::PendingCommit pending,
                       kept->Commit({.force_path = true}, room_.services()));
  ASSERT_OK(kept->Adopt(std::move(pending.next)));
  ASSERT_EQ(kept->epoch(), Epoch{1});

  shelf.Forget(kRoom);

  ASSERT_OK_AND_ASSIGN(kept, shelf.Find(kRoom));
  EXPECT_EQ(kept->epoch(), Epoch{0});
}

TEST_F(GroupShelfTest, NextEpochIsGivenOnceAndForItsEnvelopeOnly) {
  mls::Group group = MakeGroup();
  ASSERT_OK_AND_ASSIGN(mls::PendingCommit pending,
                       group.Commit({.force_path = true}, room_.services()));
  GroupShelf shelf(MakeParts());
  shelf.PutNext(kRoom, kEnvelope, std::move(pending.next));

  std::optional<mls::NextEpoch> next = shelf.TakeNext(kRoom, kEnvelope);
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->epoch(), Epoch{1});
  EXPECT_FALSE(shelf.TakeNext(kRoom, kEnvelope).has_value());

  shelf.PutNext(kRoom, kEnvelope, *std::move(next));
  EXPECT_FALSE(shelf.TakeNext(kRoom, EnvelopeId()).has_value());
  EXPECT_FALSE(shelf.TakeNext(kRoom, kEnvelope).has_value());
}

}  // namespace
}  // namespace cordon::client
