#include "client/core/instructions.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/instruction_rules.h"
#include "client/core/model/instruction.h"
#include "client/core/model/record.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "tests/support/client_room.h"
#include "tests/support/client_town.h"
#include "tests/support/finding_fields.h"
#include "tests/support/listings.h"
#include "tests/support/must.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientRoom;
using ::cordon::testing::ClientTown;
using ::cordon::testing::FieldsOf;
using ::cordon::testing::JoinOrganisation;
using ::cordon::testing::JoinUser;
using ::cordon::testing::kAlice;
using ::cordon::testing::kChief;
using ::cordon::testing::Must;
using ::cordon::testing::OutboxAt;
using ::cordon::testing::RecordsIn;
using ::cordon::testing::StatusIs;
using ::cordon::testing::Stop3;
using ::cordon::testing::TestClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kInstructions[] = "stop3/instructions";
constexpr char kIntake[] = "stop3/intake-acme";

Instruction CheckParcels() {
  return {.type = InstructionType::kInstruction,
          .title = "Check parcels",
          .body = "Look at every parcel of that sender.",
          .priority = Priority::kImportant,
          .ack = AckLevel::kUnderstood};
}

std::string NameOf(const Composed& made, size_t index = 0) {
  return ToHex(made.records.at(index).id.span());
}

std::vector<std::string> RoomsOf(const Composed& made) {
  std::vector<std::string> rooms;
  for (const Composed::One& one : made.records) rooms.push_back(one.room);
  return rooms;
}

std::vector<Instruction> InstructionsIn(TestClient& client,
                                        const std::string& room) {
  std::vector<Instruction> found;
  for (const RecordView& record : RecordsIn(client, room)) {
    const auto* const one = std::get_if<Instruction>(&record.content);
    if (one != nullptr) found.push_back(*one);
  }
  return found;
}

std::vector<uint32_t> NumbersIn(TestClient& client, const std::string& room) {
  std::vector<uint32_t> numbers;
  for (const Instruction& one : InstructionsIn(client, room)) {
    numbers.push_back(one.number);
  }
  return numbers;
}

AcksView AcksAt(TestClient& client, const std::string& record) {
  return Must(client.As<AcksView>(ShowAcks{.record = record}));
}

// "fr.customs/alice", by name.
std::vector<std::string> WhoAcknowledged(const AcksView& acks) {
  std::vector<std::string> users;
  for (const AckView& ack : acks.acknowledged) {
    users.push_back(absl::StrCat(ack.organisation, "/", ack.user));
  }
  return users;
}

// A coordinator, an administration's contact point and its officer, and a
// rights holder in one operation.
class InstructionsTest : public ::testing::Test {
 protected:
  InstructionsTest() {
    EXPECT_OK(JoinOrganisation(chief_, alice_, "fr.customs", "alice"));
    EXPECT_OK(JoinUser(alice_, bob_, "bob", "officer"));
    EXPECT_OK(JoinOrganisation(chief_, holder_, "acme.rightsholder", "eve"));
    town_.Settle();
    EXPECT_OK(town_.Do<MembershipChange>(chief_, Stop3()));
  }

  Composed Send(Instruction instruction) {
    return Must(town_.Do<Composed>(
        chief_, SendInstruction{.target = "stop3",
                                .instruction = std::move(instruction)}));
  }
  // One record in the instructions room and one in acme's.
  Composed SendToAll(Instruction instruction) {
    return Must(town_.Do<Composed>(
        chief_, SendInstruction{.target = "stop3",
                                .to_rightsholders = true,
                                .instruction = std::move(instruction)}));
  }
  absl::StatusOr<Composed> Answer(TestClient& client, const std::string& record,
                                  AckLevel level,
                                  const std::string& note = "") {
    return town_.Do<Composed>(
        client,
        Acknowledge{.record = record, .ack = {.level = level, .note = note}});
  }

