#include "client/core/opening.h"

#include <algorithm>
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

#include "client/core/command/operation.h"
#include "client/core/command/record.h"
#include "client/core/content.h"
#include "client/core/delivery_types.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/guide.h"
#include "client/core/model/record.h"
#include "client/core/vault_numbers.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/blob/blob_ref.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/role.h"
#include "crypto/mls/group.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/secret_stream.h"
#include "crypto/prim/sign_ed25519.h"
#include "crypto/record/record_header.h"
#include "crypto/record/signed_record.h"
#include "tests/support/client_room.h"
#include "tests/support/fake_clock.h"
#include "tests/support/ids.h"
#include "tests/support/listings.h"
#include "tests/support/sample_records.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"
#include "tests/support/test_pki.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientRoom;
using ::cordon::testing::FakeClock;
using ::cordon::testing::GuidesAt;
using ::cordon::testing::IdOf;
using ::cordon::testing::kAlice;
using ::cordon::testing::kBob;
using ::cordon::testing::kChief;
using ::cordon::testing::SampleGuide;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OpeningTest : public ::testing::Test {
 protected:
  static absl::StatusOr<Bytes> SignBytes(const Ed25519PrivateKey& key,
                                         const RecordBody& body,
                                         const std::vector<Bytes>& chain) {
    CORDON_ASSIGN_OR_RETURN(const Bytes record, SerializeRecord(body));
    CORDON_ASSIGN_OR_RETURN(const record::SignedRecord signed_record,
                            record::SignedRecord::Sign(record, key, chain));
    return signed_record.bytes();
  }
  static Bytes SignedBy(const Ed25519PrivateKey& key, const TestDevice& whose,
                        const RecordBody& body) {
    return *SignBytes(key, body, {whose.identity.der(), whose.issuing.der()});
  }

  const cert::OrgIssuer& IssuerOf(const std::string& device) {
    return room_.pki().Org(device.substr(0, device.find('/')));
  }
  // The list after the empty one that every contact point posts: `device` is on
  // it from now on.
  CrlItem SecondList(const std::string& device) {
    const cert::OrgIssuer& issuer = IssuerOf(device);
    const TestDevice& revoked = room_.pki().Device(device, kContactPoint);
    const absl::Time now = room_.clock().Now();
    const auto list = issuer.SignCrl(
        {.number = cert::CrlNumber{2},
         .this_update = now,
         .next_update = now + absl::Hours(240),
         .revocations = {{.serial = revoked.identity.serial(), .since = now}}});
    return {.crl = list->der(),
            .issuing_certificate = issuer.certificate().der()};
  }
  record::KnownCrl ClaimOf(const std::string& device, uint64_t number) {
    const Ed25519PublicKey& key = IssuerOf(device).certificate().public_key();
    return {.issuer = cert::IssuerIdOf(key), .number = CrlNumber{number}};
  }
  // The relay hands the list on and draws nothing from it.
  void ShowList(const CrlItem& list) {
    const auto issuer = cert::Certificate::Parse(list.issuing_certificate);
    const Fingerprint id =
        *Fingerprint::Parse(cert::IssuerIdOf(issuer->public_key()).span());
    room_.world().crls[id] = {.list = list, .number = 2};
    room_.Settle();
  }
  LogSeq NextSeq() const { return LogSeq{room_.log().size() + 1}; }

  const cert::RoleSet kContactPoint{cert::Role::kContactPoint};
  ClientRoom room_{policy::RoomKind::kChannel};
};

TEST_F(OpeningTest, HonestRecordMadeByHandIsShown) {
  room_.Post(1, room_.Sign(1, room_.TextBy(1, "hello", 1)));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("hello"));
  EXPECT_THAT(room_.RefusalsAt(2), IsEmpty());
  EXPECT_THAT(room_.FindingsAt(2), IsEmpty());
}

TEST_F(OpeningTest, RepeatedCiphertextIsRefused) {
  AppendCall call = room_.Seal(1, room_.Sign(1, room_.TextBy(1, "hello", 1)));
  room_.Append(1, call);
  call.envelope = IdOf<EnvelopeId>(9);
  room_.Append(1, call);

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("hello"));
  EXPECT_THAT(room_.RefusalsAt(2), ElementsAre(Refusal::kKeyUsedBefore));
  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("shown before")));
}

TEST_F(OpeningTest, RecordSentAgainIsOneRecord) {
  const Bytes signed_bytes = room_.Sign(1, room_.TextBy(1, "hello", 1));
  room_.Post(1, signed_bytes);
  room_.Post(1, signed_bytes);

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("hello"));
  EXPECT_THAT(room_.RefusalsAt(2), IsEmpty());
}

