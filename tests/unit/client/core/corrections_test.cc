#include "client/core/corrections.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command/record.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/record.h"
#include "client/core/vault_numbers.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/hash.h"
#include "tests/support/client_room.h"
#include "tests/support/listings.h"
#include "tests/support/sample_records.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::AlertsAt;
using ::cordon::testing::ClientRoom;
using ::cordon::testing::kBob;
using ::cordon::testing::SampleAlert;
using ::cordon::testing::StatusIs;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CorrectionsTest : public ::testing::Test {
 protected:
  RecordBody Body(size_t index, Content content, uint64_t counter) {
    return {.header = room_.Header(index, policy::RecordKind::kAlert, counter),
            .content = std::move(content)};
  }
  // Alice's case lies in the room.
  CorrectionsTest() {
    RecordBody first = Body(1, SampleAlert(), 1);
    first.ref_no = "STOP3/FR/2023/0001";
    const Bytes signed_bytes = room_.Sign(1, first);
    case_ = {
        .record = first.header.id, .revision = 1, .hash = Sha256(signed_bytes)};
    room_.Post(1, signed_bytes);
  }
  RecordBody Update() {
    RecordBody update = Body(1, SampleAlert(), 2);
    update.msg_type = MsgType::kUpdate;
    update.revision = 2;
    update.refs = {case_};
    return update;
  }
  RecordBody Cancellation() {
    RecordBody cancel = Body(1, Cancel{.reason = "sent twice"}, 2);
    cancel.msg_type = MsgType::kCancel;
    cancel.revision = 2;
    cancel.refs = {case_};
    return cancel;
  }
  std::vector<std::string> CasesAt(size_t index) {
    std::vector<std::string> cases;
    for (const RecordView& view : AlertsAt(room_.client(index))) {
      const bool stands = std::holds_alternative<Alert>(view.content);
      cases.push_back(absl::StrCat(view.author.organisation,
                                   stands ? " stands" : " cancelled"));
    }
    return cases;
  }

  ClientRoom room_{policy::RoomKind::kAlerts};
  Reference case_;
};

TEST_F(CorrectionsTest, OwnOrganisationCancelsItsCase) {
  room_.Post(1, room_.Sign(1, Cancellation()));

  EXPECT_THAT(room_.RefusalsAt(0), IsEmpty());
  EXPECT_THAT(CasesAt(0), ElementsAre("fr.customs cancelled"));
}

TEST_F(CorrectionsTest, CancellationByAnotherOrganisationIsRefusedByName) {
  RecordBody cancel = Body(2, Cancel{.reason = "never happened"}, 1);
  cancel.msg_type = MsgType::kCancel;
  cancel.refs = {case_};
  room_.Post(2, room_.Sign(2, cancel));

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kNotAllowed));
  EXPECT_THAT(
      room_.FindingsAt(0),
      ElementsAre(AllOf(HasSubstr(kBob), HasSubstr("another organisation"))));
  EXPECT_THAT(CasesAt(0), ElementsAre("fr.customs stands"));
}

TEST_F(CorrectionsTest, UpdateByAnotherOrganisationIsRefusedByName) {
  RecordBody update = Body(2, SampleAlert(), 1);
  update.msg_type = MsgType::kUpdate;
  update.ref_no = "STOP3/FR/2023/0001";
  update.refs = {case_};
  room_.Post(2, room_.Sign(2, update));

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kNotAllowed));
  EXPECT_THAT(room_.FindingsAt(0), ElementsAre(HasSubstr(kBob)));
  EXPECT_THAT(CasesAt(0), ElementsAre("fr.customs stands"));
}

