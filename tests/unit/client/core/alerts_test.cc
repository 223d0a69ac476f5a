#include "client/core/alerts.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command/record.h"
#include "client/core/event.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/record.h"
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
using ::cordon::testing::OutboxAt;
using ::cordon::testing::SampleAlert;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestClient;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr size_t kAlice = 1;
constexpr size_t kCarol = 2;
constexpr size_t kBob = 3;

Alert Seizure(const std::string& brand) {
  Alert alert = SampleAlert();
  alert.lines.at(0).brand = brand;
  alert.lines.at(0).no_photo_reason = "no camera at hand";
  return alert;
}

class AlertsTest : public ::testing::Test {
 protected:
  absl::StatusOr<Composed> Send(size_t index, const std::string& brand,
                                const std::string& updates = "") {
    return room_.client(index).As<Composed>(SendAlert{
        .operation = "stop3", .alert = Seizure(brand), .updates = updates});
  }
  absl::StatusOr<Composed> Withdraw(size_t index, const std::string& record) {
    return room_.client(index).As<Composed>(
        CancelAlert{.record = record, .reason = "sent twice"});
  }
  static std::string IdIn(const absl::StatusOr<Composed>& composed) {
    EXPECT_OK(composed);
    return composed.ok() ? ToHex(composed->records.at(0).id.span()) : "";
  }
  // A case of the device's own making, under any number.
  RecordBody Handmade(size_t index, const std::string& ref_no,
                      uint64_t counter) {
    return {.header = room_.Header(index, policy::RecordKind::kAlert, counter),
            .ref_no = ref_no,
            .content = Seizure("handmade")};
  }

  // Brands of the cases that stand, the newest first; "" if it is cancelled.
  std::vector<std::string> ListedAt(size_t index) {
    std::vector<std::string> brands;
    for (const RecordView& view : AlertsAt(room_.client(index))) {
      const auto* const alert = std::get_if<Alert>(&view.content);
      brands.push_back(alert == nullptr ? "" : alert->lines.at(0).brand);
    }
    return brands;
  }
  Figures FiguresAt(size_t index) {
    const auto view =
        room_.client(index).As<FiguresView>(ShowFigures{.operation = "stop3"});
    EXPECT_OK(view);
    return view->figures;
  }

  ClientRoom room_{policy::RoomKind::kAlerts,
                   {"ocu.authority/chief/desk", "fr.customs/alice/laptop",
                    "fr.customs/carol/phone", "de.customs/bob/phone"}};
};

TEST_F(AlertsTest, NumbersCountOnFromOnesOwnSentOrWaiting) {
  const auto first = Send(kAlice, "one");
  const auto second = Send(kAlice, "two");
  room_.Settle();
  const auto third = Send(kCarol, "three");
  const auto other = Send(kBob, "four");

  ASSERT_OK(first);
  ASSERT_OK(second);
  ASSERT_OK(third);
  ASSERT_OK(other);
  EXPECT_EQ(first->ref_no, "STOP3-FR-2023-00001");
  EXPECT_EQ(second->ref_no, "STOP3-FR-2023-00002");
  EXPECT_EQ(third->ref_no, "STOP3-FR-2023-00003");
  EXPECT_EQ(other->ref_no, "STOP3-DE-2023-00001");
}

TEST_F(AlertsTest, NumbersThatOthersClaimCountForNothing) {
  for (const char* claimed :
       {"STOP3-FR-2023-00041", "STOP3-FR-2023-4294967295"}) {
    RecordBody body = Handmade(kBob, claimed, 1);
    room_.Post(kBob, room_.Sign(kBob, body));
  }

  const auto sent = Send(kAlice, "one");

  ASSERT_OK(sent);
  EXPECT_EQ(sent->ref_no, "STOP3-FR-2023-00001");
}

TEST_F(AlertsTest, NumberOfAnotherMembersSeriesIsNamedToTheReader) {
  RecordBody body = Handmade(kBob, "STOP3-FR-2023-00041", 1);
  room_.Post(kBob, room_.Sign(kBob, body));
  const std::string own = IdIn(Send(kAlice, "one"));
  room_.Settle();

  const auto claimed = room_.client(0).As<RecordView>(
      ShowRecord{.record = "STOP3-FR-2023-00041"});
  const auto honest = room_.client(0).As<RecordView>(ShowRecord{.record = own});

  ASSERT_OK(claimed);
  ASSERT_OK(honest);
  EXPECT_THAT(claimed->warnings,
              Contains(HasSubstr("none of the numbers of de.customs")));
  EXPECT_THAT(honest->warnings, Not(Contains(HasSubstr("ref_no"))));
}