TEST_F(OpeningTest, OtherRecordUnderAnIdThatIsTakenIsRefused) {
  RecordBody body = room_.TextBy(1, "first", 1);
  const RecordId id = body.header.id;
  room_.Post(1, room_.Sign(1, body));
  RecordBody other = room_.TextBy(1, "second", 2);
  other.header.id = id;
  room_.Post(1, room_.Sign(1, other));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("first"));
  EXPECT_THAT(room_.RefusalsAt(2), ElementsAre(Refusal::kIdTaken));
}

TEST_F(OpeningTest, RecordInAnothersNameIsRefused) {
  RecordBody body = room_.TextBy(1, "by bob, says alice", 1);
  body.header.author = room_.device_id(2);
  room_.Post(1, room_.Sign(1, body));

  EXPECT_THAT(room_.TextsAt(0), IsEmpty());
  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kMeantElsewhere));
  EXPECT_THAT(room_.FindingsAt(0), ElementsAre(HasSubstr(kAlice)));
}

TEST_F(OpeningTest, RecordSignedByAnotherThanItsSealerIsRefused) {
  // Bob's own words, sealed by alice.
  room_.Post(1, room_.Sign(2, room_.TextBy(2, "taken", 1)));

  EXPECT_THAT(room_.TextsAt(0), IsEmpty());
  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kMeantElsewhere));
}

TEST_F(OpeningTest, RecordMeantForAnotherRoomIsRefused) {
  RecordBody body = room_.TextBy(1, "elsewhere", 1);
  body.header.room = IdOf<RoomId>(5);
  room_.Post(1, room_.Sign(1, body));

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kMeantElsewhere));
}

TEST_F(OpeningTest, SignatureThatDoesNotMatchIsRefused) {
  Bytes signed_bytes = room_.Sign(1, room_.TextBy(1, "hello", 1));
  // A letter of the text: version and length stand before, the chain behind.
  const std::string text = "hello";
  const auto at = std::search(signed_bytes.begin(), signed_bytes.end(),
                              text.begin(), text.end());
  ASSERT_NE(at, signed_bytes.end());
  *at = 'j';
  room_.Post(1, signed_bytes);

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kBadSignature));
}

TEST_F(OpeningTest, SignatureByAnothersKeyIsRefused) {
  const TestDevice& bob = room_.test_device(2);
  const TestDevice& alice = room_.test_device(1);
  room_.Post(1,
             SignedBy(bob.identity_key, alice, room_.TextBy(1, "forged", 1)));

  EXPECT_THAT(room_.TextsAt(2), IsEmpty());
  EXPECT_THAT(room_.RefusalsAt(2), ElementsAre(Refusal::kBadSignature));
  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr(kAlice)));
}

// ---- certificates ----------------------------------------------------------

TEST_F(OpeningTest, CertificateOfAnotherRootIsRefused) {
  TestPki other(/*seed=*/2);
  const TestDevice& alice = other.Device(kAlice, kContactPoint);
  room_.Post(
      1, SignedBy(alice.identity_key, alice, room_.TextBy(1, "strange", 1)));

  EXPECT_THAT(room_.TextsAt(2), IsEmpty());
  EXPECT_THAT(room_.RefusalsAt(2), ElementsAre(Refusal::kNotProven));
  EXPECT_THAT(room_.FindingsAt(2),
              ElementsAre(AllOf(HasSubstr(kAlice), HasSubstr("do not hold"))));
}

TEST_F(OpeningTest, CertificateForTlsIsRefused) {
  const TestDevice& alice = room_.test_device(1);
  room_.Post(1, *SignBytes(alice.transport_key, room_.TextBy(1, "by tls", 1),
                           {alice.transport.der(), alice.issuing.der()}));

  EXPECT_THAT(room_.TextsAt(2), IsEmpty());
  EXPECT_THAT(room_.RefusalsAt(2), ElementsAre(Refusal::kNotProven));
}

