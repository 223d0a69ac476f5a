#include "client/core/operations.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/model/record.h"
#include "client/core/upkeep.h"
#include "client/core/view/operation.h"
#include "client/core/view/record.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/client_town.h"
#include "tests/support/fake_world.h"
#include "tests/support/ids.h"
#include "tests/support/listings.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientTown;
using ::cordon::testing::JoinOrganisation;
using ::cordon::testing::JoinUser;
using ::cordon::testing::RecordsIn;
using ::cordon::testing::StatusIs;
using ::cordon::testing::Stop3;
using ::cordon::testing::TestClient;
using ::cordon::testing::TextsIn;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class OperationsTest : public ::testing::Test {
 protected:
  OperationsTest() {
    EXPECT_OK(JoinOrganisation(chief_, alice_, "fr.customs", "alice"));
    EXPECT_OK(JoinOrganisation(chief_, holder_, "acme.rightsholder", "eve"));
    town_.Settle();
  }

  // A command of the chief's.
  template <typename T>
  absl::StatusOr<T> Do(CommandBody body) {
    return town_.Do<T>(chief_, std::move(body));
  }
  // Everybody who may admit has looked for newcomers since.
  void LookForNewcomers() {
    town_.Wait(kAdmissionInterval);
    town_.Wait(kAdmissionInterval);
  }
  // The operation, with two devices of fr.customs in its rooms.
  void CreateWithBob() {
    ASSERT_OK(JoinUser(alice_, bob_, "bob", "officer"));
    town_.Settle();
    ASSERT_OK(Do<MembershipChange>(Stop3()));
    ASSERT_THAT(RoomsOf(bob_), SizeIs(4));
  }
  std::vector<std::string> RoomsOf(TestClient& client) {
    auto view = client.As<RoomsView>(ListRooms{});
    EXPECT_OK(view);
    std::vector<std::string> rooms;
    for (const RoomView& room : view->rooms) {
      if (room.state == "joined") rooms.push_back(room.room);
    }
    return rooms;
  }

  // The one that is listed.
  static OperationView OperationAt(TestClient& client) {
    auto view = client.As<OperationsView>(ListOperations{});
    EXPECT_OK(view);
    EXPECT_THAT(view->operations, SizeIs(1));
    return view->operations.at(0);
  }

  ClientTown town_;
  TestClient& chief_ = town_.chief();
  TestClient& alice_ = town_.Add();
  TestClient& holder_ = town_.Add();
  TestClient& bob_ = town_.Add();
};

TEST_F(OperationsTest, EverybodyIsInTheirRoomsAndRightsHoldersInNoOther) {
  ASSERT_OK_AND_ASSIGN(const MembershipChange change,
                       Do<MembershipChange>(Stop3()));

  EXPECT_THAT(change.rooms, SizeIs(5));
  EXPECT_THAT(change.left_out, IsEmpty());
  EXPECT_THAT(change.devices,
              UnorderedElementsAre("fr.customs/alice/laptop",
                                   "acme.rightsholder/eve/laptop"));
  EXPECT_THAT(RoomsOf(alice_),
              UnorderedElementsAre("stop3/instructions", "stop3/alerts",
                                   "stop3/library", "stop3/general"));
  EXPECT_THAT(RoomsOf(holder_), ElementsAre("stop3/intake-acme"));
}

TEST_F(OperationsTest, ParticipantsAreAnnouncedWithTheirTitles) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));

  ASSERT_OK_AND_ASSIGN(
      const OperationDetail detail,
      alice_.As<OperationDetail>(ShowOperation{.operation = "stop3"}));

  EXPECT_EQ(detail.operation.profile.title, "STOP III");
  ASSERT_THAT(detail.participants, SizeIs(3));
  EXPECT_EQ(detail.participants[1].organisation, "fr.customs");
  EXPECT_EQ(detail.participants[1].region, "EUR");
  EXPECT_EQ(detail.participants[2].title, "Coordinating unit");
}

