#include "client/core/guides.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/model/guide.h"
#include "client/core/model/record.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "tests/support/client_town.h"
#include "tests/support/finding_fields.h"
#include "tests/support/listings.h"
#include "tests/support/sample_records.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientTown;
using ::cordon::testing::FieldsOf;
using ::cordon::testing::FoundStop3;
using ::cordon::testing::GuidesAt;
using ::cordon::testing::RecordsIn;
using ::cordon::testing::SampleGuide;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A curator, an officer and a rights holder in one operation.
class GuidesTest : public ::testing::Test {
 protected:
  GuidesTest() { FoundStop3(town_, alice_, holder_); }

  // The id of the submission.
  std::string Submit() {
    const absl::StatusOr<Composed> made = town_.Do<Composed>(
        holder_, SubmitGuide{.operation = "stop3",
                             .guide = SampleGuide(),
                             .document = holder_.files().WriteSource(
                                 "guide.pdf", Bytes(1000, 'g'))});
    EXPECT_OK(made);
    return made.ok() ? ToHex(made->records.at(0).id.span()) : "";
  }
  std::vector<GuideState> StatesAt(TestClient& client) {
    std::vector<GuideState> states;
    for (const GuideView& guide : GuidesAt(client)) {
      states.push_back(guide.state);
    }
    return states;
  }
  size_t ToReview() {
    const auto open = curator_.As<GuidesView>(ReviewGuides{});
    EXPECT_OK(open);
    return open->guides.size();
  }

  ClientTown town_;
  TestClient& curator_ = town_.chief();
  TestClient& alice_ = town_.Add();
  TestClient& holder_ = town_.Add();
};

TEST_F(GuidesTest, SubmittedGuideWaitsForReviewAndNobodyElseSeesIt) {
  const std::string guide = Submit();

  EXPECT_EQ(ToReview(), 1U);
  EXPECT_THAT(StatesAt(holder_), ElementsAre(GuideState::kSubmitted));
  EXPECT_THAT(StatesAt(alice_), IsEmpty());
  const auto shown = curator_.As<GuideView>(ShowGuide{.record = guide});
  ASSERT_OK(shown);
  EXPECT_EQ(shown->owner, "acme.rightsholder");
  EXPECT_THAT(shown->files, SizeIs(1));
  EXPECT_THAT(alice_.Do(ShowGuide{.record = guide}),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GuidesTest, ApprovedGuideIsEverybodysAndItsOwnerIsTold) {
  const std::string guide = Submit();

  const auto approved = town_.Do<Composed>(
      curator_, ApproveGuide{.record = guide, .note = "well made"});
  town_.Settle();

  ASSERT_OK(approved);
  EXPECT_THAT(approved->records, SizeIs(2));
  EXPECT_EQ(ToReview(), 0U);
  EXPECT_THAT(StatesAt(alice_), ElementsAre(GuideState::kPublished));
  EXPECT_THAT(StatesAt(holder_), ElementsAre(GuideState::kPublished));
  const auto shown = alice_.As<GuideView>(
      ShowGuide{.record = ToHex(approved->records.at(0).id.span())});
  ASSERT_OK(shown);
  EXPECT_EQ(shown->owner, "acme.rightsholder");
  EXPECT_EQ(shown->decision, "well made");
  const std::vector<RecordView> told = RecordsIn(holder_, "stop3/intake-acme");
  ASSERT_FALSE(told.empty());
  const auto* const ack = std::get_if<Ack>(&told.back().content);
  ASSERT_NE(ack, nullptr);
  EXPECT_EQ(ack->note, "published: well made");
}

TEST_F(GuidesTest, RejectedGuideGoesBackToItsOwnerWithTheReason) {
  const std::string guide = Submit();

  ASSERT_OK(town_.Do<Composed>(
      curator_, RejectGuide{.record = guide, .reason = "no picture"}));

  EXPECT_EQ(ToReview(), 0U);
  EXPECT_THAT(StatesAt(alice_), IsEmpty());
  const auto shown = holder_.As<GuideView>(ShowGuide{.record = guide});
  ASSERT_OK(shown);
  EXPECT_EQ(shown->state, GuideState::kRejected);
  EXPECT_EQ(shown->decision, "no picture");
}

TEST_F(GuidesTest, RejectionNeedsAReasonAndAGuide) {
  const std::string guide = Submit();

  EXPECT_THAT(curator_.Do(RejectGuide{.record = guide, .reason = ""}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(curator_.Do(RejectGuide{.record = "abcdef", .reason = "why"}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(ToReview(), 1U);
}

TEST_F(GuidesTest, WhatWasDecidedIsNotDecidedAgain) {
  const std::string guide = Submit();
  ASSERT_OK(town_.Do<Composed>(curator_, ApproveGuide{.record = guide}));
  town_.Settle();

  EXPECT_THAT(town_.Do<Composed>(
                  curator_, RejectGuide{.record = guide, .reason = "late"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(town_.Do<Composed>(curator_, ApproveGuide{.record = guide}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(StatesAt(alice_), ElementsAre(GuideState::kPublished));
}

// The decision lies in the outbox and has not come back in the log.
TEST_F(GuidesTest, DecisionThatWaitsIsTheOnlyOne) {
  const std::string guide = Submit();
  curator_.relay().GoAway();
  ASSERT_OK(curator_.Do(RejectGuide{.record = guide, .reason = "no picture"}));

  EXPECT_THAT(curator_.Do(RejectGuide{.record = guide, .reason = "again"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(curator_.Do(ApproveGuide{.record = guide}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

// Both have found the guide undecided before either was composed.
TEST_F(GuidesTest, OfTwoApprovalsAtOnceOneIsMade) {
  const std::string guide = Submit();
  const uint64_t first = curator_.Begin(ApproveGuide{.record = guide});
  const uint64_t second = curator_.Begin(ApproveGuide{.record = guide});
  town_.Settle();

  const auto one = curator_.Result(first);
  const auto other = curator_.Result(second);

  ASSERT_TRUE(one.has_value() && other.has_value());
  EXPECT_NE(one->ok(), other->ok());
  EXPECT_THAT(StatesAt(alice_), ElementsAre(GuideState::kPublished));
}

TEST_F(GuidesTest, GuideThatBreaksTheRulesIsRefusedWithItsFields) {
  Guide guide = SampleGuide();
  guide.clues.clear();

  const auto refused = town_.Do<ContentRefused>(
      holder_, SubmitGuide{.operation = "stop3", .guide = guide});

  ASSERT_OK(refused);
  EXPECT_THAT(FieldsOf(refused->faults), ElementsAre("clues", "document"));
  EXPECT_EQ(ToReview(), 0U);
}

}  // namespace
}  // namespace cordon::client
