#include "storage/relay/group_store.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/status_matchers.h"

namespace cordon::relay {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Field;
using ::testing::IsEmpty;

const RoomId kRoom = IdOf<RoomId>(1);
const RoomId kOtherRoom = IdOf<RoomId>(2);
const DeviceId kAlice = IdOf<DeviceId>(1);
const DeviceId kBruno = IdOf<DeviceId>(2);

class GroupStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(OpenRoom(kRoom));
    ASSERT_OK(Put(kRoom, 4, "state four"));
  }
  absl::Status OpenRoom(RoomId room) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      NewRoom opened;
      opened.room = room;
      return relay_->log.OpenRoom(txn, opened);
    });
  }
  absl::Status Put(RoomId room, uint64_t epoch, absl::string_view state) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->groups.Put(txn, room,
                                {.epoch = Epoch{epoch},
                                 .state = ToBytes(state),
                                 .tree = ToBytes("tree")});
    });
  }
  absl::Status PutInfo(uint64_t epoch, uint32_t signer,
                       absl::string_view info) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->groups.PutInfo(
          txn, kRoom, Epoch{epoch},
          {.signer = IdOf<DeviceId>(signer), .info = ToBytes(info)});
    });
  }
  absl::Status AddMember(RoomId room, uint32_t leaf, DeviceId device) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->groups.AddMember(
          txn, room, {.leaf = leaf, .device = device, .since = LogSeq{5}});
    });
  }
  absl::Status RemoveMember(uint32_t leaf) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->groups.RemoveMember(txn, kRoom, leaf);
    });
  }
  std::vector<Bytes> Infos() {
    auto infos = relay_->groups.Infos(kRoom);
    EXPECT_OK(infos);
    std::vector<Bytes> bytes;
    for (const StoredGroupInfo& info : *infos) {
      bytes.push_back(info.info);
    }
    return bytes;
  }

  RelayOnDisk relay_;
};

TEST_F(GroupStoreTest, GroupIsThereAfterRestart) {
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const GroupState group, relay_->groups.Find(kRoom));

  EXPECT_EQ(group.epoch, Epoch{4});
  EXPECT_EQ(group.state, ToBytes("state four"));
  EXPECT_EQ(group.tree, ToBytes("tree"));
}

TEST_F(GroupStoreTest, NextStateReplacesTheLast) {
  ASSERT_OK(Put(kRoom, 5, "state five"));
  ASSERT_OK(relay_.Restart());

  EXPECT_THAT(relay_->groups.Find(kRoom),
              IsOkAndHolds(Field(&GroupState::state, ToBytes("state five"))));
}