TEST_F(AlertsTest, NumberThatIsTakenIsRefused) {
  ASSERT_OK(Send(kAlice, "one"));
  room_.Settle();

  EXPECT_THAT(
      room_.client(kAlice).Do(SendAlert{.operation = "stop3",
                                        .alert = Seizure("two"),
                                        .ref_no = "STOP3-FR-2023-00001"}),
      StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(ListedAt(kAlice), ElementsAre("one"));
}

TEST_F(AlertsTest, UpdateStandsForItsCaseUnderTheSameNumber) {
  ASSERT_OK(Send(kAlice, "one"));
  room_.Settle();

  const auto update = Send(kCarol, "better", "STOP3-FR-2023-00001");
  room_.Settle();

  ASSERT_OK(update);
  EXPECT_EQ(update->ref_no, "STOP3-FR-2023-00001");
  EXPECT_THAT(ListedAt(kBob), ElementsAre("better"));
  EXPECT_EQ(FiguresAt(kBob).total.cases, 1U);
  const auto shown = room_.client(kBob).As<RecordView>(
      ShowRecord{.record = "STOP3-FR-2023-00001"});
  ASSERT_OK(shown);
  EXPECT_EQ(shown->id, update->records.at(0).id);
}

TEST_F(AlertsTest, CancelledCaseCountsNoMoreAndIsNotChangedAgain) {
  ASSERT_OK(Send(kAlice, "one"));
  room_.Settle();

  ASSERT_OK(Withdraw(kAlice, "STOP3-FR-2023-00001"));
  room_.Settle();

  EXPECT_THAT(ListedAt(kBob), ElementsAre(""));
  EXPECT_EQ(FiguresAt(kBob).total.cases, 0U);
  EXPECT_EQ(FiguresAt(kBob).cases_cancelled, 1U);
  EXPECT_THAT(Withdraw(kAlice, "STOP3-FR-2023-00001"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Send(kCarol, "again", "STOP3-FR-2023-00001"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

// Whoever reads it must not miss its number either.
TEST_F(AlertsTest, UpdateOfACaseThatWasWithdrawnBeforeIsToldToItsAuthor) {
  const auto sent = Send(kAlice, "first");
  room_.Settle();
  ASSERT_OK(Send(kCarol, "other"));
  room_.Settle();
  TestClient& carol = room_.client(kCarol);
  carol.relay().GoAway();
  const auto late = Send(kCarol, "late", IdIn(sent));
  ASSERT_OK(late);
  ASSERT_OK(Withdraw(kAlice, IdIn(sent)));
  room_.Settle();

  carol.relay().ComeBack();
  room_.Wait(absl::Seconds(20));

  const std::vector<RecordRefused> refused = carol.Told<RecordRefused>();
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].record, late->records.at(0).id);
  EXPECT_FALSE(refused[0].in_outbox);
  EXPECT_THAT(OutboxAt(carol), IsEmpty());
  EXPECT_THAT(room_.RefusalsAt(kBob), SizeIs(1));
  ASSERT_OK(Send(kCarol, "next"));
  room_.Settle();
  const RecordView next = AlertsAt(room_.client(kBob)).front();
  EXPECT_EQ(std::get<Alert>(next.content).lines.at(0).brand, "next");
  EXPECT_THAT(next.warnings, IsEmpty());
}

TEST_F(AlertsTest, NumberThatIsAnotherRecordsIdHidesItFromNobody) {
  const auto sent = Send(kAlice, "real");
  const std::string id = IdIn(sent);
  room_.Settle();
  RecordBody whole = Handmade(kBob, id, 1);
  room_.Post(kBob, room_.Sign(kBob, whole));
  RecordBody begun = Handmade(kBob, id.substr(0, 20), 2);
  room_.Post(kBob, room_.Sign(kBob, begun));

  const auto shown =
      room_.client(kAlice).As<RecordView>(ShowRecord{.record = id});
  ASSERT_OK(shown);
  EXPECT_EQ(shown->id, sent->records.at(0).id);
  EXPECT_THAT(room_.client(kAlice).Do(ShowRecord{.record = id.substr(0, 20)}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_OK(Withdraw(kAlice, id));
}

TEST_F(AlertsTest, CancellationNeedsAReasonAndACaseOfOnesOwn) {
  ASSERT_OK(Send(kAlice, "one"));
  room_.Settle();

  EXPECT_THAT(room_.client(kAlice).Do(
                  CancelAlert{.record = "STOP3-FR-2023-00001", .reason = ""}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Withdraw(kBob, "STOP3-FR-2023-00001"),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Withdraw(kAlice, "STOP3-FR-2023-00002"),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ListedAt(kBob), ElementsAre("one"));
}

// Two officers of one Member send before either sees the other's.
TEST_F(AlertsTest, OneNumberOfTwoCasesChangesTheOneThatIsNamedById) {
  const std::string first = IdIn(Send(kAlice, "alice's"));
  const std::string second = IdIn(Send(kCarol, "carol's"));
  room_.Settle();

  const auto ambiguous = Withdraw(kAlice, "STOP3-FR-2023-00001");
  EXPECT_THAT(ambiguous, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ambiguous.status().message(),
              AllOf(HasSubstr(first), HasSubstr(second)));
  ASSERT_OK(Send(kAlice, "alice's better", first));
  room_.Settle();
  ASSERT_OK(Withdraw(kAlice, second));
  room_.Settle();

  EXPECT_THAT(ListedAt(kBob), ElementsAre("", "alice's better"));
}

TEST_F(AlertsTest, WhoTakesANumberIsNotInItsOwnersWay) {
  ASSERT_OK(Send(kAlice, "one"));
  room_.Settle();
  RecordBody alert = Handmade(kBob, "STOP3-FR-2023-00001", 1);
  room_.Post(kBob, room_.Sign(kBob, alert));

  ASSERT_OK(Send(kCarol, "better", "STOP3-FR-2023-00001"));
  room_.Settle();

  EXPECT_THAT(ListedAt(0), ElementsAre("better", "handmade"));
}

TEST_F(AlertsTest, ChangeThatWaitsIsNotOvertaken) {
  ASSERT_OK(Send(kAlice, "one"));
  room_.Settle();
  room_.client(kAlice).relay().GoAway();
  ASSERT_OK(Send(kAlice, "better", "STOP3-FR-2023-00001"));

  EXPECT_THAT(Withdraw(kAlice, "STOP3-FR-2023-00001"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(AlertsTest, UpdateKeepsTheNumbersOfItsLines) {
  ASSERT_OK(Send(kAlice, "one"));
  room_.Settle();
  Alert renumbered = Seizure("one");
  renumbered.lines.at(0).number = 2;

  const auto refused = room_.client(kAlice).As<ContentRefused>(
      SendAlert{.operation = "stop3",
                .alert = renumbered,
                .updates = "STOP3-FR-2023-00001"});

  ASSERT_OK(refused);
  ASSERT_THAT(refused->faults, SizeIs(1));
  EXPECT_EQ(refused->faults[0].field, "lines");
  EXPECT_THAT(refused->faults[0].what, HasSubstr("number 1"));
}

TEST_F(AlertsTest, FinalCaseIsChangedByASecondPersonOnly) {
  Alert final_case = Seizure("one");
  final_case.final = true;
  ASSERT_OK(room_.client(kAlice).Do(
      SendAlert{.operation = "stop3", .alert = final_case}));
  room_.Settle();

  EXPECT_THAT(Send(kAlice, "two", "STOP3-FR-2023-00001"),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Withdraw(kAlice, "STOP3-FR-2023-00001"),
              StatusIs(absl::StatusCode::kPermissionDenied));
  ASSERT_OK(Send(kCarol, "two", "STOP3-FR-2023-00001"));
  room_.Settle();

  EXPECT_THAT(ListedAt(kBob), ElementsAre("two"));
}

TEST_F(AlertsTest, ClockThatIsWrongAndARecordThatWaitedAreNamed) {
  RecordBody ahead = Handmade(kBob, "STOP3-DE-2023-00001", 1);
  ahead.header.sent += absl::Minutes(7);
  room_.Post(kBob, room_.Sign(kBob, ahead));
  RecordBody waited = Handmade(kBob, "STOP3-DE-2023-00002", 2);
  waited.header.sent -= absl::Minutes(7);
  room_.Post(kBob, room_.Sign(kBob, waited));
  RecordBody in_time = Handmade(kBob, "STOP3-DE-2023-00003", 3);
  room_.Post(kBob, room_.Sign(kBob, in_time));

  const std::vector<RecordView> listed = AlertsAt(room_.client(0));

  ASSERT_THAT(listed, SizeIs(3));
  EXPECT_THAT(listed[0].warnings, Not(Contains(HasSubstr("relay"))));
  EXPECT_THAT(listed[1].warnings,
              Contains(HasSubstr("it reached the relay 7m after")));
  EXPECT_THAT(listed[2].warnings, Contains(HasSubstr("clock is 7m ahead")));
}

TEST_F(AlertsTest, ChangeOfWhatIsNotHereIsNoCase) {
  RecordBody update = Handmade(kAlice, "STOP3-FR-2023-00007", 1);
  update.msg_type = MsgType::kUpdate;
  update.revision = 2;
  update.refs = {
      {.record = RecordId::Random(room_.pki().random()), .revision = 1}};
  room_.Post(kAlice, room_.Sign(kAlice, update));

  EXPECT_THAT(ListedAt(kBob), IsEmpty());
  EXPECT_EQ(FiguresAt(kBob).total.cases, 0U);
  // A colleague goes on from what is here.
  ASSERT_OK(Send(kCarol, "better", "STOP3-FR-2023-00007"));
  const auto shown = room_.client(kBob).As<RecordView>(
      ShowRecord{.record = ToHex(update.header.id.span())});
  EXPECT_OK(shown);
}

TEST_F(AlertsTest, LinkToAnotherCaseReplacesNothing) {
  const auto first = Send(kAlice, "one");
  room_.Settle();
  ASSERT_OK(first);
  RecordBody linked = Handmade(kAlice, "STOP3-FR-2023-00002", 2);
  linked.refs = {{.record = first->records.at(0).id, .revision = 1}};
  room_.Post(kAlice, room_.Sign(kAlice, linked));

  EXPECT_THAT(ListedAt(kBob), SizeIs(2));
  EXPECT_EQ(FiguresAt(kBob).total.cases, 2U);
}

}  // namespace
}  // namespace cordon::client
