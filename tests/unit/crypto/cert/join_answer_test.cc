#include "crypto/cert/join_answer.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;

const auto kDenied = StatusIs(absl::StatusCode::kPermissionDenied);
const auto kUnproven = StatusIs(absl::StatusCode::kUnauthenticated);

class JoinAnswerTest : public ::testing::Test {
 protected:
  absl::Time now() { return pki_.clock().Now(); }
  Invitation Invite(InvitationKind kind, const char* user, RoleSet roles) {
    return *Invitation::Create({.kind = kind,
                                .relay = "relay.example:7443",
                                .pin = Pin::Random(pki_.random()),
                                .root = pki_.root().certificate().fingerprint(),
                                .user = *UserName::Parse(user),
                                .roles = roles,
                                .expires = now() + absl::Hours(72)},
                               now(), pki_.random());
  }
  JoinRequest Request(const Invitation& invitation) {
    return *JoinRequest::Create(
        invitation, "laptop",
        JoinKeys::Generate(invitation.offer().kind, pki_.random()), now());
  }
  absl::StatusOr<JoinAnswer> AnsweredBy(TestPki& pki,
                                        const JoinRequest& request) {
    return AnswerDevice(request, invitation_, pki.root().certificate(),
                        pki.Org("fr.customs"), pki.Now());
  }
  // An answer as a relay or a careless inviter could put it together.
  static JoinAnswer Assembled(const Certificate& root,
                              const Certificate& issuing,
                              const Certificate& identity,
                              const Certificate& transport) {
    codec::Writer out;
    out.U8(1);
    out.U8(2);
    out.Vector(root.der());
    out.Vector(issuing.der());
    out.Vector(identity.der());
    out.Vector(transport.der());
    return *JoinAnswer::Parse(out.bytes());
  }

  TestPki pki_;
  Invitation invitation_ =
      Invite(InvitationKind::kDevice, "fr.customs/alice", {Role::kOfficer});
  JoinRequest request_ = Request(invitation_);
};

TEST_F(JoinAnswerTest, ADeviceGetsItsTwoCertificates) {
  ASSERT_OK_AND_ASSIGN(const JoinAnswer made, AnsweredBy(pki_, request_));

  ASSERT_OK_AND_ASSIGN(const JoinAnswer read,
                       JoinAnswer::Parse(made.ToBytes()));

  EXPECT_OK(read.VerifyAtJoiner(invitation_, request_, now()));
  EXPECT_EQ(read.ToBytes(), made.ToBytes());
  EXPECT_EQ(read.device()->identity.public_key(),
            request_.identity().public_key());
  EXPECT_EQ(read.device()->transport.usage(), Usage::kTransport);
  EXPECT_EQ(read.device()->identity.roles(), RoleSet({Role::kOfficer}));
  EXPECT_EQ(read.root(), pki_.root().certificate());
}

TEST_F(JoinAnswerTest, AnOrganisationGetsAnIssuingCertificateAndGoesOn) {
  const Invitation invitation = Invite(
      InvitationKind::kOrganisation, "it.customs/anna", {Role::kContactPoint});
  const JoinKeys keys =
      JoinKeys::Generate(InvitationKind::kOrganisation, pki_.random());
  ASSERT_OK_AND_ASSIGN(const JoinRequest request,
                       JoinRequest::Create(invitation, "desk", keys, now()));

  ASSERT_OK_AND_ASSIGN(
      const JoinAnswer answer,
      AnswerOrganisation(request, invitation, pki_.root(), pki_.Now()));
  ASSERT_OK_AND_ASSIGN(const JoinAnswer read,
                       JoinAnswer::Parse(answer.ToBytes()));

  EXPECT_OK(read.VerifyAtJoiner(invitation, request, now()));
  EXPECT_FALSE(read.device().has_value());
  ASSERT_OK_AND_ASSIGN(
      const OrgIssuer italy,
      OrgIssuer::Load(read.issuing(), keys.issuing->CloneSecret()));
  EXPECT_OK(italy.IssueDevice(request.identity(), request.roles(), pki_.Now()));
}

TEST_F(JoinAnswerTest, EachInviterAnswersItsOwnKindOnly) {
  const Invitation org = Invite(InvitationKind::kOrganisation,
                                "it.customs/anna", {Role::kContactPoint});

  EXPECT_THAT(
      AnswerOrganisation(request_, invitation_, pki_.root(), pki_.Now()),
      kDenied);
  EXPECT_THAT(AnswerDevice(Request(org), org, pki_.root().certificate(),
                           pki_.Org("it.customs"), pki_.Now()),
              kDenied);
  EXPECT_THAT(AnswerDevice(request_, invitation_, pki_.root().certificate(),
                           pki_.Org("de.customs"), pki_.Now()),
              kDenied);
}