TEST_F(OperationsTest, ListSaysWhatEachIsInAndHasNotRead) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  ASSERT_OK(Do<Composed>(SendText{.room = "stop3/general", .body = "one"}));
  ASSERT_OK(Do<Composed>(SendText{.room = "stop3/intake-acme", .body = "two"}));
  ASSERT_OK(town_.Do<Composed>(
      alice_, SendText{.room = "stop3/general", .body = "three"}));
  ASSERT_THAT(RecordsIn(alice_, "stop3/instructions"), SizeIs(2));

  const OperationView unit = OperationAt(chief_);
  EXPECT_EQ(unit.profile.name, "stop3");
  EXPECT_EQ(unit.profile.last_day, absl::CivilDay(2023, 12, 15));
  EXPECT_EQ(unit.participants, 3U);
  EXPECT_EQ(unit.rooms, 5U);
  EXPECT_EQ(unit.unread, 1U);
  // What the chief said in general; the instructions room was read.
  EXPECT_EQ(OperationAt(alice_).rooms, 4U);
  EXPECT_EQ(OperationAt(alice_).unread, 1U);
  EXPECT_EQ(OperationAt(holder_).rooms, 1U);
  EXPECT_EQ(OperationAt(holder_).unread, 1U);
}

TEST_F(OperationsTest, ListIsEmptyBeforeThereIsOneAndNoAnswerToAStranger) {
  ASSERT_OK_AND_ASSIGN(const OperationsView view,
                       alice_.As<OperationsView>(ListOperations{}));
  EXPECT_THAT(view.operations, IsEmpty());
  EXPECT_THAT(bob_.Do(ListOperations{}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(OperationsTest, CreatingAgainChangesNothing) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  const size_t rooms = town_.world().rooms.rooms().size();

  ASSERT_OK_AND_ASSIGN(const MembershipChange change,
                       Do<MembershipChange>(Stop3()));

  EXPECT_THAT(change.devices, IsEmpty());
  EXPECT_EQ(town_.world().rooms.rooms().size(), rooms);
}

TEST_F(OperationsTest, AnotherOperationOfThatNameIsRefused) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  CreateOperation other = Stop3();
  other.title = "Another one";

  EXPECT_THAT(Do<MembershipChange>(std::move(other)),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(OperationsTest, LaterOrganisationIsAddedToWhatIsThere) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  ASSERT_OK(JoinOrganisation(chief_, bob_, "de.customs", "bob"));
  town_.Settle();

  ASSERT_OK_AND_ASSIGN(
      const MembershipChange change,
      Do<MembershipChange>(AddToOperation{.operation = "stop3",
                                          .organisations = {"de.customs"}}));

  EXPECT_THAT(change.devices, ElementsAre("de.customs/bob/laptop"));
  EXPECT_THAT(RoomsOf(bob_), SizeIs(4));
}

TEST_F(OperationsTest, WhoHasNoKeyPackageYetComesInLater) {
  for (auto& [device, packages] : town_.world().key_packages) packages = {};

  ASSERT_OK_AND_ASSIGN(const MembershipChange change,
                       Do<MembershipChange>(Stop3()));
  EXPECT_THAT(change.left_out, SizeIs(2));
  EXPECT_THAT(RoomsOf(alice_), IsEmpty());

  // They notice that there are none left; then the unit's device that there
  // are.
  town_.Wait(kAdmissionInterval);
  town_.Wait(kAdmissionInterval);
  EXPECT_THAT(RoomsOf(alice_), SizeIs(4));
  EXPECT_THAT(RoomsOf(holder_), SizeIs(1));
}

TEST_F(OperationsTest, RemovedOrganisationIsInNoRoomAndStaysOut) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));

  ASSERT_OK_AND_ASSIGN(
      const MembershipChange change,
      Do<MembershipChange>(RemoveFromOperation{
          .operation = "stop3", .organisations = {"fr.customs"}}));

  EXPECT_THAT(change.rooms, SizeIs(4));
  EXPECT_THAT(RoomsOf(alice_), IsEmpty());
  town_.Wait(kAdmissionInterval);
  EXPECT_THAT(RoomsOf(alice_), IsEmpty());
}

// It never reads the commit that took it out: that is before its new Welcome.
TEST_F(OperationsTest, DeviceThatSleptThroughComingBackReadsOn) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  town_.Wait(absl::Seconds(1));
  alice_.told().clear();
  const std::string room = "stop3/general";
  ASSERT_OK(chief_.Do(RemoveFromRoom{.room = room, .names = {"fr.customs"}}));
  ASSERT_OK(chief_.Do(AddToRoom{.room = room, .names = {"fr.customs"}}));
  ASSERT_OK(chief_.Do(SendText{.room = room, .body = "good morning"}));

  town_.Settle();

  ASSERT_OK(alice_.Do(SendText{.room = room, .body = "back"}));
  town_.Settle();
  EXPECT_THAT(TextsIn(chief_, room), ElementsAre("good morning", "back"));
  EXPECT_THAT(TextsIn(alice_, room), ElementsAre("good morning", "back"));
  EXPECT_THAT(alice_.Told<RoomFinding>(), IsEmpty());
  EXPECT_THAT(alice_.Told<RoomJoined>(), SizeIs(1));
}

