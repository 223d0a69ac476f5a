#include "storage/vault/room_store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
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
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

const auto kOperation = IdOf<OperationId>(1);
const auto kRoom = IdOf<RoomId>(1);

Operation MakeOperation(uint8_t id, absl::string_view name) {
  return {.id = IdOf<OperationId>(id),
          .name = std::string(name),
          .title = "Operation",
          .profile = ToBytes("profile")};
}

Room MakeRoom(uint8_t id, absl::string_view name) {
  return {.id = IdOf<RoomId>(id),
          .operation = kOperation,
          .kind = 3,
          .name = std::string(name),
          .title = "Alerts",
          .policy = ToBytes("policy"),
          .state = RoomState::kJoined,
          .state_reason = "",
          .epoch = Epoch{2},
          .cursor = {.seq = LogSeq{7}, .hash = IdOf<ChainHash>(9)},
          .read = LogSeq{5},
          .own_counter = 11};
}

auto NameIs(absl::string_view name) {
  return Field(&Room::name, std::string(name));
}

class RoomStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(vault_->Update([](VaultTxn& txn) -> absl::Status {
      CORDON_RETURN_IF_ERROR(
          txn.rooms().PutOperation(MakeOperation(1, "stop")));
      return txn.rooms().AddRoom(MakeRoom(1, "alerts"));
    }));
  }
  template <typename Fn>
  absl::Status Update(Fn update) {
    return vault_->Update([&](VaultTxn& txn) { return update(txn.rooms()); });
  }
  absl::StatusOr<Room> Stored(RoomId id) {
    vault_.Reopen();
    return vault_.Read(
        [&](const VaultTxn& txn) { return txn.rooms().GetRoom(id); });
  }

  TempVault vault_;
};

TEST_F(RoomStoreTest, ARoomIsKeptWhole) {
  ASSERT_OK_AND_ASSIGN(const Room room, Stored(kRoom));

  EXPECT_EQ(room.id, kRoom);
  EXPECT_EQ(room.operation, kOperation);
  EXPECT_EQ(room.kind, 3U);
  EXPECT_EQ(room.name, "alerts");
  EXPECT_EQ(room.title, "Alerts");
  EXPECT_EQ(room.policy, ToBytes("policy"));
  EXPECT_EQ(room.state, RoomState::kJoined);
  EXPECT_EQ(room.state_reason, "");
  EXPECT_EQ(room.epoch, Epoch{2});
  EXPECT_EQ(room.cursor.seq, LogSeq{7});
  EXPECT_EQ(room.cursor.hash, IdOf<ChainHash>(9));
  EXPECT_EQ(room.read, LogSeq{5});
  EXPECT_EQ(room.own_counter, 11U);
}

TEST_F(RoomStoreTest, AnUnknownRoomIsNotFoundByEveryCall) {
  const auto unknown = IdOf<RoomId>(9);

  EXPECT_THAT(Stored(unknown), StatusIs(absl::StatusCode::kNotFound));
  const auto not_found = StatusIs(absl::StatusCode::kNotFound);
  ASSERT_OK(Update([&](RoomStore& rooms) {
    EXPECT_THAT(rooms.SetNames(unknown, "n", "t"), not_found);
    EXPECT_THAT(rooms.SetPolicy(unknown, {}), not_found);
    EXPECT_THAT(rooms.SetState(unknown, RoomState::kLeft, ""), not_found);
    EXPECT_THAT(rooms.SetEpoch(unknown, Epoch{1}), not_found);
    EXPECT_THAT(rooms.AdvanceCursor(unknown, {.seq = LogSeq{1}, .hash = {}}),
                not_found);
    EXPECT_THAT(rooms.MarkRead(unknown, LogSeq{1}), not_found);
    EXPECT_THAT(rooms.NextCounter(unknown), not_found);
    return absl::OkStatus();
  }));
}