TEST_F(JoinAnswerTest, AForgedRequestIsNotAnswered) {
  const Invitation other =
      Invite(InvitationKind::kDevice, "fr.customs/alice", {Role::kOfficer});

  EXPECT_THAT(AnsweredBy(pki_, Request(other)), kUnproven);
}

TEST_F(JoinAnswerTest, AnotherRootThanTheInvitationsIsRefused) {
  TestPki other(2);
  ASSERT_OK_AND_ASSIGN(const JoinAnswer answer, AnsweredBy(other, request_));

  EXPECT_THAT(answer.VerifyAtJoiner(invitation_, request_, now()), kUnproven);
}

// The right root beside certificates of another: the relay's own making.
TEST_F(JoinAnswerTest, CertificatesOfAnotherRootAreRefused) {
  TestPki other(2);
  ASSERT_OK_AND_ASSIGN(const JoinAnswer theirs, AnsweredBy(other, request_));
  const JoinAnswer mixed =
      Assembled(pki_.root().certificate(), theirs.issuing(),
                theirs.device()->identity, theirs.device()->transport);

  EXPECT_THAT(mixed.VerifyAtJoiner(invitation_, request_, now()), kUnproven);
}

TEST_F(JoinAnswerTest, CertificatesForOtherKeysAreRefused) {
  const TestDevice& other =
      pki_.Device("fr.customs/alice/laptop", {Role::kOfficer});
  const JoinAnswer answer = Assembled(pki_.root().certificate(), other.issuing,
                                      other.identity, other.transport);

  EXPECT_THAT(answer.VerifyAtJoiner(invitation_, request_, now()), kDenied);
}

TEST_F(JoinAnswerTest, OtherRolesThanAskedForAreRefused) {
  const OrgIssuer& france = pki_.Org("fr.customs");
  const auto issue = [&](const Csr& csr) {
    return *france.IssueDevice(csr, {Role::kAnalyst}, pki_.Now());
  };
  const JoinAnswer answer =
      Assembled(pki_.root().certificate(), france.certificate(),
                issue(request_.identity()), issue(request_.transport()));

  EXPECT_THAT(answer.VerifyAtJoiner(invitation_, request_, now()), kDenied);
}

TEST_F(JoinAnswerTest, SwappedCertificatesAreRefused) {
  ASSERT_OK_AND_ASSIGN(const JoinAnswer answer, AnsweredBy(pki_, request_));
  const JoinAnswer swapped =
      Assembled(answer.root(), answer.issuing(), answer.device()->transport,
                answer.device()->identity);

  EXPECT_THAT(swapped.VerifyAtJoiner(invitation_, request_, now()), kDenied);
}

TEST_F(JoinAnswerTest, AnExpiredAnswerIsRefused) {
  ASSERT_OK_AND_ASSIGN(const JoinAnswer answer, AnsweredBy(pki_, request_));
  const absl::Time late = now() + kCertificateLifetime + absl::Hours(1);

  EXPECT_THAT(answer.VerifyAtJoiner(invitation_, request_, late), kUnproven);
}

TEST_F(JoinAnswerTest, AnotherOrganisationsIssuingCertificateIsRefused) {
  const Invitation invitation = Invite(
      InvitationKind::kOrganisation, "it.customs/anna", {Role::kContactPoint});
  const JoinRequest request = Request(invitation);
  codec::Writer out;
  out.U8(1);
  out.U8(1);
  out.Vector(pki_.root().certificate().der());
  out.Vector(pki_.Org("it.customs").certificate().der());
  ASSERT_OK_AND_ASSIGN(const JoinAnswer answer, JoinAnswer::Parse(out.bytes()));

  EXPECT_THAT(answer.VerifyAtJoiner(invitation, request, now()), kDenied)
      << "another key's";
  EXPECT_THAT(answer.VerifyAtJoiner(invitation_, request_, now()), kDenied)
      << "another kind's";
}

TEST_F(JoinAnswerTest, NoPrefixParsesAndNothingMayFollow) {
  ASSERT_OK_AND_ASSIGN(const JoinAnswer answer, AnsweredBy(pki_, request_));
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  Bytes bytes = answer.ToBytes();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(JoinAnswer::Parse(ByteSpan(bytes).first(size)), refused);
  }
  bytes.push_back(0);
  EXPECT_THAT(JoinAnswer::Parse(bytes), refused);
  EXPECT_THAT(JoinAnswer::Parse(Bytes(kJoinAnswerBytesMax + 1)), refused);
}

TEST_F(JoinAnswerTest, ALeafInAnIssuersPlaceDoesNotParse) {
  ASSERT_OK_AND_ASSIGN(const JoinAnswer answer, AnsweredBy(pki_, request_));
  codec::Writer out;
  out.U8(1);
  out.U8(1);
  out.Vector(answer.root().der());
  out.Vector(answer.device()->identity.der());

  EXPECT_THAT(JoinAnswer::Parse(out.bytes()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::cert
