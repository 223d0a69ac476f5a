#include "client/cli/show.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "client/cli/screen.h"
#include "client/core/event.h"
#include "client/core/figures.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/instruction.h"
#include "client/core/model/record.h"
#include "client/core/view/enrolment.h"
#include "client/core/view/operation.h"
#include "client/core/view/record.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"

namespace cordon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ShowTest, RoomsAreATable) {
  client::RoomsView view;
  view.rooms.push_back({.room = "stop3/general",
                        .title = "General",
                        .kind = "channel",
                        .state = "joined",
                        .members = 12,
                        .unread = 3});
  view.rooms.push_back({.room = "stop3/alerts",
                        .title = "Alerts",
                        .kind = "alerts",
                        .state = "stopped",
                        .members = 127,
                        .unsent = 1});

  EXPECT_EQ(ShowAnswer(Screen{}, view),
            "ROOM           KIND     DEVICES  UNREAD  UNSENT           TITLE\n"
            "stop3/general  channel       12       3                   "
            "General\n"
            "stop3/alerts   alerts       127               1  stopped  "
            "Alerts\n");
}

TEST(ShowTest, FiguresNameWhatAPercentageIsOf) {
  client::FiguresView view;
  view.operation.title = "STOP III";
  view.operation.first_day = absl::CivilDay(2023, 12, 4);
  view.operation.last_day = absl::CivilDay(2023, 12, 15);
  view.operation.zone = "Europe/Brussels";
  view.room = "stop3/alerts";
  view.head.seq = LogSeq{9};
  view.figures.total = {.cases = 894,
                        .seizures = 1488,
                        .ecommerce_cases = 634,
                        .ecommerce_seizures = 938};
  view.figures.medical_pieces_milli = 43'500'000'000;

  const std::string text = ShowAnswer(Screen{}, view);

  EXPECT_THAT(text, HasSubstr("e-commerce, of cases     634 of 894 (70.9 %)"));
  EXPECT_THAT(text,
              HasSubstr("e-commerce, of seizures  938 of 1 488 (63.0 %)"));
  EXPECT_THAT(text, HasSubstr("medical pieces           43 500 000"));
  EXPECT_THAT(text, HasSubstr("from stop3/alerts up to entry 9"));
  EXPECT_THAT(text, HasSubstr("2023-12-15, days of Europe/Brussels"));
  // No heads without rows.
  EXPECT_THAT(text, Not(HasSubstr("REGION")));
  EXPECT_THAT(text, Not(HasSubstr("incomplete")));

  view.missed = 3;
  EXPECT_THAT(ShowAnswer(Screen{}, view),
              HasSubstr("May be incomplete: this device was not in the room at "
                        "3 entries of that log"));
}

TEST(ShowTest, ChangeOfRoomsSaysWhatItsNumbersMean) {
  client::MembershipChange change{.rooms = {"stop3/general"}};
  EXPECT_THAT(ShowAnswer(Screen{}, change),
              HasSubstr("1 room; nobody came in or went out\n"));

  change.devices = {"fr.customs/bob/desk"};
  EXPECT_THAT(ShowAnswer(Screen{}, change),
              HasSubstr("1 room; 1 device came in or went out\n"));
}

TEST(ShowTest, RecordShowsWhoAndWhatAndThatItIsNotSent) {
  client::RecordView record;
  record.author = {.organisation = "fr.customs", .user = "alice"};
  record.content = client::Text{.body = "two\nlines\x1b[2J"};

  const std::string text = Show(Screen{}, record);

  EXPECT_THAT(text, HasSubstr("fr.customs/alice"));
  EXPECT_THAT(text, HasSubstr("not sent yet"));
  EXPECT_THAT(text, HasSubstr("\n  two\n  lines?[2J\n"));
}

TEST(ShowTest, WhatIsNotActualIsMarked) {
  client::RecordView record;
  record.content = client::Alert{};
  EXPECT_THAT(Show(Screen{}, record), Not(HasSubstr("draft")));

  record.status = client::RecordStatus::kDraft;
  EXPECT_THAT(Show(Screen{}, record), HasSubstr("draft"));
  record.status = client::RecordStatus::kExercise;
  EXPECT_THAT(Show(Screen{}, record), HasSubstr("exercise"));
}