  ClientTown town_;
  TestClient& chief_ = town_.chief();
  TestClient& alice_ = town_.Add();
  TestClient& bob_ = town_.Add();
  TestClient& holder_ = town_.Add();
};

TEST_F(InstructionsTest, NumbersCountOn) {
  Send(CheckParcels());
  Send(CheckParcels());

  EXPECT_THAT(NumbersIn(alice_, kInstructions), ElementsAre(1, 2));
}

TEST_F(InstructionsTest, NumbersCountOnFromTheHighestGiven) {
  Instruction seventh = CheckParcels();
  seventh.number = 7;
  Send(seventh);
  Send(CheckParcels());

  EXPECT_THAT(NumbersIn(alice_, kInstructions), ElementsAre(7, 8));
}

TEST_F(InstructionsTest, NumbersCountWhatHasNotLeft) {
  chief_.relay().GoAway();
  Send(CheckParcels());
  Send(CheckParcels());
  ASSERT_THAT(NumbersIn(alice_, kInstructions), IsEmpty());

  chief_.relay().ComeBack();
  town_.Wait(absl::Minutes(5));

  EXPECT_THAT(NumbersIn(alice_, kInstructions), ElementsAre(1, 2));
}

TEST_F(InstructionsTest, RightsHoldersGetTheSameUnderTheSameNumber) {
  Send(CheckParcels());

  const Composed made = SendToAll(CheckParcels());

  EXPECT_THAT(RoomsOf(made), ElementsAre(kInstructions, kIntake));
  EXPECT_THAT(NumbersIn(alice_, kInstructions), ElementsAre(1, 2));
  const std::vector<Instruction> told = InstructionsIn(holder_, kIntake);
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].number, 2U);
  EXPECT_EQ(told[0].body, CheckParcels().body);
}

TEST_F(InstructionsTest, AnAnswerIsDueWithinADayUnlessSaidOtherwise) {
  const absl::Time now = town_.clock().Now();
  Instruction urgent = CheckParcels();
  urgent.ack_deadline = now + absl::Hours(1);
  Send(CheckParcels());
  Send(urgent);

  const std::vector<Instruction> told = InstructionsIn(alice_, kInstructions);

  ASSERT_THAT(told, SizeIs(2));
  EXPECT_EQ(told[0].ack_deadline, now + kAckDeadlineDefault);
  EXPECT_EQ(told[1].ack_deadline, now + absl::Hours(1));
}

TEST_F(InstructionsTest, AcknowledgementOfEitherTwinCounts) {
  const Composed made = SendToAll(CheckParcels());
  ASSERT_OK(Answer(alice_, NameOf(made, 0), AckLevel::kUnderstood));
  ASSERT_OK(Answer(holder_, NameOf(made, 1), AckLevel::kReceived));

  for (const size_t asked : {size_t{0}, size_t{1}}) {
    SCOPED_TRACE(asked);
    const AcksView acks = AcksAt(chief_, NameOf(made, asked));
    EXPECT_EQ(acks.record, made.records[asked].id);
    EXPECT_THAT(WhoAcknowledged(acks),
                ElementsAre("acme.rightsholder/eve", "fr.customs/alice"));
    EXPECT_THAT(acks.missing, IsEmpty());
  }
}

TEST_F(InstructionsTest, WhoseOrganisationHasNotAnsweredIsMissing) {
  const Composed made = SendToAll(CheckParcels());
  EXPECT_THAT(AcksAt(chief_, NameOf(made)).missing,
              ElementsAre("acme.rightsholder", "fr.customs"));

  ASSERT_OK(Answer(bob_, NameOf(made), AckLevel::kUnderstood));

  EXPECT_THAT(AcksAt(chief_, NameOf(made)).missing,
              ElementsAre("acme.rightsholder"));
}

TEST_F(InstructionsTest, WhoWasNotToldIsNotMissing) {
  const Composed made = Send(CheckParcels());

  EXPECT_THAT(AcksAt(chief_, NameOf(made)).missing, ElementsAre("fr.customs"));
}