TEST_F(GroupStoreTest, RoomWithoutAGroupIsNotFound) {
  EXPECT_THAT(relay_->groups.Find(kOtherRoom),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GroupStoreTest, GroupOfARoomThatWasNotOpenedIsRefused) {
  EXPECT_THAT(Put(kOtherRoom, 0, "state"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(GroupStoreTest, GroupInfosAreThereAfterRestartTheNewestFirst) {
  ASSERT_OK(PutInfo(4, 1, "first"));
  ASSERT_OK(PutInfo(4, 2, "second"));
  ASSERT_OK(relay_.Restart());

  EXPECT_THAT(Infos(), ElementsAre(ToBytes("second"), ToBytes("first")));
}

TEST_F(GroupStoreTest, SignerReplacesItsOwnGroupInfo) {
  ASSERT_OK(PutInfo(4, 1, "old"));
  ASSERT_OK(PutInfo(4, 2, "other"));
  ASSERT_OK(PutInfo(4, 1, "new"));

  EXPECT_THAT(Infos(), ElementsAre(ToBytes("new"), ToBytes("other")));
}

TEST_F(GroupStoreTest, FourthSignerPushesOutTheOldest) {
  ASSERT_OK(PutInfo(4, 1, "one"));
  ASSERT_OK(PutInfo(4, 2, "two"));
  ASSERT_OK(PutInfo(4, 3, "three"));
  ASSERT_OK(PutInfo(4, 4, "four"));

  EXPECT_THAT(Infos(),
              ElementsAre(ToBytes("four"), ToBytes("three"), ToBytes("two")));
}

TEST_F(GroupStoreTest, GroupInfoOfAnotherEpochChangesNothing) {
  ASSERT_OK(PutInfo(4, 1, "current"));

  EXPECT_THAT(PutInfo(3, 1, "late"), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(PutInfo(5, 1, "early"), StatusIs(absl::StatusCode::kAborted));

  EXPECT_THAT(Infos(), ElementsAre(ToBytes("current")));
}

TEST_F(GroupStoreTest, GroupInfosGoWithTheirEpoch) {
  ASSERT_OK(PutInfo(4, 1, "of four"));

  ASSERT_OK(Put(kRoom, 5, "state five"));

  EXPECT_THAT(Infos(), IsEmpty());
  EXPECT_OK(PutInfo(5, 1, "of five"));
}

TEST_F(GroupStoreTest, GroupInfosStayWhenTheSameEpochIsPutAgain) {
  ASSERT_OK(PutInfo(4, 1, "of four"));

  ASSERT_OK(Put(kRoom, 4, "state four"));

  EXPECT_THAT(Infos(), ElementsAre(ToBytes("of four")));
}

TEST_F(GroupStoreTest, MembersAreThereAfterRestartByLeaf) {
  ASSERT_OK(AddMember(kRoom, 9, kBruno));
  ASSERT_OK(AddMember(kRoom, 2, kAlice));
  ASSERT_OK(relay_.Restart());

  EXPECT_THAT(relay_->groups.Members(kRoom),
              IsOkAndHolds(ElementsAre(
                  Member{.leaf = 2, .device = kAlice, .since = LogSeq{5}},
                  Member{.leaf = 9, .device = kBruno, .since = LogSeq{5}})));
}

TEST_F(GroupStoreTest, FindMemberGivesTheLeafOrNothing) {
  ASSERT_OK(AddMember(kRoom, 2, kAlice));

  EXPECT_THAT(relay_->groups.FindMember(kRoom, kAlice),
              IsOkAndHolds(Eq(std::optional<Member>(
                  Member{.leaf = 2, .device = kAlice, .since = LogSeq{5}}))));
  EXPECT_THAT(relay_->groups.FindMember(kRoom, kBruno),
              IsOkAndHolds(Eq(std::nullopt)));
}

TEST_F(GroupStoreTest, TakenLeafOrSecondLeafIsRefusedUnchanged) {
  ASSERT_OK(AddMember(kRoom, 2, kAlice));

  EXPECT_THAT(AddMember(kRoom, 2, kBruno),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(AddMember(kRoom, 3, kAlice),
              StatusIs(absl::StatusCode::kAlreadyExists));

  ASSERT_OK_AND_ASSIGN(const auto members, relay_->groups.Members(kRoom));
  EXPECT_EQ(members.size(), 1U);
}

TEST_F(GroupStoreTest, RemovedMemberIsGoneAfterRestart) {
  ASSERT_OK(AddMember(kRoom, 2, kAlice));

  ASSERT_OK(RemoveMember(2));
  ASSERT_OK(relay_.Restart());

  EXPECT_THAT(relay_->groups.Members(kRoom), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(RemoveMember(2), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GroupStoreTest, RoomsOfADeviceAreThoseItIsIn) {
  ASSERT_OK(OpenRoom(kOtherRoom));
  ASSERT_OK(Put(kOtherRoom, 0, "state"));
  ASSERT_OK(AddMember(kRoom, 2, kAlice));
  ASSERT_OK(AddMember(kOtherRoom, 0, kAlice));
  ASSERT_OK(AddMember(kOtherRoom, 1, kBruno));

  EXPECT_THAT(
      relay_->groups.RoomsOf(kAlice),
      IsOkAndHolds(ElementsAre(
          Membership{.room = kRoom, .leaf = 2, .since = LogSeq{5}},
          Membership{.room = kOtherRoom, .leaf = 0, .since = LogSeq{5}})));
  EXPECT_THAT(relay_->groups.RoomsOf(IdOf<DeviceId>(7)),
              IsOkAndHolds(IsEmpty()));
}

TEST_F(GroupStoreTest, FullDiskLeavesTheGroupAsItWas) {
  relay_.disk().FillAfter(0);

  EXPECT_THAT(Put(kRoom, 5, "state five"),
              StatusIs(absl::StatusCode::kResourceExhausted));

  relay_.disk().FreeUp();
  EXPECT_THAT(relay_->groups.Find(kRoom),
              IsOkAndHolds(Field(&GroupState::epoch, Epoch{4})));
}

}  // namespace
}  // namespace cordon::relay