TEST(ShowTest, GuideIsShownWhole) {
  client::GuideView view;
  view.state = client::GuideState::kPublished;
  view.owner = "acme.rightsholder";
  view.guide.title = "Acme watches";
  view.guide.contacts = {{.role = "technical", .phone = "+32 2 000 00 00"}};
  view.guide.clues = {"serial number engraved, not printed"};
  view.files.push_back({.name = "guide.pdf", .size_bytes = 2048});

  const std::string text = ShowAnswer(Screen{}, view);

  EXPECT_THAT(text, HasSubstr("published"));
  EXPECT_THAT(text, HasSubstr("contacts[0].phone"));
  EXPECT_THAT(text, HasSubstr("+32 2 000 00 00"));
  EXPECT_THAT(text, HasSubstr("serial number engraved"));
  EXPECT_THAT(text, HasSubstr("guide.pdf"));
}

TEST(ShowTest, RecordShowsWhatItRefersTo) {
  client::RecordView record;
  record.content = client::Text{.body = "Yes"};
  record.refs.push_back({.record = RecordId({1, 2, 3, 4, 5, 6, 7, 8})});
  EXPECT_THAT(Show(Screen{}, record),
              HasSubstr("\n  answers  0102030405060708\n"));

  record.msg_type = client::MsgType::kUpdate;
  EXPECT_THAT(Show(Screen{}, record),
              HasSubstr("\n  updates  0102030405060708\n"));
}

TEST(ShowTest, LongAlertIsSummedUp) {
  client::Alert alert;
  for (int i = 0; i < 5; ++i) {
    alert.lines.push_back({.description = std::string(200, 'x')});
  }
  client::RecordView record;
  record.content = alert;

  const std::string text = Show(Screen{}, record);

  EXPECT_THAT(text, HasSubstr("; 3 more\n"));
  EXPECT_THAT(text, HasSubstr(std::string(40, 'x') + "…;"));
  EXPECT_THAT(text, Not(HasSubstr(std::string(41, 'x'))));
}

TEST(ShowTest, FormShowsTimesAsTheReaderHasThemAndNothingForWhatIsAbsent) {
  client::RecordView record;
  record.content =
      client::Instruction{.number = 7,
                          .title = "Targets",
                          .ack_deadline = absl::FromUnixSeconds(1'701'682'200)};

  const std::string text =
      ShowWhole(Screen{.zone = absl::FixedTimeZone(2 * 3600)}, record);

  EXPECT_THAT(text, HasSubstr("2023-12-04 11:30 +02"));
  EXPECT_THAT(text, Not(HasSubstr("+00:00")));
  EXPECT_THAT(text, Not(HasSubstr("supersedes")));
}

TEST(ShowTest, AcksNameWhoIsMissing) {
  client::AcksView view;
  view.acknowledged.push_back({.organisation = "fr.customs",
                               .user = "alice",
                               .level = client::AckLevel::kUnderstood});
  view.missing = {"es.customs"};

  const std::string text = ShowAnswer(Screen{}, view);

  EXPECT_THAT(text,
              HasSubstr("Acknowledged by 1 user; 1 organisation missing."));
  EXPECT_THAT(text, HasSubstr("missing  es.customs"));
}

TEST(ShowTest, SearchHitsMarkWhatWasFound) {
  client::SearchView view;
  view.hits.push_back({.room = "stop3/library",
                       .kind = "guide",
                       .title = "Guide to \x02words\x03",
                       .snippet = "has \x02word\x03 in it"});

  EXPECT_THAT(ShowAnswer(Screen{.colour = true}, view),
              HasSubstr("has \x1b[1mword\x1b[0m in it"));
  EXPECT_THAT(ShowAnswer(Screen{}, view), HasSubstr("has word in it"));
  EXPECT_THAT(ShowAnswer(Screen{.colour = true}, view),
              HasSubstr("Guide to \x1b[1mwords\x1b[0m\n"));
  EXPECT_THAT(ShowAnswer(Screen{}, view), HasSubstr("Guide to words\n"));
}

TEST(ShowTest, EmptyAnswersSaySo) {
  EXPECT_EQ(ShowAnswer(Screen{}, client::Nothing{}), "Done.\n");
  EXPECT_EQ(ShowAnswer(Screen{}, client::OutboxView{}),
            "Everything is sent.\n");
  EXPECT_EQ(ShowAnswer(Screen{}, client::RecordsView{}), "No records.\n");
  EXPECT_EQ(ShowAnswer(Screen{}, client::IdentityView{}),
            "This profile belongs to no device yet.\n");
}

}  // namespace
}  // namespace cordon::cli
