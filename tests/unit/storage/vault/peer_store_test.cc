#include "storage/vault/peer_store.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
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
using ::testing::IsEmpty;
using ::testing::SizeIs;

const auto kRoom = IdOf<RoomId>(1);
const auto kOtherRoom = IdOf<RoomId>(2);

Peer Author(RoomId room, uint32_t author, uint64_t counter) {
  return {.room = room,
          .author = IdOf<DeviceId>(author),
          .counter = counter,
          .state = ToBytes("head")};
}

class PeerStoreTest : public ::testing::Test {
 protected:
  absl::Status Put(const Peer& peer) {
    return vault_->Update([&](VaultTxn& txn) { return txn.peers().Put(peer); });
  }
  absl::StatusOr<Peer> Stored(RoomId room, uint32_t author) {
    vault_.Reopen();
    return vault_.Read([&](const VaultTxn& txn) {
      return txn.peers().Get(room, IdOf<DeviceId>(author));
    });
  }
  absl::StatusOr<std::vector<Peer>> List(RoomId room, DeviceId after) {
    return vault_.Read(
        [&](const VaultTxn& txn) { return txn.peers().List(room, after); });
  }

  TempVault vault_;
};

TEST_F(PeerStoreTest, WhatAnAuthorClaimedIsKeptAndReplaced) {
  ASSERT_OK(Put(Author(kRoom, 1, 5)));
  Peer later = Author(kRoom, 1, 6);
  later.state = ToBytes("later head");

  ASSERT_OK(Put(later));

  ASSERT_OK_AND_ASSIGN(const Peer stored, Stored(kRoom, 1));
  EXPECT_EQ(stored.room, kRoom);
  EXPECT_EQ(stored.author, IdOf<DeviceId>(1));
  EXPECT_EQ(stored.counter, 6U);
  EXPECT_EQ(stored.state, ToBytes("later head"));
}

TEST_F(PeerStoreTest, AnAuthorIsKnownInItsRoomAlone) {
  ASSERT_OK(Put(Author(kRoom, 1, 5)));

  EXPECT_THAT(Stored(kOtherRoom, 1), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Stored(kRoom, 2), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(PeerStoreTest, AStateBeyondItsLimitIsRefusedAndTheOldStays) {
  ASSERT_OK(Put(Author(kRoom, 1, 5)));
  Peer big = Author(kRoom, 1, 6);
  big.state.resize(kPeerStateBytesMax + 1);

  EXPECT_THAT(Put(big), StatusIs(absl::StatusCode::kResourceExhausted));

  ASSERT_OK_AND_ASSIGN(const Peer stored, Stored(kRoom, 1));
  EXPECT_EQ(stored.counter, 5U);
}

TEST_F(PeerStoreTest, ForgottenRoomHasNoAuthorsAndOthersKeepTheirs) {
  ASSERT_OK(Put(Author(kRoom, 1, 5)));
  ASSERT_OK(Put(Author(kOtherRoom, 1, 5)));

  ASSERT_OK(
      vault_->Update([](VaultTxn& txn) { return txn.peers().Forget(kRoom); }));

  EXPECT_THAT(Stored(kRoom, 1), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(Stored(kOtherRoom, 1));
}

TEST_F(PeerStoreTest, ListPagesByAuthor) {
  ASSERT_OK(vault_->Update([](VaultTxn& txn) -> absl::Status {
    for (uint32_t author = 1; author <= kPeersPerPageMax + 2; ++author) {
      CORDON_RETURN_IF_ERROR(txn.peers().Put(Author(kRoom, author, author)));
    }
    return txn.peers().Put(Author(kOtherRoom, 1, 1));
  }));

  ASSERT_OK_AND_ASSIGN(const auto first, List(kRoom, DeviceId()));
  ASSERT_THAT(first, SizeIs(kPeersPerPageMax));
  ASSERT_OK_AND_ASSIGN(const auto rest, List(kRoom, first.back().author));

  ASSERT_THAT(rest, SizeIs(2));
  EXPECT_EQ(rest[1].counter, kPeersPerPageMax + 2);
  EXPECT_THAT(List(IdOf<RoomId>(3), DeviceId()), IsOkAndHolds(IsEmpty()));
}

}  // namespace
}  // namespace cordon::vault