// The same root, some time ago.
TEST_F(OpeningTest, CertificateIsGoodUntilItExpires) {
  TestPki lately(/*seed=*/1, FakeClock(room_.clock().Now() - absl::Hours(24)));
  TestPki before(/*seed=*/1, FakeClock(room_.clock().Now() -
                                       kCertificateLifetime - absl::Hours(1)));
  const TestDevice& good = lately.Device(kAlice, kContactPoint);
  const TestDevice& ended = before.Device(kAlice, kContactPoint);
  room_.Post(1, SignedBy(good.identity_key, good, room_.TextBy(1, "good", 1)));
  room_.Post(1,
             SignedBy(ended.identity_key, ended, room_.TextBy(1, "ended", 2)));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("good"));
  EXPECT_THAT(room_.RefusalsAt(2), ElementsAre(Refusal::kNotProven));
  EXPECT_THAT(room_.FindingsAt(2),
              ElementsAre(AllOf(HasSubstr(kAlice), HasSubstr("do not hold"))));
}

// ---- revocation ------------------------------------------------------------

// A relay that lets the revoked go on.
TEST_F(OpeningTest, RecordOfARevokedAuthorIsRefusedByName) {
  room_.Post(1, room_.Sign(1, room_.TextBy(1, "before", 1)));
  ShowList(SecondList(kAlice));
  room_.clock().Advance(absl::Seconds(1));
  room_.Post(1, room_.Sign(1, room_.TextBy(1, "after", 2)));

  for (const size_t reader : {size_t{0}, size_t{2}}) {
    SCOPED_TRACE(room_.device(reader));
    // What was said before stays.
    EXPECT_THAT(room_.TextsAt(reader), ElementsAre("before"));
    EXPECT_THAT(room_.RefusalsAt(reader), ElementsAre(Refusal::kRevoked));
    EXPECT_THAT(room_.FindingsAt(reader),
                ElementsAre(AllOf(HasSubstr(kAlice), HasSubstr("revoked"))));
  }
}

TEST_F(OpeningTest, RelaysClockDoesNotGoBackBeforeARevocation) {
  const absl::Time before = room_.clock().Now();
  room_.clock().Advance(absl::Seconds(1));
  ShowList(SecondList(kAlice));
  ASSERT_OK(
      room_.client(0).Do(SendText{.room = room_.name(), .body = "later"}));
  room_.Settle();
  AppendCall call =
      room_.Seal(1, room_.Sign(1, room_.TextBy(1, "dated back", 1)));
  LogEntry entry{.room = room_.id(),
                 .epoch = call.epoch,
                 .author = room_.device_id(1),
                 .envelope = call.envelope,
                 .sealed = call.sealed,
                 .received = before};
  room_.client(2).relay().LieAbout(room_.id()).replaced[NextSeq()] = entry;
  room_.Append(1, call);

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("later"));
  EXPECT_THAT(room_.RefusalsAt(2), ElementsAre(Refusal::kRevoked));
}

TEST_F(OpeningTest, WithheldRevocationListIsNamedUntilItIsShown) {
  const CrlItem list = SecondList(kBob);
  RecordBody body = room_.TextBy(1, "knows more", 1);
  body.header.known_crls = {ClaimOf(kBob, 2)};
  room_.Post(1, room_.Sign(1, body));

  EXPECT_THAT(room_.TextsAt(0), ElementsAre("knows more"));
  EXPECT_THAT(
      room_.FindingsAt(0),
      ElementsAre(AllOf(HasSubstr(kAlice), HasSubstr("does not show here"))));

  ShowList(list);
  body = room_.TextBy(1, "again", 2);
  body.header.known_crls = {ClaimOf(kBob, 2)};
  room_.Post(1, room_.Sign(1, body));

  EXPECT_THAT(room_.TextsAt(0), ElementsAre("knows more", "again"));
  EXPECT_THAT(room_.FindingsAt(0), SizeIs(1));
}

// ---- epochs ----------------------------------------------------------------

TEST_F(OpeningTest, LateRecordOfAKeptEpochIsShown) {
  const AppendCall late =
      room_.Seal(1, room_.Sign(1, room_.TextBy(1, "late", 1)));
  for (size_t i = 0; i < mls::kPastEpochsMax; ++i) room_.RenewKeys(0);
  room_.Misplace(1, late);

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("late"));
  EXPECT_THAT(room_.RefusalsAt(2), IsEmpty());
}

TEST_F(OpeningTest, RecordOfAForgottenEpochCameTooLate) {
  const AppendCall late =
      room_.Seal(1, room_.Sign(1, room_.TextBy(1, "late", 1)));
  for (size_t i = 0; i < mls::kPastEpochsMax + 1; ++i) room_.RenewKeys(0);
  room_.Misplace(1, late);
  room_.Post(1, room_.Sign(1, room_.TextBy(1, "in time", 2)));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("in time"));
  EXPECT_THAT(room_.RefusalsAt(2), ElementsAre(Refusal::kEpochTooOld));
  EXPECT_THAT(room_.FindingsAt(2), Contains(HasSubstr("too late")));
}

