#include "client/cli/json_out.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/json_text.h"
#include "client/core/event.h"
#include "client/core/figures.h"
#include "client/core/model/codes.h"
#include "client/core/model/record.h"
#include "client/core/view/enrolment.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"

namespace cordon::cli {
namespace {

template <typename Id>
Id Filled(uint8_t byte) {
  std::array<uint8_t, Id::kBytes> raw;
  raw.fill(byte);
  return Id(raw);
}

const absl::Time kNoon = absl::FromUnixSeconds(1'701'691'200);

client::RecordView SomeRecord() {
  client::RecordView record;
  record.id = Filled<RecordId>(0x01);
  record.room_id = Filled<RoomId>(0x02);
  record.room = "stop3/general";
  record.seq = LogSeq{7};
  record.author = {.organisation = "fr.customs",
                   .user = "alice",
                   .device = "desk",
                   .roles = {"officer"}};
  record.sent = kNoon;
  record.received = kNoon + absl::Seconds(1);
  record.msg_type = client::MsgType::kAlert;
  record.content = client::Text{.body = "Good morning"};
  return record;
}

TEST(JsonOutTest, RecordHasEveryField) {
  EXPECT_EQ(
      JsonLine(ToJson(SomeRecord())),
      R"({"id":"01010101010101010101010101010101","kind":"text",)"
      R"("room":"stop3/general","room_id":"02020202020202020202020202020202",)"
      R"("seq":7,"author":{"organisation":"fr.customs","user":"alice",)"
      R"("device":"desk","roles":["officer"]},)"
      R"("sent":"2023-12-04T12:00:00+00:00",)"
      R"("received":"2023-12-04T12:00:01+00:00","ref_no":"",)"
      R"("status":"actual","msg_type":"alert","refs":[],"content":{"text":"Good morning"},)"
      R"("files":[],"warnings":[]})");
}

TEST(JsonOutTest, RecordThatIsNotInTheLogWasNotReceived) {
  client::RecordView record = SomeRecord();
  record.seq = LogSeq{0};
  record.received = absl::Time();

  EXPECT_TRUE(ToJson(record)["received"].is_null());
}

TEST(JsonOutTest, ArrivalIsShort) {
  EXPECT_EQ(
      JsonLine(ArrivalJson({.record = SomeRecord()}, kNoon + absl::Seconds(2))),
      R"({"event":"arrival","record":"01010101010101010101010101010101",)"
      R"("room":"stop3/general","seq":7,"kind":"text",)"
      R"("author":"fr.customs/alice/desk",)"
      R"("sent":"2023-12-04T12:00:00+00:00",)"
      R"("received":"2023-12-04T12:00:01+00:00",)"
      R"("stored":"2023-12-04T12:00:02+00:00"})");
}

TEST(JsonOutTest, InvitationShowsItsText) {
  client::InvitationMade made;
  made.id = Filled<InvitationId>(0x03);
  made.text = SecretBytes::Copy(AsBytes("cordon+join:abc"));
  made.offered = "fr.customs/alice";
  made.expires = kNoon;

  EXPECT_EQ(JsonLine(ToJson(made)),
            R"({"id":"03030303030303030303030303030303",)"
            R"("invitation":"cordon+join:abc","offered":"fr.customs/alice",)"
            R"("expires":"2023-12-04T12:00:00+00:00"})");
}

TEST(JsonOutTest, FiguresSayEveryNumberAndTheirPlace) {
  client::FiguresView view;
  view.operation = {.name = "stop3",
                    .title = "STOP III",
                    .first_day = absl::CivilDay(2023, 12, 4),
                    .last_day = absl::CivilDay(2023, 12, 15),
                    .zone = "Europe/Brussels"};
  view.room = "stop3/alerts";
  view.head.seq = LogSeq{9};
  view.missed = 2;
  view.computed = kNoon;
  view.figures.total = {.cases = 894,
                        .seizures = 1488,
                        .ecommerce_cases = 634,
                        .ecommerce_seizures = 938};
  view.figures.reporting_members = 48;
  view.figures.medical_pieces_milli = 43'500'000'000;
  view.figures.by_day[absl::CivilDay(2023, 12, 4)] = {
      .tally = {.cases = 1, .seizures = 2}, .sums = {{"H87", 2500}}};

  const Json json = ToJson(view);

  EXPECT_EQ(json["missed"], 2);
  EXPECT_EQ(JsonLine(json["total"]),
            R"({"cases":894,"seizures":1488,"ecommerce_cases":634,)"
            R"("ecommerce_seizures":938})");
  EXPECT_EQ(JsonLine(json["ecommerce_share"]),
            R"({"permille_of_cases":709,"permille_of_seizures":630})");
  EXPECT_EQ(JsonLine(json["pieces"]),
            R"({"medical":"43500000","ipr":"0","other":"0"})");
  EXPECT_EQ(JsonLine(json["by_day"]),
            R"([{"day":"2023-12-04","cases":1,"seizures":2,)"
            R"("ecommerce_cases":0,"ecommerce_seizures":0,)"
            R"("sums":{"H87":"2.5"}}])");
  EXPECT_EQ(json["seq"], 9);
}

TEST(JsonOutTest, EventsNameTheirKind) {
  EXPECT_EQ(JsonLine(ToJson(client::LinkChanged{.link = client::Link::kCaughtUp,
                                                .reason = ""})),
            R"({"event":"link","link":"caught_up","reason":""})");
  EXPECT_EQ(
      JsonLine(ToJson(client::Progress{.command = 3,
                                       .stage = client::Stage::kSendingFile,
                                       .done = 1,
                                       .total = 2})),
      R"({"event":"progress","id":3,"stage":"sending_file","done":1,)"
      R"("total":2})");
}

TEST(JsonOutTest, CodeOfANewerClientIsUnknown) {
  client::Alert alert;
  alert.flow = static_cast<client::Flow>(99);

  EXPECT_EQ(ToJson(alert)["flow"], "unknown");
}

}  // namespace
}  // namespace cordon::cli
