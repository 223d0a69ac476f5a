#include "client/core/opening.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command/record.h"
#include "client/core/delivery_types.h"
#include "client/core/model/alert.h"
#include "client/core/model/record.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "crypto/record/record_header.h"
#include "tests/support/client_room.h"
#include "tests/support/ids.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientRoom;
using ::cordon::testing::IdOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kChief[] = "ocu.authority/chief/desk";
constexpr char kAlice[] = "fr.customs/alice/laptop";
constexpr char kBob[] = "de.customs/bob/phone";

uint32_t Number(Refusal why) {
  return static_cast<uint32_t>(why);
}

class OpeningTest : public ::testing::Test {
 protected:
  RecordBody TextBy(size_t index, const std::string& body, uint64_t counter) {
    return {.header = room_.Header(index, policy::RecordKind::kText, counter),
            .content = Text{.body = body}};
  }

  ClientRoom room_{policy::RoomKind::kChannel, {kChief, kAlice, kBob}};
};

TEST_F(OpeningTest, HonestRecordMadeByHandIsShown) {
  room_.Post(1, room_.Sign(1, TextBy(1, "hello", 1)));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("hello"));
  EXPECT_THAT(room_.RefusalsAt(2), IsEmpty());
  EXPECT_THAT(room_.FindingsAt(2), IsEmpty());
}

TEST_F(OpeningTest, RepeatedCiphertextIsRefused) {
  AppendCall call = room_.Seal(1, room_.Sign(1, TextBy(1, "hello", 1)));
  room_.Append(1, call);
  call.envelope = IdOf<EnvelopeId>(9);
  room_.Append(1, call);

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("hello"));
  EXPECT_THAT(room_.RefusalsAt(2),
              ElementsAre(Number(Refusal::kKeyUsedBefore)));
  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("shown before")));
}

TEST_F(OpeningTest, RecordSentAgainIsOneRecord) {
  const Bytes signed_bytes = room_.Sign(1, TextBy(1, "hello", 1));
  room_.Post(1, signed_bytes);
  room_.Post(1, signed_bytes);

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("hello"));
  EXPECT_THAT(room_.RefusalsAt(2), IsEmpty());
}

TEST_F(OpeningTest, OtherRecordUnderAnIdThatIsTakenIsRefused) {
  RecordBody body = TextBy(1, "first", 1);
  const RecordId id = body.header.id;
  room_.Post(1, room_.Sign(1, body));
  RecordBody other = TextBy(1, "second", 2);
  other.header.id = id;
  room_.Post(1, room_.Sign(1, other));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("first"));
  EXPECT_THAT(room_.RefusalsAt(2), ElementsAre(Number(Refusal::kIdTaken)));
}

TEST_F(OpeningTest, RecordInAnothersNameIsRefused) {
  RecordBody body = TextBy(1, "by bob, says alice", 1);
  body.header.author = room_.device_id(2);
  room_.Post(1, room_.Sign(1, body));

  EXPECT_THAT(room_.TextsAt(0), IsEmpty());
  EXPECT_THAT(room_.RefusalsAt(0),
              ElementsAre(Number(Refusal::kMeantElsewhere)));
  EXPECT_THAT(room_.FindingsAt(0), ElementsAre(HasSubstr(kAlice)));
}

TEST_F(OpeningTest, RecordSignedByAnotherThanItsSealerIsRefused) {
  // Bob's own words, sealed by alice.
  room_.Post(1, room_.Sign(2, TextBy(2, "taken", 1)));

  EXPECT_THAT(room_.TextsAt(0), IsEmpty());
  EXPECT_THAT(room_.RefusalsAt(0),
              ElementsAre(Number(Refusal::kMeantElsewhere)));
}

TEST_F(OpeningTest, RecordMeantForAnotherRoomIsRefused) {
  RecordBody body = TextBy(1, "elsewhere", 1);
  body.header.room = IdOf<RoomId>(5);
  room_.Post(1, room_.Sign(1, body));

  EXPECT_THAT(room_.RefusalsAt(0),
              ElementsAre(Number(Refusal::kMeantElsewhere)));
}

TEST_F(OpeningTest, SignatureThatDoesNotMatchIsRefused) {
  Bytes signed_bytes = room_.Sign(1, TextBy(1, "hello", 1));
  // A letter of the text: version and length stand before, the chain behind.
  const std::string text = "hello";
  const auto at = std::search(signed_bytes.begin(), signed_bytes.end(),
                              text.begin(), text.end());
  ASSERT_NE(at, signed_bytes.end());
  *at = 'j';
  room_.Post(1, signed_bytes);

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Number(Refusal::kBadSignature)));
}

TEST_F(OpeningTest, BytesThatAreNoRecordAreRefused) {
  room_.Post(1, Bytes(50, 3));

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Number(Refusal::kMalformed)));
}

TEST_F(OpeningTest, AlertThatBreaksItsRulesIsRefused) {
  ClientRoom alerts(policy::RoomKind::kAlerts, {kChief, kAlice, kBob});
  const RecordBody body{
      .header = alerts.Header(1, policy::RecordKind::kAlert, 1),
      .content = Alert{}};
  alerts.Post(1, alerts.Sign(1, body));

  EXPECT_THAT(alerts.RefusalsAt(2), ElementsAre(Number(Refusal::kBadContent)));
  EXPECT_THAT(alerts.FindingsAt(2), ElementsAre(HasSubstr(kAlice)));
}

TEST_F(OpeningTest, MissingCountersAreNamedAndTheRecordIsShown) {
  room_.Post(1, room_.Sign(1, TextBy(1, "first", 1)));
  room_.Post(1, room_.Sign(1, TextBy(1, "third", 3)));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("first", "third"));
  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("have not arrived")));
}

TEST_F(OpeningTest, HeadOfAnotherLogIsNamedAndTheRecordIsShown) {
  RecordBody body = TextBy(1, "forked", 1);
  body.header.head.hash = IdOf<ChainHash>(4);
  room_.Post(1, room_.Sign(1, body));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("forked"));
  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("another log")));
}

TEST_F(OpeningTest, OtherGroupIsNamed) {
  RecordBody body = TextBy(1, "other group", 1);
  body.header.epoch_authenticator = IdOf<record::EpochAuthenticator>(4);
  room_.Post(1, room_.Sign(1, body));

  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("another group")));
}

TEST(OpeningInBroadcastTest, WhoMayNotPostIsRefusedByAllAndNamed) {
  ClientRoom room(policy::RoomKind::kBroadcast, {kChief, kAlice, kBob});
  ASSERT_THAT(room.client(1).Do(SendText{.room = room.name(), .body = "no"}),
              testing::StatusIs(absl::StatusCode::kPermissionDenied));

  const RecordBody body{.header = room.Header(1, policy::RecordKind::kText, 1),
                        .content = Text{.body = "slipped through"}};
  room.Post(1, room.Sign(1, body));

  for (const size_t reader : {size_t{0}, size_t{2}}) {
    SCOPED_TRACE(room.device(reader));
    EXPECT_THAT(room.TextsAt(reader), IsEmpty());
    EXPECT_THAT(room.RefusalsAt(reader),
                ElementsAre(Number(Refusal::kNotAllowed)));
    EXPECT_THAT(room.FindingsAt(reader),
                ElementsAre(AllOf(HasSubstr(kAlice), HasSubstr("may not"))));
  }
}

}  // namespace
}  // namespace cordon::client