TEST_F(OpeningTest, RecordOfAnEpochNotReachedIsRefused) {
  room_.Misplace(
      1, room_.SealAhead(1, room_.Sign(1, room_.TextBy(1, "ahead", 1))));

  EXPECT_THAT(room_.TextsAt(2), IsEmpty());
  EXPECT_THAT(room_.RefusalsAt(2), ElementsAre(Refusal::kEpochUnknown));
  EXPECT_THAT(room_.FindingsAt(2),
              ElementsAre(HasSubstr("this device has not seen")));
}

// Bob still has the keys of an epoch that the others keep.
TEST_F(OpeningTest, RecordPutInAfterItsAuthorWasTakenOutIsRefused) {
  const AppendCall late =
      room_.Seal(2, room_.Sign(2, room_.TextBy(2, "late", 1)));
  ASSERT_OK(room_.client(0).Do(
      RemoveFromRoom{.room = room_.name(), .names = {kBob}}));
  room_.Settle();
  room_.Misplace(2, late);

  EXPECT_THAT(room_.TextsAt(1), IsEmpty());
  EXPECT_THAT(room_.RefusalsAt(1), ElementsAre(Refusal::kAuthorGone));
  EXPECT_THAT(room_.FindingsAt(1),
              ElementsAre(AllOf(HasSubstr(kBob), HasSubstr("no longer"))));
}

// ---- content ---------------------------------------------------------------

TEST_F(OpeningTest, BytesThatAreNoRecordAreRefused) {
  room_.Post(1, Bytes(50, 3));

  EXPECT_THAT(room_.RefusalsAt(0), ElementsAre(Refusal::kMalformed));
}

TEST_F(OpeningTest, AlertThatBreaksItsRulesIsRefused) {
  ClientRoom alerts(policy::RoomKind::kAlerts);
  const RecordBody body{
      .header = alerts.Header(1, policy::RecordKind::kAlert, 1),
      .content = Alert{}};
  alerts.Post(1, alerts.Sign(1, body));

  EXPECT_THAT(alerts.RefusalsAt(2), ElementsAre(Refusal::kBadContent));
  EXPECT_THAT(alerts.FindingsAt(2), ElementsAre(HasSubstr(kAlice)));
}

// ---- approvals -------------------------------------------------------------

class ApprovalTest : public ::testing::Test {
 protected:
  std::vector<Attachment> Files(const std::string& name) const {
    std::vector<Attachment> files;
    files.push_back({.blob = *blob::BlobRef::Create({.id = IdOf<BlobId>(5),
                                                     .plaintext_digest = {},
                                                     .plaintext_bytes = 100},
                                                    SecretStreamKey()),
                     .name = name,
                     .media_type = "application/pdf",
                     .role = AttachmentRole::kDocument});
    return files;
  }
  // The rights holder's record, as it lies in an intake room.
  Bytes Submission(Content content, policy::RecordKind kind) {
    RecordBody body{.header = room_.Header(2, kind, 1),
                    .content = std::move(content),
                    .attachments = Files("guide.pdf")};
    body.header.room = IdOf<RoomId>(78);
    return room_.Sign(2, body);
  }
  void Approve(const Bytes& original, const std::string& file) {
    const RecordBody body{
        .header = room_.Header(0, policy::RecordKind::kApproval, ++approvals_),
        .content = Approval{.original = original, .note = ""},
        .attachments = Files(file)};
    room_.Post(0, room_.Sign(0, body));
  }

  ClientRoom room_{policy::RoomKind::kLibrary,
                   {kChief, kAlice, "acme.rightsholder/eve/desk"}};
  uint64_t approvals_ = 0;
};

TEST_F(ApprovalTest, OwnersGuideIsPublishedWithItsOwnersFiles) {
  Approve(Submission(SampleGuide(), policy::RecordKind::kGuide), "guide.pdf");

  const std::vector<GuideView> guides = GuidesAt(room_.client(1));

  EXPECT_THAT(room_.RefusalsAt(1), IsEmpty());
  ASSERT_THAT(guides, SizeIs(1));
  EXPECT_EQ(guides[0].owner, "acme.rightsholder");
  ASSERT_THAT(guides[0].files, SizeIs(1));
  EXPECT_EQ(guides[0].files[0].name, "guide.pdf");
}

