#include "client/core/content.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/model/record.h"
#include "cordon/sealed/v1/record.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/blob/blob_ref.h"
#include "crypto/log/chain_hash.h"
#include "crypto/policy/marking.h"
#include "crypto/policy/record_kind.h"
#include "crypto/prim/sign_ed25519.h"
#include "crypto/record/signed_record.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::policy::RecordKind;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;

class ContentTest : public ::testing::Test {
 protected:
  RecordBody Body(RecordKind kind, Content content) {
    RecordBody body;
    body.header.id = RecordId::Random(random_);
    body.header.kind = kind;
    body.header.operation = OperationId::Random(random_);
    body.header.room = RoomId::Random(random_);
    body.header.author = DeviceId::Random(random_);
    body.header.sent = absl::FromUnixMillis(1'701'676'800'123);
    body.header.counter.value = 7;
    body.header.head = {.seq = LogSeq{12}, .hash = ChainHash::Random(random_)};
    body.header.epoch = Epoch{3};
    body.header.epoch_authenticator =
        record::EpochAuthenticator::Random(random_);
    body.header.known_crls = {
        {.issuer = IssuerId::Random(random_), .number = CrlNumber{2}}};
    body.content = std::move(content);
    return body;
  }

  RecordBody TextBody() { return Body(RecordKind::kText, Text{"hello"}); }

  Attachment File(std::string name) {
    auto blob = blob::BlobRef::Create(
        {.id = BlobId::Random(random_), .plaintext_bytes = 1234},
        SecretStreamKey::Random(random_));
    return {.blob = *std::move(blob),
            .name = std::move(name),
            .media_type = "image/png",
            .role = AttachmentRole::kGoods,
            .caption = "front",
            .taken_at = absl::FromUnixMillis(5)};
  }

  // What comes back after writing and reading.
  RecordBody Again(const RecordBody& body) {
    auto bytes = SerializeRecord(body);
    EXPECT_OK(bytes);
    auto read = ParseRecord(*bytes);
    EXPECT_OK(read);
    return *std::move(read);
  }

  // The bytes of `body` after `change` was made to its message.
  template <typename Change>
  Bytes Tampered(const RecordBody& body, Change change) {
    auto bytes = SerializeRecord(body);
    EXPECT_OK(bytes);
    sealed::v1::Record message;
    EXPECT_TRUE(
        message.ParseFromArray(bytes->data(), static_cast<int>(bytes->size())));
    change(message);
    return ToBytes(AsBytes(message.SerializeAsString()));
  }

  SeededRandom random_{1};
};

TEST_F(ContentTest, HeaderReadsBackWhole) {
  RecordBody body = TextBody();
  body.status = RecordStatus::kExercise;
  body.msg_type = MsgType::kUpdate;
  body.revision = 4;
  body.ref_no = "STOP3-FR-2023-00017";
  body.refs = {{.record = RecordId::Random(random_), .revision = 3}};
  body.refs[0].hash[5] = 9;
  body.sent_offset_min = -210;
  body.audience.regions = {"EUR"};
  body.expires = absl::FromUnixMillis(99);
  body.lang = "pt-BR";
  body.header.marking.tlp = policy::Tlp::kAmberStrict;
  body.header.marking.pap = policy::Pap::kGreen;
  body.header.marking.handling = {policy::HandlingCode::kH0,
                                  policy::HandlingCode::kH3};
  body.header.marking.handling_text = "ask first";

  const RecordBody again = Again(body);

  EXPECT_EQ(again.header.id, body.header.id);
  EXPECT_EQ(again.header.kind, RecordKind::kText);
  EXPECT_EQ(again.header.operation, body.header.operation);
  EXPECT_EQ(again.header.room, body.header.room);
  EXPECT_EQ(again.header.author, body.header.author);
  EXPECT_EQ(again.header.sent, body.header.sent);
  EXPECT_EQ(again.header.marking, body.header.marking);
  EXPECT_EQ(again.header.counter, body.header.counter);
  EXPECT_EQ(again.header.head, body.header.head);
  EXPECT_EQ(again.header.epoch, body.header.epoch);
  EXPECT_EQ(again.header.epoch_authenticator, body.header.epoch_authenticator);
  EXPECT_EQ(again.header.known_crls, body.header.known_crls);
  EXPECT_EQ(again.status, body.status);
  EXPECT_EQ(again.msg_type, body.msg_type);
  EXPECT_EQ(again.revision, 4U);
  EXPECT_EQ(again.ref_no, body.ref_no);
  ASSERT_EQ(again.refs.size(), 1U);
  EXPECT_EQ(again.refs[0].record, body.refs[0].record);
  EXPECT_EQ(again.refs[0].hash, body.refs[0].hash);
  EXPECT_EQ(again.sent_offset_min, -210);
  EXPECT_THAT(again.audience.regions, ElementsAre("EUR"));
  EXPECT_EQ(again.effective, std::nullopt);
  EXPECT_EQ(again.expires, body.expires);
  EXPECT_EQ(again.lang, "pt-BR");
}