TEST_F(OperationsTest, WhoComesAndGoesIsToldOnce) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  EXPECT_THAT(alice_.Told<RoomJoined>(), SizeIs(4));

  ASSERT_OK(Do<MembershipChange>(
      RemoveFromRoom{.room = "stop3/general", .names = {"fr.customs"}}));

  EXPECT_THAT(alice_.Told<RoomLeft>(), SizeIs(1));
}

TEST_F(OperationsTest, OnlyACoordinatorMakesThem) {
  EXPECT_THAT(alice_.Do(Stop3()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(OperationsTest, FaultsAreNamedBeforeAnythingIsMade) {
  CreateOperation wanted = Stop3();
  wanted.zone = "Nowhere/At-all";
  EXPECT_THAT(chief_.Do(std::move(wanted)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  wanted = Stop3();
  wanted.last_day = absl::CivilDay(2023, 12, 1);
  EXPECT_THAT(chief_.Do(std::move(wanted)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(town_.world().rooms.rooms(), IsEmpty());
}

TEST_F(OperationsTest, RoomIsMadeShownAndLeft) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  ASSERT_OK_AND_ASSIGN(
      const MembershipChange made,
      Do<MembershipChange>(client::CreateRoom{.operation = "stop3",
                                              .name = "north",
                                              .kind = "channel",
                                              .title = "",
                                              .with = {"fr.customs"}}));
  EXPECT_THAT(made.devices, ElementsAre("fr.customs/alice/laptop"));
  ASSERT_OK_AND_ASSIGN(const RoomDetail detail,
                       alice_.As<RoomDetail>(ShowRoom{.room = "stop3/north"}));
  EXPECT_THAT(detail.members, SizeIs(2));

  ASSERT_OK(alice_.Do(LeaveRoom{.room = "stop3/north"}));
  town_.Settle();
  town_.Settle();

  EXPECT_THAT(RoomsOf(alice_), SizeIs(4));
}

TEST_F(OperationsTest, WhoComesBackAccusesNobodyOfWhatWasSaidMeanwhile) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  ASSERT_OK(Do<MembershipChange>(client::CreateRoom{.operation = "stop3",
                                                    .name = "north",
                                                    .kind = "channel",
                                                    .title = "",
                                                    .with = {"fr.customs"}}));
  const auto say = [this](const std::string& body) {
    EXPECT_OK(Do<Composed>(SendText{.room = "stop3/north", .body = body}));
    town_.Settle();
  };
  say("before");
  ASSERT_OK(Do<MembershipChange>(
      RemoveFromRoom{.room = "stop3/north", .names = {"fr.customs"}}));
  say("meanwhile");
  ASSERT_OK(Do<MembershipChange>(
      AddToRoom{.room = "stop3/north", .names = {"fr.customs"}}));

  say("after");

  const std::vector<RecordView> read = RecordsIn(alice_, "stop3/north");
  EXPECT_EQ(std::get<Text>(read.back().content).body, "after");
  EXPECT_THAT(read.back().warnings, IsEmpty());
  EXPECT_THAT(alice_.Told<RoomFinding>(), IsEmpty());
}

// Whoever fills a device with operations must not keep it from all that comes
// after.
TEST_F(OperationsTest, WelcomeThatNeverFitsIsGivenUpAndTheRestIsRead) {
  ASSERT_OK(alice_.vault()->Update([](vault::VaultTxn& txn) -> absl::Status {
    for (uint32_t i = 1; i <= vault::kOperationsMax; ++i) {
      CORDON_RETURN_IF_ERROR(txn.rooms().PutOperation(
          {.id = ::cordon::testing::IdOf<OperationId>(i),
           .name = absl::StrCat("filler-", i)}));
    }
    return absl::OkStatus();
  }));
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  EXPECT_THAT(alice_.Told<RoomFinding>(), IsEmpty());

  for (int i = 0; i < 300; ++i) town_.Wait(absl::Seconds(5));

  // Four rooms of the operation.
  const std::vector<RoomFinding> findings = alice_.Told<RoomFinding>();
  ASSERT_THAT(findings, SizeIs(4));
  EXPECT_THAT(findings[0].what, ::testing::HasSubstr("cannot enter it"));
  EXPECT_EQ(alice_.Told<LinkChanged>().back().link, Link::kCaughtUp);
}

TEST_F(OperationsTest, WhoComesLaterIsBroughtInByTheirContactPoint) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  ASSERT_OK(JoinUser(alice_, bob_, "bob", "officer"));

  LookForNewcomers();

  EXPECT_THAT(RoomsOf(bob_), SizeIs(4));
}

TEST_F(OperationsTest, TroubleWithOneRoomKeepsNobodyOutOfTheOthers) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  ASSERT_OK(JoinUser(alice_, bob_, "bob", "officer"));
  alice_.relay().FailNextAppend(absl::InvalidArgumentError("no"));

  town_.Wait(kAdmissionInterval);
  EXPECT_THAT(RoomsOf(bob_), SizeIs(3));

  LookForNewcomers();
  EXPECT_THAT(RoomsOf(bob_), SizeIs(4));
}

TEST_F(OperationsTest, ProposalWhoseCommitsFailedIsTakenUpLater) {
  CreateWithBob();
  chief_.relay().FailNextAppend(absl::InvalidArgumentError("no"));
  alice_.relay().FailNextAppend(absl::InvalidArgumentError("no"));
  ASSERT_OK(bob_.Do(LeaveRoom{.room = "stop3/general"}));
  town_.Wait(2 * kFinishingPause);
  ASSERT_THAT(RoomsOf(bob_), SizeIs(4));

  LookForNewcomers();

  EXPECT_THAT(RoomsOf(bob_), SizeIs(3));
}

TEST_F(OperationsTest, ChangeThatTheRelayMissedGoesOnWhenItIsBack) {
  CreateWithBob();
  chief_.relay().FailNextAppend(absl::UnavailableError("away"));
  const uint64_t id = chief_.Begin(
      RemoveFromRoom{.room = "stop3/general", .names = {"fr.customs/bob"}});
  town_.Settle();
  chief_.relay().GoAway();
  for (int second = 0; second < 15; ++second) town_.Wait(absl::Seconds(1));
  const auto answer = chief_.Result(id);
  ASSERT_TRUE(answer.has_value());
  ASSERT_THAT(*answer, StatusIs(absl::StatusCode::kUnavailable));

  chief_.relay().ComeBack();
  for (int second = 0; second < 25; ++second) town_.Wait(absl::Seconds(1));

  EXPECT_THAT(RoomsOf(bob_), SizeIs(3));
}

TEST_F(OperationsTest, WhoWasTakenOutOfARoomStaysOutUntilTheyAreAdded) {
  CreateWithBob();
  ASSERT_OK(town_.Do<MembershipChange>(
      alice_,
      RemoveFromRoom{.room = "stop3/general", .names = {"fr.customs/bob"}}));
  ASSERT_THAT(RoomsOf(bob_), SizeIs(3));

  LookForNewcomers();
  EXPECT_THAT(RoomsOf(bob_), SizeIs(3));

  ASSERT_OK(town_.Do<MembershipChange>(
      alice_, AddToRoom{.room = "stop3/general", .names = {"fr.customs/bob"}}));
  EXPECT_THAT(RoomsOf(bob_), SizeIs(4));
}

TEST_F(OperationsTest, WhomAnotherHasTakenOutStaysOutToo) {
  CreateWithBob();
  ASSERT_OK(Do<MembershipChange>(
      RemoveFromRoom{.room = "stop3/general", .names = {"fr.customs/bob"}}));

  LookForNewcomers();

  EXPECT_THAT(RoomsOf(bob_), SizeIs(3));
}

TEST_F(OperationsTest, ComingInAndBeingTakenOutAreEachToldOnce) {
  CreateWithBob();
  EXPECT_THAT(bob_.Told<RoomJoined>(), SizeIs(4));

  ASSERT_OK(Do<MembershipChange>(
      RemoveFromRoom{.room = "stop3/general", .names = {"fr.customs/bob"}}));

  const std::vector<RoomLeft> left = bob_.Told<RoomLeft>();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].room, "stop3/general");
}

TEST_F(OperationsTest, WhoLeftStaysOut) {
  CreateWithBob();
  ASSERT_OK(bob_.Do(LeaveRoom{.room = "stop3/general"}));
  LookForNewcomers();
  ASSERT_THAT(RoomsOf(bob_), SizeIs(3));

  LookForNewcomers();

  EXPECT_THAT(RoomsOf(bob_), SizeIs(3));
}

TEST_F(OperationsTest, OnlyTheirOwnNameBringsBackWhoLeftAnOperationsRoom) {
  CreateWithBob();
  ASSERT_OK(Do<MembershipChange>(
      RemoveFromRoom{.room = "stop3/general", .names = {"fr.customs/bob"}}));

  ASSERT_OK(Do<MembershipChange>(Stop3()));
  EXPECT_THAT(RoomsOf(bob_), SizeIs(3));

  ASSERT_OK(Do<MembershipChange>(
      AddToOperation{.operation = "stop3", .organisations = {"fr.customs"}}));
  EXPECT_THAT(RoomsOf(bob_), SizeIs(4));
}

TEST_F(OperationsTest, OperationHasOneAlertsRoomAndOneLibrary) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  const size_t before = RoomsOf(chief_).size();
  for (const char* kind : {"alerts", "library"}) {
    EXPECT_THAT(Do<MembershipChange>(client::CreateRoom{.operation = "stop3",
                                                        .name = "another",
                                                        .kind = kind,
                                                        .title = "",
                                                        .with = {}}),
                StatusIs(absl::StatusCode::kAlreadyExists));
  }
  EXPECT_THAT(RoomsOf(chief_), SizeIs(before));
}