TEST_F(ApprovalTest, OtherFilesThanTheOwnersAreRefused) {
  Approve(Submission(SampleGuide(), policy::RecordKind::kGuide), "another.pdf");

  EXPECT_THAT(room_.RefusalsAt(1), ElementsAre(Refusal::kBadContent));
  EXPECT_THAT(room_.FindingsAt(1), ElementsAre(HasSubstr("its files")));
  EXPECT_THAT(GuidesAt(room_.client(1)), IsEmpty());
}

TEST_F(ApprovalTest, WhatIsNoGuideIsRefused) {
  Approve(Submission(Text{.body = "buy these"}, policy::RecordKind::kText),
          "guide.pdf");

  EXPECT_THAT(room_.RefusalsAt(1), ElementsAre(Refusal::kBadContent));
  EXPECT_THAT(room_.FindingsAt(1), ElementsAre(HasSubstr("not a guide")));
}

TEST_F(ApprovalTest, GuideThatBreaksTheRulesIsRefused) {
  Guide guide = SampleGuide();
  guide.owner_organisation = "other.rightsholder";
  Approve(Submission(guide, policy::RecordKind::kGuide), "guide.pdf");

  EXPECT_THAT(room_.RefusalsAt(1), ElementsAre(Refusal::kBadContent));
  EXPECT_THAT(room_.FindingsAt(1),
              ElementsAre(HasSubstr("owner_organisation")));
}

// ---- claims ----------------------------------------------------------------

TEST_F(OpeningTest, MissingCountersAreNamedAndTheRecordIsShown) {
  room_.Post(1, room_.Sign(1, room_.TextBy(1, "first", 1)));
  room_.Post(1, room_.Sign(1, room_.TextBy(1, "third", 3)));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("first", "third"));
  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("have not arrived")));
}

TEST_F(OpeningTest, HeadOfAnotherLogIsNamedAndTheRecordIsShown) {
  RecordBody body = room_.TextBy(1, "forked", 1);
  body.header.head.hash = IdOf<ChainHash>(4);
  room_.Post(1, room_.Sign(1, body));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("forked"));
  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("another log")));
}

TEST_F(OpeningTest, HeadBeyondTheLogIsNamedAndTheRecordIsShown) {
  RecordBody body = room_.TextBy(1, "saw more", 1);
  body.header.head.seq = LogSeq{9};
  room_.Post(1, room_.Sign(1, body));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("saw more"));
  EXPECT_THAT(
      room_.FindingsAt(2),
      ElementsAre(AllOf(HasSubstr(kAlice), HasSubstr("not shown here"))));
}

TEST_F(OpeningTest, HeadThatWentBackIsNamedAndTheRecordIsShown) {
  const RecordBody first = room_.TextBy(1, "first", 1);
  room_.Post(2, room_.Sign(2, room_.TextBy(2, "between", 1)));
  room_.Post(1, room_.Sign(1, room_.TextBy(1, "second", 1)));
  RecordBody third = room_.TextBy(1, "third", 2);
  third.header.head = first.header.head;
  room_.Post(1, room_.Sign(1, third));

  EXPECT_THAT(room_.TextsAt(0), ElementsAre("between", "second", "third"));
  EXPECT_THAT(room_.FindingsAt(0),
              ElementsAre(AllOf(HasSubstr(kAlice), HasSubstr("older log"))));
}

TEST_F(OpeningTest, OtherGroupIsNamed) {
  RecordBody body = room_.TextBy(1, "other group", 1);
  body.header.epoch_authenticator = IdOf<record::EpochAuthenticator>(4);
  room_.Post(1, room_.Sign(1, body));

  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("another group")));
}

TEST(OpeningInBroadcastTest, WhoMayNotPostIsRefusedByAllAndNamed) {
  ClientRoom room(policy::RoomKind::kBroadcast);
  ASSERT_THAT(room.client(1).Do(SendText{.room = room.name(), .body = "no"}),
              testing::StatusIs(absl::StatusCode::kPermissionDenied));

  room.Post(1, room.Sign(1, room.TextBy(1, "slipped through", 1)));

  for (const size_t reader : {size_t{0}, size_t{2}}) {
    SCOPED_TRACE(room.device(reader));
    EXPECT_THAT(room.TextsAt(reader), IsEmpty());
    EXPECT_THAT(room.RefusalsAt(reader), ElementsAre(Refusal::kNotAllowed));
    EXPECT_THAT(room.FindingsAt(reader),
                ElementsAre(AllOf(HasSubstr(kAlice), HasSubstr("may not"))));
  }
}

}  // namespace
}  // namespace cordon::client