TEST_F(InstructionsTest, AnotherInstructionsAnswersDoNotCount) {
  const Composed first = Send(CheckParcels());
  const Composed second = Send(CheckParcels());

  ASSERT_OK(Answer(alice_, NameOf(first), AckLevel::kActioned));

  EXPECT_THAT(AcksAt(chief_, NameOf(second)).acknowledged, IsEmpty());
  EXPECT_THAT(AcksAt(chief_, NameOf(second)).missing,
              ElementsAre("fr.customs"));
}

// Each broadcast room counts for itself, and titles come again.
TEST_F(InstructionsTest, SameNumberAndTitleInAnotherRoomIsAnotherInstruction) {
  ASSERT_OK(town_.Do<MembershipChange>(
      chief_, client::CreateRoom{.operation = "stop3",
                                 .name = "north",
                                 .kind = "broadcast",
                                 .title = "",
                                 .with = {"fr.customs"}}));
  const Composed first = Send(CheckParcels());
  Instruction northern = CheckParcels();
  northern.body = "Look at every container, too.";
  const Composed second = Must(town_.Do<Composed>(
      chief_,
      SendInstruction{.target = "stop3/north", .instruction = northern}));
  ASSERT_THAT(NumbersIn(alice_, "stop3/north"), ElementsAre(1));

  ASSERT_OK(Answer(alice_, NameOf(first), AckLevel::kActioned));

  EXPECT_THAT(AcksAt(chief_, NameOf(second)).acknowledged, IsEmpty());
  EXPECT_THAT(AcksAt(chief_, NameOf(first)).acknowledged, SizeIs(1));
}

TEST_F(InstructionsTest, NumberGivenTwiceIsTwoInstructions) {
  Instruction instruction = CheckParcels();
  instruction.number = 1;
  const Composed first = Send(instruction);
  const Composed second = Send(instruction);

  ASSERT_OK(Answer(alice_, NameOf(second), AckLevel::kActioned));

  EXPECT_THAT(AcksAt(chief_, NameOf(first)).acknowledged, IsEmpty());
  EXPECT_THAT(AcksAt(chief_, NameOf(second)).acknowledged, SizeIs(1));
}

TEST_F(InstructionsTest, OfAUsersAnswersTheHighestCounts) {
  const Composed made = Send(CheckParcels());
  ASSERT_OK(Answer(alice_, NameOf(made), AckLevel::kReceived, "reading"));
  ASSERT_OK(Answer(alice_, NameOf(made), AckLevel::kActioned, "done"));
  ASSERT_OK(Answer(alice_, NameOf(made), AckLevel::kUnderstood, "late"));
  ASSERT_OK(Answer(bob_, NameOf(made), AckLevel::kReceived));

  const AcksView acks = AcksAt(chief_, NameOf(made));

  ASSERT_THAT(WhoAcknowledged(acks),
              ElementsAre("fr.customs/alice", "fr.customs/bob"));
  EXPECT_EQ(acks.acknowledged[0].level, AckLevel::kActioned);
  EXPECT_EQ(acks.acknowledged[0].note, "done");
  EXPECT_EQ(acks.acknowledged[1].level, AckLevel::kReceived);
}