TEST_F(ContentTest, AttachmentReadsBackWithItsKey) {
  RecordBody body = TextBody();
  body.attachments.push_back(File("front.png"));

  const RecordBody again = Again(body);

  ASSERT_EQ(again.attachments.size(), 1U);
  const Attachment& file = again.attachments[0];
  EXPECT_EQ(file.name, "front.png");
  EXPECT_EQ(file.role, AttachmentRole::kGoods);
  EXPECT_EQ(file.taken_at, absl::FromUnixMillis(5));
  EXPECT_EQ(file.blob.id(), body.attachments[0].blob.id());
  EXPECT_EQ(file.blob.plaintext_bytes(), 1234U);
  EXPECT_TRUE(
      file.blob.key().EqualsConstantTime(body.attachments[0].blob.key()));
}

TEST_F(ContentTest, AlertReadsBackWhole) {
  Alert alert;
  alert.case_type = CaseType::kSeizure;
  alert.when = absl::FromUnixMillis(1'701'676'700'000);
  alert.when_precision = WhenPrecision::kHour;
  alert.where = {.kind = PlaceKind::kSeaport,
                 .country = "PT",
                 .locode = "PTLIS",
                 .point = GeoPoint{38'700'000, -9'100'000}};
  alert.conveyance.mode = 0;
  alert.conveyance.identifiers = {
      {.kind = IdentifierKind::kContainer, .value = "CSQU3054383"}};
  alert.route = {{.role = RouteRole::kDeparture,
                  .location = {.country = "CN"},
                  .date = absl::FromUnixMillis(7)}};
  alert.ecommerce = Ecommerce::kUnknown;
  alert.risk_indicators = {"odd_route", "new_trader"};
  alert.declared_value = Money{.value_cents = -5, .currency = "EUR"};
  alert.full = true;
  SeizureLine line;
  line.number = 2;
  line.category = "medicines";
  line.subcategory = "nervous_system";
  line.quantity = {.value_milli = 12'500, .unit = "tablet", .estimate = true};
  line.medicine = Medicine{.substance = "tramadol", .lot = "none"};
  line.status = LineStatus::kSuspected;
  alert.lines = {line};

  const RecordBody again = Again(Body(RecordKind::kAlert, alert));

  ASSERT_TRUE(std::holds_alternative<Alert>(again.content));
  const Alert& read = std::get<Alert>(again.content);
  EXPECT_EQ(read.when, alert.when);
  EXPECT_EQ(read.where.locode, "PTLIS");
  EXPECT_EQ(read.where.point->longitude_e6, -9'100'000);
  EXPECT_EQ(read.conveyance.mode, 0U) << "code 0 is not an absence";
  EXPECT_EQ(read.conveyance.identifiers[0].value, "CSQU3054383");
  EXPECT_EQ(read.route[0].location.country, "CN");
  EXPECT_EQ(read.route[0].date, absl::FromUnixMillis(7));
  EXPECT_EQ(read.ecommerce, Ecommerce::kUnknown);
  EXPECT_THAT(read.risk_indicators, ElementsAre("odd_route", "new_trader"));
  EXPECT_EQ(read.declared_value->value_cents, -5);
  EXPECT_TRUE(read.full);
  EXPECT_EQ(read.lines[0].quantity.value_milli, 12'500);
  EXPECT_TRUE(read.lines[0].quantity.estimate);
  EXPECT_EQ(read.lines[0].medicine->substance, "tramadol");
  EXPECT_EQ(read.lines[0].subcategory, "nervous_system");
}

TEST_F(ContentTest, AbsentTimesAndModesStayAbsent) {
  const RecordBody again = Again(Body(RecordKind::kAlert, Alert()));

  const Alert& read = std::get<Alert>(again.content);
  EXPECT_EQ(read.when, absl::InfinitePast());
  EXPECT_EQ(read.conveyance.mode, std::nullopt);
  EXPECT_EQ(read.where.point, std::nullopt);
  EXPECT_EQ(read.declared_value, std::nullopt);
}

TEST_F(ContentTest, CodesOfANewerClientComeThroughAsUnknown) {
  const Bytes bytes =
      Tampered(Body(RecordKind::kAlert, Alert()), [](auto& message) {
        message.mutable_alert()->set_flow(
            static_cast<sealed::v1::Flow>(4'000'000));
      });

  ASSERT_OK_AND_ASSIGN(const RecordBody read, ParseRecord(bytes));
  EXPECT_EQ(CodeName(std::get<Alert>(read.content).flow), "unknown");
}

TEST_F(ContentTest, OperationRecordsReadBack) {
  const OperationProfile profile{.name = "stop3",
                                 .title = "STOP III",
                                 .first_day = absl::CivilDay(2023, 12, 4),
                                 .last_day = absl::CivilDay(2023, 12, 15),
                                 .zone = "Europe/Brussels"};
  const RecordBody room = Again(
      Body(RecordKind::kRoomProfile,
           RoomProfile{.name = "alerts", .kind = 3, .operation = profile}));
  EXPECT_EQ(std::get<RoomProfile>(room.content).operation.last_day,
            absl::CivilDay(2023, 12, 15));

  const RecordBody roster = Again(
      Body(RecordKind::kRoster,
           Participants{{{.organisation = "fr.customs", .region = "EUR"}}}));
  EXPECT_EQ(std::get<Participants>(roster.content).participants[0].region,
            "EUR");

  const RecordBody ack = Again(Body(
      RecordKind::kAck, Ack{.level = AckLevel::kUnderstood, .note = "seen"}));
  EXPECT_EQ(std::get<Ack>(ack.content).level, AckLevel::kUnderstood);

  const RecordBody instruction =
      Again(Body(RecordKind::kInstruction,
                 Instruction{.number = 3,
                             .type = InstructionType::kDailyBriefing,
                             .title = "Day 1",
                             .ack_deadline = absl::FromUnixMillis(8)}));
  EXPECT_EQ(std::get<Instruction>(instruction.content).ack_deadline,
            absl::FromUnixMillis(8));
}

TEST_F(ContentTest, GuideReadsBack) {
  Guide guide;
  guide.owner_organisation = "acme.rightsholder";
  guide.title = "Shoes";
  guide.contacts = {{.role = "technical", .languages = {"en", "fr"}}};
  guide.product = {.brand = "Acme", .hs = {"6404"}, .gtins = {"96385074"}};
  guide.clues = {"a", "b", "c"};
  guide.features = {{.where = "tongue",
                     .layer = FeatureLayer::kCovert,
                     .weight = FeatureWeight::kConclusive}};
  guide.version = 2;

  const RecordBody again = Again(Body(RecordKind::kGuide, guide));

  const Guide& read = std::get<Guide>(again.content);
  EXPECT_THAT(read.contacts[0].languages, ElementsAre("en", "fr"));
  EXPECT_THAT(read.clues, ElementsAre("a", "b", "c"));
  EXPECT_EQ(read.features[0].layer, FeatureLayer::kCovert);
  EXPECT_THAT(read.product.hs, ElementsAre("6404"));
}

TEST_F(ContentTest, ApprovalHoldsTheOriginalByteForByte) {
  auto original = record::SignedRecord::Sign(
      AsBytes("a guide"), Ed25519PrivateKey::Generate(random_),
      {ToBytes("certificate")});
  ASSERT_OK(original);

  const RecordBody again = Again(
      Body(RecordKind::kApproval, Approval{.original = original->bytes()}));

  EXPECT_EQ(std::get<Approval>(again.content).original, original->bytes());
}

TEST_F(ContentTest, ApprovalOfWhatIsNoSignedRecordIsRefused) {
  ASSERT_OK_AND_ASSIGN(
      const Bytes bytes,
      SerializeRecord(Body(RecordKind::kApproval, Approval{ToBytes("junk")})));

  EXPECT_THAT(ParseRecord(bytes), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ContentTest, CancellationIsOfTheKindItWithdraws) {
  const RecordBody again =
      Again(Body(RecordKind::kAlert, Cancel{.reason = "a mistake"}));

  EXPECT_EQ(std::get<Cancel>(again.content).reason, "a mistake");
  EXPECT_EQ(again.header.kind, RecordKind::kAlert);
}

TEST_F(ContentTest, KindAndContentMustAgreeOnBothSides) {
  EXPECT_THAT(SerializeRecord(Body(RecordKind::kAlert, Text{"hello"})),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseRecord(Tampered(TextBody(),
                                   [](auto& message) {
                                     message.mutable_header()->set_kind(2);
                                   })),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ContentTest, KnownKindWithoutContentIsRefused) {
  EXPECT_THAT(ParseRecord(Tampered(
                  TextBody(), [](auto& message) { message.clear_text(); })),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ContentTest, UnknownKindAndHigherMajorNeedANewerClient) {
  ASSERT_OK_AND_ASSIGN(const RecordBody unknown,
                       ParseRecord(Tampered(TextBody(), [](auto& message) {
                         message.clear_text();
                         message.mutable_header()->set_kind(60);
                       })));
  EXPECT_TRUE(std::holds_alternative<NeedsNewerClient>(unknown.content));

  ASSERT_OK_AND_ASSIGN(const RecordBody major,
                       ParseRecord(Tampered(TextBody(), [](auto& message) {
                         message.mutable_header()->set_schema_major(2);
                       })));
  EXPECT_TRUE(std::holds_alternative<NeedsNewerClient>(major.content));
  EXPECT_THAT(SerializeRecord(unknown),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ContentTest, HeaderFieldsOfWrongLengthAreRefused) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(ParseRecord(Tampered(TextBody(),
                                   [](auto& message) {
                                     message.mutable_header()->set_room_id("x");
                                   })),
              refused);
  EXPECT_THAT(ParseRecord(Tampered(TextBody(),
                                   [](auto& message) {
                                     message.mutable_header()->set_counter(0);
                                   })),
              refused);
  EXPECT_THAT(
      ParseRecord(Tampered(TextBody(),
                           [](auto& message) {
                             message.mutable_header()->set_sent_offset_min(900);
                           })),
      refused);
  EXPECT_THAT(ParseRecord(AsBytes("junk")), refused);
}

TEST_F(ContentTest, TooMuchOfAnythingIsRefused) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(ParseRecord(Tampered(TextBody(),
                                   [](auto& message) {
                                     message.mutable_text()->set_body(
                                         std::string(kTextBytesMax + 1, 'x'));
                                   })),
              refused);
  EXPECT_THAT(ParseRecord(Tampered(
                  TextBody(),
                  [](auto& message) { message.mutable_text()->set_body(""); })),
              refused);
  EXPECT_THAT(ParseRecord(Tampered(TextBody(),
                                   [](auto& message) {
                                     for (size_t i = 0; i <= kReferencesMax;
                                          ++i) {
                                       message.mutable_header()->add_refs();
                                     }
                                   })),
              refused);
}

TEST_F(ContentTest, RecordBeyondItsLimitIsNotWritten) {
  EXPECT_THAT(
      SerializeRecord(Body(RecordKind::kText,
                           Text{std::string(record::kRecordBytesMax, 'x')})),
      StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST(FileNameTest, OnlyPlainNamesPass) {
  EXPECT_OK(CheckFileName("guide (1).pdf"));
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("../x"),
        std::string("a\\b"), std::string("a\nb"), std::string("a\0b", 3),
        std::string(kFileNameBytesMax + 1, 'x')}) {
    SCOPED_TRACE(name);
    EXPECT_THAT(CheckFileName(name),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace cordon::client