TEST_F(OperationsTest, NobodyComesByThemselvesIntoARoomForOthers) {
  CreateWithBob();
  ASSERT_OK_AND_ASSIGN(
      const MembershipChange made,
      Do<MembershipChange>(client::CreateRoom{.operation = "stop3",
                                              .name = "two",
                                              .kind = "direct",
                                              .title = "",
                                              .with = {"fr.customs/alice"}}));
  EXPECT_THAT(made.devices, ElementsAre("fr.customs/alice/laptop"));

  LookForNewcomers();

  EXPECT_THAT(RoomsOf(alice_), SizeIs(5));
  EXPECT_THAT(RoomsOf(bob_), SizeIs(4));
}

TEST_F(OperationsTest, NameThatMeansNobodyChangesNothing) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  const size_t rooms = town_.world().rooms.rooms().size();
  const std::vector<std::string> names = {"fr.customs", "typo.customs"};

  EXPECT_THAT(Do<MembershipChange>(
                  AddToOperation{.operation = "stop3", .organisations = names}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Do<MembershipChange>(RemoveFromOperation{.operation = "stop3",
                                                       .organisations = names}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(
      Do<MembershipChange>(AddToRoom{.room = "stop3/general", .names = names}),
      StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Do<MembershipChange>(
                  RemoveFromRoom{.room = "stop3/general", .names = names}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Do<MembershipChange>(client::CreateRoom{.operation = "stop3",
                                                      .name = "north",
                                                      .kind = "channel",
                                                      .title = "",
                                                      .with = names}),
              StatusIs(absl::StatusCode::kNotFound));

  EXPECT_THAT(RoomsOf(alice_), SizeIs(4));
  EXPECT_EQ(town_.world().rooms.rooms().size(), rooms);
}

TEST_F(OperationsTest, WhoMayNotComeInIsNamedAndTheOthersAreIn) {
  ASSERT_OK(Do<MembershipChange>(Stop3()));
  ASSERT_OK(JoinOrganisation(chief_, bob_, "de.customs", "bob"));
  town_.Settle();

  ASSERT_OK_AND_ASSIGN(const MembershipChange change,
                       Do<MembershipChange>(AddToRoom{
                           .room = "stop3/general",
                           .names = {"de.customs", "acme.rightsholder"}}));

  EXPECT_THAT(change.devices, ElementsAre("de.customs/bob/laptop"));
  EXPECT_THAT(change.left_out,
              ElementsAre("acme.rightsholder/eve/laptop may not be in a room "
                          "of this kind"));
  EXPECT_THAT(RoomsOf(bob_), ElementsAre("stop3/general"));
}

TEST_F(OperationsTest, OrganisationPutOutStandsOnTheRootsNextList) {
  ASSERT_OK(Do<RevokedView>(client::Revoke{
      .name = "fr.customs",
      .reason = "",
      .root_passphrase = ::cordon::testing::Passphrase("root passphrase")}));

  // The root's second list, after the empty one.
  EXPECT_EQ(std::count_if(town_.world().crls.begin(), town_.world().crls.end(),
                          [](const auto& each) {
                            return each.second.number == 2 &&
                                   each.second.list.issuing_certificate.empty();
                          }),
            1);
}

TEST_F(OperationsTest, NobodyPutsOutAnothersDevice) {
  EXPECT_THAT(alice_.Do(client::Revoke{.name = "acme.rightsholder/eve/laptop",
                                       .reason = "",
                                       .root_passphrase = {}}),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(
      alice_.Do(client::Revoke{
          .name = "acme.rightsholder",
          .reason = "",
          .root_passphrase = ::cordon::testing::Passphrase("root passphrase")}),
      StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace cordon::client