TEST_F(RoomStoreTest, AKnownRoomIsNotAddedAgain) {
  EXPECT_THAT(Update([](RoomStore& rooms) {
                return rooms.AddRoom(MakeRoom(1, "other"));
              }),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(Stored(kRoom), IsOkAndHolds(NameIs("alerts")));
}

TEST_F(RoomStoreTest, ARoomOfAnUnknownOperationIsRefused) {
  Room room = MakeRoom(2, "general");
  room.operation = IdOf<OperationId>(9);

  EXPECT_THAT(Update([&](RoomStore& rooms) { return rooms.AddRoom(room); }),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(Stored(room.id), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(RoomStoreTest, RoomsAreFoundAndListedByName) {
  ASSERT_OK(Update([](RoomStore& rooms) -> absl::Status {
    Room elsewhere = MakeRoom(5, "alerts");
    elsewhere.operation = IdOf<OperationId>(2);
    CORDON_RETURN_IF_ERROR(rooms.PutOperation(MakeOperation(2, "other")));
    CORDON_RETURN_IF_ERROR(rooms.AddRoom(elsewhere));
    CORDON_RETURN_IF_ERROR(rooms.AddRoom(MakeRoom(3, "library")));
    return rooms.AddRoom(MakeRoom(4, "general"));
  }));
  vault_.Reopen();

  EXPECT_THAT(vault_.Read([](const VaultTxn& txn) {
    return txn.rooms().FindRooms(kOperation, "alerts");
  }),
              IsOkAndHolds(ElementsAre(Field(&Room::id, kRoom))));
  EXPECT_THAT(vault_.Read([](const VaultTxn& txn) {
    return txn.rooms().FindRooms(kOperation, "absent");
  }),
              IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(vault_.Read([](const VaultTxn& txn) {
    return txn.rooms().ListRooms(kOperation);
  }),
              IsOkAndHolds(ElementsAre(NameIs("alerts"), NameIs("general"),
                                       NameIs("library"))));
  EXPECT_THAT(vault_.Read([](const VaultTxn& txn) {
    return txn.rooms().ListRooms(std::nullopt);
  }),
              IsOkAndHolds(ElementsAre(NameIs("alerts"), NameIs("alerts"),
                                       NameIs("general"), NameIs("library"))));
}

TEST_F(RoomStoreTest, EachSetterChangesItsColumnsAlone) {
  ASSERT_OK(Update([](RoomStore& rooms) -> absl::Status {
    CORDON_RETURN_IF_ERROR(rooms.SetNames(kRoom, "new", "New"));
    CORDON_RETURN_IF_ERROR(rooms.SetPolicy(kRoom, AsBytes("strict")));
    CORDON_RETURN_IF_ERROR(
        rooms.SetState(kRoom, RoomState::kStopped, "forked"));
    return rooms.SetEpoch(kRoom, Epoch{3});
  }));

  ASSERT_OK_AND_ASSIGN(const Room room, Stored(kRoom));
  EXPECT_EQ(room.name, "new");
  EXPECT_EQ(room.title, "New");
  EXPECT_EQ(room.policy, ToBytes("strict"));
  EXPECT_EQ(room.state, RoomState::kStopped);
  EXPECT_EQ(room.state_reason, "forked");
  EXPECT_EQ(room.epoch, Epoch{3});
  EXPECT_EQ(room.cursor.seq, LogSeq{7});
  EXPECT_EQ(room.own_counter, 11U);
}

TEST_F(RoomStoreTest, TheCursorMovesForwardOnly) {
  ASSERT_OK(Update([](RoomStore& rooms) {
    return rooms.AdvanceCursor(kRoom,
                               {.seq = LogSeq{8}, .hash = IdOf<ChainHash>(10)});
  }));

  for (const uint64_t seq : {uint64_t{8}, uint64_t{3}}) {
    EXPECT_THAT(Update([&](RoomStore& rooms) {
                  return rooms.AdvanceCursor(
                      kRoom, {.seq = LogSeq{seq}, .hash = IdOf<ChainHash>(11)});
                }),
                StatusIs(absl::StatusCode::kFailedPrecondition));
  }

  ASSERT_OK_AND_ASSIGN(const Room room, Stored(kRoom));
  EXPECT_EQ(room.cursor.seq, LogSeq{8});
  EXPECT_EQ(room.cursor.hash, IdOf<ChainHash>(10));
}

TEST_F(RoomStoreTest, TheReadMarkerMovesForwardOnly) {
  ASSERT_OK(Update(
      [](RoomStore& rooms) { return rooms.MarkRead(kRoom, LogSeq{6}); }));
  ASSERT_OK(Update(
      [](RoomStore& rooms) { return rooms.MarkRead(kRoom, LogSeq{2}); }));

  EXPECT_THAT(Stored(kRoom), IsOkAndHolds(Field(&Room::read, LogSeq{6})));
}

TEST_F(RoomStoreTest, TheCounterCountsOnAndSurvives) {
  const auto next = [&] {
    uint64_t counter = 0;
    EXPECT_OK(Update([&](RoomStore& rooms) -> absl::Status {
      CORDON_ASSIGN_OR_RETURN(counter, rooms.NextCounter(kRoom));
      return absl::OkStatus();
    }));
    return counter;
  };

  EXPECT_EQ(next(), 12U);
  vault_.Reopen();
  EXPECT_EQ(next(), 13U);
}

TEST_F(RoomStoreTest, OnlyTheCounterGivenLastComesBack) {
  ASSERT_OK(Update([](RoomStore& rooms) -> absl::Status {
    EXPECT_THAT(rooms.NextCounter(kRoom), IsOkAndHolds(12));
    CORDON_RETURN_IF_ERROR(rooms.ReturnCounter(kRoom, 11));
    EXPECT_THAT(rooms.NextCounter(kRoom), IsOkAndHolds(13));
    return rooms.ReturnCounter(kRoom, 13);
  }));

  EXPECT_THAT(Stored(kRoom), IsOkAndHolds(Field(&Room::own_counter, 12U)));
}

TEST_F(RoomStoreTest, ACounterOfAFailedUpdateIsGivenAgain) {
  EXPECT_THAT(Update([](RoomStore& rooms) {
                EXPECT_THAT(rooms.NextCounter(kRoom), IsOkAndHolds(12));
                return absl::AbortedError("not sent");
              }),
              StatusIs(absl::StatusCode::kAborted));

  EXPECT_THAT(Stored(kRoom), IsOkAndHolds(Field(&Room::own_counter, 11U)));
}

TEST_F(RoomStoreTest, AnOperationIsKeptReplacedAndFoundByName) {
  Operation changed = MakeOperation(1, "stop");
  changed.title = "Changed";
  changed.profile = ToBytes("longer profile");
  ASSERT_OK(
      Update([&](RoomStore& rooms) { return rooms.PutOperation(changed); }));
  vault_.Reopen();

  ASSERT_OK_AND_ASSIGN(const Operation by_id,
                       vault_.Read([](const VaultTxn& txn) {
                         return txn.rooms().GetOperation(kOperation);
                       }));
  ASSERT_OK_AND_ASSIGN(const Operation by_name,
                       vault_.Read([](const VaultTxn& txn) {
                         return txn.rooms().FindOperation("stop");
                       }));

  EXPECT_EQ(by_id.title, "Changed");
  EXPECT_EQ(by_id.profile, ToBytes("longer profile"));
  EXPECT_EQ(by_name.id, kOperation);
  EXPECT_OK(Stored(kRoom));
}

TEST_F(RoomStoreTest, ANameIsOneOperations) {
  EXPECT_THAT(Update([](RoomStore& rooms) {
                return rooms.PutOperation(MakeOperation(2, "stop"));
              }),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(vault_.Read([](const VaultTxn& txn) {
    return txn.rooms().FindOperation("absent");
  }),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(vault_.Read([](const VaultTxn& txn) {
    return txn.rooms().GetOperation(IdOf<OperationId>(2));
  }),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(vault_.Read([](const VaultTxn& txn) {
    return txn.rooms().ListOperations();
  }),
              IsOkAndHolds(ElementsAre(Field(&Operation::id, kOperation))));
}

TEST_F(RoomStoreTest, OperationsBeyondTheLimitAreRefusedKnownOnesReplaced) {
  ASSERT_OK(Update([](RoomStore& rooms) -> absl::Status {
    for (size_t i = 1; i < kOperationsMax; ++i) {
      std::array<uint8_t, OperationId::kBytes> raw{};
      raw[1] = static_cast<uint8_t>(i);
      raw[2] = static_cast<uint8_t>(i >> 8);
      CORDON_RETURN_IF_ERROR(rooms.PutOperation({.id = OperationId(raw),
                                                 .name = absl::StrCat(i),
                                                 .title = "",
                                                 .profile = {}}));
    }
    return absl::OkStatus();
  }));

  EXPECT_THAT(Update([](RoomStore& rooms) {
                return rooms.PutOperation(MakeOperation(2, "one more"));
              }),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(Update([](RoomStore& rooms) {
    return rooms.PutOperation(MakeOperation(1, "renamed"));
  }));
}

}  // namespace
}  // namespace cordon::vault
