#include "client/core/newcomers.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/upkeep.h"
#include "client/core/view/enrolment.h"
#include "client/core/view/operation.h"
#include "client/core/view/record.h"
#include "tests/support/client_town.h"
#include "tests/support/sample_records.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientTown;
using ::cordon::testing::JoinOrganisation;
using ::cordon::testing::JoinUser;
using ::cordon::testing::SampleAlert;
using ::cordon::testing::Stop3;
using ::cordon::testing::TestClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kRounds = 8;

class NewcomersTest : public ::testing::Test {
 protected:
  NewcomersTest() {
    EXPECT_OK(JoinOrganisation(chief_, alice_, "fr.customs", "alice"));
    town_.Settle();
  }

  void CreateOperation() {
    ASSERT_OK(town_.Do<MembershipChange>(chief_, Stop3()));
  }
  static uint64_t BeginBringIn(TestClient& client, const std::string& user) {
    return client.Begin(
        BringIn{.users = {user}, .patience = absl::Seconds(10)});
  }
  // Whom the answer names; nothing if there is none yet.
  static std::optional<std::vector<std::string>> Outside(TestClient& client,
                                                         uint64_t id) {
    const std::optional<absl::StatusOr<AnswerBody>> answer = client.Result(id);
    if (!answer.has_value()) return std::nullopt;
    EXPECT_OK(answer->status());
    return std::get<NewcomersView>(**answer).outside;
  }
  static size_t RoomsOf(TestClient& client) {
    return client.As<RoomsView>(ListRooms{})->rooms.size();
  }
  static void StepAlone(TestClient& client) {
    for (int i = 0; i < kRounds; ++i) client.Step();
  }
  FiguresView FiguresOf(TestClient& client) {
    auto view = client.As<FiguresView>(ShowFigures{.operation = "stop3"});
    EXPECT_OK(view);
    return *std::move(view);
  }

  ClientTown town_;
  TestClient& chief_ = town_.chief();
  TestClient& alice_ = town_.Add();
  TestClient& bob_ = town_.Add();
};

TEST_F(NewcomersTest, WhoWasApprovedIsWaitedForAndBroughtIn) {
  CreateOperation();
  const uint64_t id = BeginBringIn(alice_, "fr.customs/bob");
  town_.Settle();
  EXPECT_EQ(Outside(alice_, id), std::nullopt);
  EXPECT_EQ(alice_.progress().back().stage, Stage::kWaitingForNewcomers);

  ASSERT_OK(JoinUser(alice_, bob_, "bob", "officer"));
  town_.Settle();
  town_.Wait(kNewcomerInterval);

  EXPECT_THAT(Outside(alice_, id), ::testing::Optional(IsEmpty()));
  EXPECT_EQ(RoomsOf(bob_), 4U);
}

TEST_F(NewcomersTest, WhoDoesNotComeIsNamedWhenPatienceEnds) {
  CreateOperation();
  const uint64_t id = BeginBringIn(alice_, "fr.customs/bob");

  for (int second = 0; second < 10; ++second) town_.Wait(kNewcomerInterval);

  EXPECT_THAT(Outside(alice_, id),
              ::testing::Optional(ElementsAre("fr.customs/bob")));
}

TEST_F(NewcomersTest, WhereNoRoomTakesThemThereIsNothingToWaitFor) {
  const uint64_t before = BeginBringIn(alice_, "fr.customs/bob");
  CreateOperation();
  const uint64_t other = BeginBringIn(chief_, "de.customs/hans");
  town_.Settle();

  EXPECT_THAT(Outside(alice_, before), ::testing::Optional(IsEmpty()));
  EXPECT_THAT(Outside(chief_, other), ::testing::Optional(IsEmpty()));
}

TEST_F(NewcomersTest, FiguresOfWhoCameLaterSayWhatTheyMissed) {
  CreateOperation();
  ASSERT_OK(alice_.Do(SendAlert{.operation = "stop3", .alert = SampleAlert()}));
  town_.Settle();
  ASSERT_OK(JoinUser(alice_, bob_, "bob", "officer"));
  town_.Settle();
  town_.Wait(kAdmissionInterval);

  const FiguresView early = FiguresOf(alice_);
  EXPECT_EQ(early.missed, 0U);
  EXPECT_EQ(early.figures.total.cases, 1U);
  const FiguresView late = FiguresOf(bob_);
  EXPECT_GT(late.missed, 0U);
  EXPECT_EQ(late.figures.total.cases, 0U);
  EXPECT_EQ(late.head.seq, early.head.seq);
}

TEST_F(NewcomersTest, OnePauseIsEnoughToLetSomebodyGoFromAllRooms) {
  ASSERT_OK(JoinUser(alice_, bob_, "bob", "officer"));
  town_.Settle();
  CreateOperation();
  ASSERT_EQ(RoomsOf(bob_), 4U);
  for (const char* room : {"stop3/alerts", "stop3/general",
                           "stop3/instructions", "stop3/library"}) {
    ASSERT_OK(bob_.Do(LeaveRoom{.room = room}));
  }
  // The chief, who would not pause, is away.
  StepAlone(alice_);
  town_.clock().Advance(2 * kFinishingPause);
  StepAlone(alice_);
  StepAlone(bob_);

  const auto rooms = bob_.As<RoomsView>(ListRooms{});
  ASSERT_OK(rooms);
  for (const RoomView& room : rooms->rooms) {
    EXPECT_EQ(room.state, "left") << room.room;
  }
}

}  // namespace
}  // namespace cordon::client