TEST_F(CorrectionsTest, NumberTakenByAnotherOrganisationMeansNeitherRecord) {
  const ShowRecord by_number{.record = "STOP3/FR/2023/0001"};
  const auto owned = room_.client(0).As<RecordView>(by_number);
  ASSERT_OK(owned);
  EXPECT_EQ(owned->author.organisation, "fr.customs");
  RecordBody other = Body(2, SampleAlert(), 1);
  other.ref_no = by_number.record;
  room_.Post(2, room_.Sign(2, other));

  const auto shown = room_.client(0).Do(by_number);

  ASSERT_THAT(shown, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(shown.status().message(),
              AllOf(HasSubstr("fr.customs"), HasSubstr("de.customs"),
                    HasSubstr(ToHex(other.header.id.span()))));
}

TEST_F(CorrectionsTest, UpdateOfNothingIsRefused) {
  RecordBody update = Body(1, SampleAlert(), 2);
  update.msg_type = MsgType::kUpdate;
  room_.Post(1, room_.Sign(1, update));

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kBadContent));
  EXPECT_THAT(room_.FindingsAt(0), ElementsAre(HasSubstr("refs")));
  EXPECT_THAT(CasesAt(0), ElementsAre("fr.customs stands"));
}

// An update of alice's case that keeps the rules.
TEST_F(CorrectionsTest, UpdateThatKeepsTheRulesStands) {
  room_.Post(1, room_.Sign(1, Update()));

  EXPECT_THAT(room_.RefusalsAt(0), IsEmpty());
  EXPECT_THAT(CasesAt(0), ElementsAre("fr.customs stands"));
}

TEST_F(CorrectionsTest, UpdateOfAnotherVersionThanLiesHereIsRefused) {
  RecordBody other_hash = Update();
  other_hash.refs[0].hash[0] ^= 1;
  RecordBody other_revision = Update();
  other_revision.refs[0].revision = 7;
  RecordBody not_the_next = Update();
  not_the_next.revision = 3;
  for (const RecordBody* body : {&other_hash, &other_revision, &not_the_next}) {
    room_.Post(1, room_.Sign(1, *body));
  }

  EXPECT_THAT(room_.RefusalsAt(0), SizeIs(3));
  EXPECT_THAT(room_.RefusalsAt(0), Each(Refusal::kBadContent));
  EXPECT_THAT(room_.FindingsAt(0), Contains(HasSubstr("does not lie here")));
  EXPECT_THAT(room_.FindingsAt(0), Contains(HasSubstr("not the next")));
}

TEST_F(CorrectionsTest, UpdateWithoutALineOfBeforeIsRefused) {
  RecordBody update = Update();
  std::get<Alert>(update.content).lines[0].number = 2;
  room_.Post(1, room_.Sign(1, update));

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kBadContent));
  EXPECT_THAT(room_.FindingsAt(0), ElementsAre(HasSubstr("number 1")));
}

TEST_F(CorrectionsTest, CancellationThatDoesNotSaySoIsRefused) {
  RecordBody cancel = Cancellation();
  cancel.msg_type = MsgType::kAlert;
  room_.Post(1, room_.Sign(1, cancel));

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kBadContent));
  EXPECT_THAT(CasesAt(0), ElementsAre("fr.customs stands"));
}

TEST_F(CorrectionsTest, CaseThatWasCancelledIsNotBroughtBack) {
  room_.Post(1, room_.Sign(1, Cancellation()));
  room_.Post(1, room_.Sign(1, Update()));

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kNotAllowed));
  EXPECT_THAT(room_.FindingsAt(0), Contains(HasSubstr("was cancelled")));
  EXPECT_THAT(CasesAt(0), ElementsAre("fr.customs cancelled"));
}

TEST_F(CorrectionsTest, FinalCaseIsNotChangedByWhoMadeItSo) {
  RecordBody final_version = Update();
  std::get<Alert>(final_version.content).final = true;
  room_.Post(1, room_.Sign(1, final_version));
  // Neither going on from it nor going round it.
  room_.Post(1, room_.Sign(1, Update()));

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kNotAllowed));
  EXPECT_THAT(room_.FindingsAt(0), Contains(HasSubstr("a second person")));
}

}  // namespace
}  // namespace cordon::client
