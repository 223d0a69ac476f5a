#include "client/core/instruction_rules.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/model/codes.h"
#include "client/core/model/instruction.h"
#include "tests/support/finding_fields.h"

namespace cordon::client {
namespace {

using ::cordon::testing::FieldsOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kSent = absl::FromUnixSeconds(1'700'000'000);

Instruction Good() {
  return {.number = 2,
          .type = InstructionType::kInstruction,
          .title = "Check parcels",
          .body = "Look at every parcel of that sender.",
          .priority = Priority::kImportant,
          .ack = AckLevel::kUnderstood,
          .ack_deadline = kSent + absl::Hours(4)};
}

std::vector<std::string> FaultyFields(const Instruction& instruction) {
  return FieldsOf(CheckInstruction(instruction, kSent).faults);
}

TEST(InstructionRulesTest, AWholeInstructionPasses) {
  EXPECT_THAT(FaultyFields(Good()), IsEmpty());
}

TEST(InstructionRulesTest, AllThatIsMissingIsNamedAtOnce) {
  EXPECT_THAT(FaultyFields({}),
              ElementsAre("number", "title", "body", "type", "priority"));
}

TEST(InstructionRulesTest, AnAnswerThatIsAskedForNeedsADeadlineAhead) {
  Instruction instruction = Good();
  instruction.ack_deadline.reset();
  EXPECT_THAT(FaultyFields(instruction), ElementsAre("ack_deadline"));

  instruction.ack_deadline = kSent;
  EXPECT_THAT(FaultyFields(instruction), ElementsAre("ack_deadline"));
}

TEST(InstructionRulesTest, AnAnswerIsDueWithinADayWhereNothingIsSaid) {
  Instruction instruction = Good();
  FillInstruction(instruction, kSent);
  EXPECT_EQ(instruction.ack_deadline, kSent + absl::Hours(4));

  instruction.ack_deadline.reset();
  FillInstruction(instruction, kSent);
  EXPECT_EQ(instruction.ack_deadline, kSent + kAckDeadlineDefault);

  instruction.ack = AckLevel::kNone;
  instruction.ack_deadline.reset();
  FillInstruction(instruction, kSent);
  EXPECT_EQ(instruction.ack_deadline, std::nullopt);
}

TEST(InstructionRulesTest, ADeadlineWithoutAnAnswerIsAContradiction) {
  Instruction instruction = Good();
  instruction.ack = AckLevel::kNone;

  EXPECT_THAT(FaultyFields(instruction), ElementsAre("ack_deadline"));
}

TEST(InstructionRulesTest, OnlyAnEarlierInstructionIsSuperseded) {
  Instruction instruction = Good();
  instruction.supersedes = 1;
  EXPECT_THAT(FaultyFields(instruction), IsEmpty());

  instruction.supersedes = 2;
  EXPECT_THAT(FaultyFields(instruction), ElementsAre("supersedes"));
}

}  // namespace
}  // namespace cordon::client