TEST_F(InstructionsTest, WhatAsksForNoAnswerGetsNone) {
  Instruction plain = CheckParcels();
  plain.ack = AckLevel::kNone;
  const Composed made = Send(plain);

  EXPECT_THAT(Answer(alice_, NameOf(made), AckLevel::kReceived),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(OutboxAt(alice_), IsEmpty());
  EXPECT_THAT(AcksAt(chief_, NameOf(made)).acknowledged, IsEmpty());
}

TEST_F(InstructionsTest, AnswerThatSaysNothingIsRefused) {
  const Composed made = Send(CheckParcels());

  EXPECT_THAT(Answer(alice_, NameOf(made), AckLevel::kNone),
              StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_THAT(OutboxAt(alice_), IsEmpty());
}

// Of a client without checks.
TEST(InstructionsByHandTest, AnswerThatSaysNothingDoesNotCount) {
  ClientRoom room(policy::RoomKind::kBroadcast, {kChief, kAlice});
  const Composed made = Must(room.client(0).As<Composed>(
      SendInstruction{.target = room.name(), .instruction = CheckParcels()}));
  room.Settle();
  const RecordView told = RecordsIn(room.client(1), room.name()).at(0);
  RecordBody silent{.header = room.Header(1, policy::RecordKind::kAck, 1),
                    .msg_type = MsgType::kAck,
                    .refs = {{.record = told.id, .revision = 1}},
                    .content = Ack{.note = "?"}};

  room.Post(1, room.Sign(1, silent));

  ASSERT_THAT(RecordsIn(room.client(0), room.name()), SizeIs(2));
  const AcksView acks = AcksAt(room.client(0), NameOf(made));
  EXPECT_THAT(acks.acknowledged, IsEmpty());
  EXPECT_THAT(acks.missing, ElementsAre("fr.customs"));
}

TEST_F(InstructionsTest, OnlyAnInstructionThatIsThereIsAnswered) {
  const Composed text = Must(town_.Do<Composed>(
      chief_, SendText{.room = "stop3/general", .body = "good morning"}));
  chief_.relay().GoAway();
  const Composed waiting = Send(CheckParcels());

  EXPECT_THAT(Answer(alice_, NameOf(text), AckLevel::kReceived),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Answer(alice_, NameOf(waiting), AckLevel::kReceived),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(chief_.Do(ShowAcks{.record = NameOf(waiting)}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(OutboxAt(alice_), IsEmpty());
}

TEST_F(InstructionsTest, OnlyACoordinatorInstructs) {
  for (const bool to_rightsholders : {false, true}) {
    SCOPED_TRACE(to_rightsholders);
    EXPECT_THAT(bob_.Do(SendInstruction{.target = "stop3",
                                        .to_rightsholders = to_rightsholders,
                                        .instruction = CheckParcels()}),
                StatusIs(absl::StatusCode::kPermissionDenied));
  }
  EXPECT_THAT(OutboxAt(bob_), IsEmpty());
  EXPECT_THAT(InstructionsIn(alice_, kInstructions), IsEmpty());
}

TEST_F(InstructionsTest, RightsHolderDoesNotInstructThroughItsRoom) {
  EXPECT_THAT(holder_.Do(SendInstruction{.target = "stop3",
                                         .instruction = CheckParcels()}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(holder_.Do(SendInstruction{.target = kIntake,
                                         .instruction = CheckParcels()}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(OutboxAt(holder_), IsEmpty());
}

TEST_F(InstructionsTest, InstructionThatBreaksTheRulesIsRefusedWithItsFields) {
  Instruction instruction = CheckParcels();
  instruction.title.clear();
  instruction.ack_deadline = town_.clock().Now() - absl::Seconds(1);

  const auto refused = town_.Do<ContentRefused>(
      chief_, SendInstruction{.target = "stop3", .instruction = instruction});

  ASSERT_OK(refused);
  EXPECT_THAT(FieldsOf(refused->faults), ElementsAre("title", "ack_deadline"));
  EXPECT_THAT(OutboxAt(chief_), IsEmpty());
  EXPECT_THAT(InstructionsIn(alice_, kInstructions), IsEmpty());
}

TEST_F(InstructionsTest, InstructionsGoIntoBroadcastRoomsOnly) {
  EXPECT_THAT(chief_.Do(SendInstruction{.target = "stop3/general",
                                        .instruction = CheckParcels()}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(chief_.Do(SendInstruction{.target = "stop4",
                                        .instruction = CheckParcels()}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(OutboxAt(chief_), IsEmpty());
}

}  // namespace
}  // namespace cordon::client
