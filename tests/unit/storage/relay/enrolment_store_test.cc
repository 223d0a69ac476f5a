#include "storage/relay/enrolment_store.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/status_matchers.h"

namespace cordon::relay {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const InvitationId kInvitation = IdOf<InvitationId>(1);
const DeviceId kInviter = IdOf<DeviceId>(1);
const absl::Time kNow = absl::FromUnixSeconds(1700000000);

class EnrolmentStoreTest : public ::testing::Test {
 protected:
  absl::Status BeginSetup() {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->enrolment.BeginSetup(txn, AsBytes("verifier"));
    });
  }
  absl::Status FinishSetup(absl::string_view root) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->enrolment.FinishSetup(txn, AsBytes(root));
    });
  }
  absl::Status Add(uint32_t n, uint32_t key = 5) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->enrolment.Add(txn, {.id = IdOf<InvitationId>(n),
                                         .public_key = IdOf<InvitationKey>(key),
                                         .inviter = kInviter,
                                         .kind = InvitationKind::kUser,
                                         .expires = kNow + absl::Hours(1)});
    });
  }
  absl::Status PutRequest(absl::string_view request, absl::Time now = kNow) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->enrolment.PutRequest(txn, kInvitation, AsBytes(request),
                                          now);
    });
  }
  absl::Status PutAnswer(absl::string_view answer) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->enrolment.PutAnswer(txn, kInvitation, AsBytes(answer));
    });
  }
  absl::Status Revoke() {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->enrolment.Revoke(txn, kInvitation);
    });
  }
  // The state that a power cut leaves.
  InvitationState State() {
    EXPECT_OK(relay_.Restart());
    const auto invitation = relay_->enrolment.Find(kInvitation);
    EXPECT_OK(invitation);
    return invitation.ok() ? invitation->state : InvitationState::kOpen;
  }

  RelayOnDisk relay_;
};

TEST_F(EnrolmentStoreTest, RelayThatWasNotInitialisedHasNoSetup) {
  EXPECT_THAT(relay_->enrolment.FindSetup(),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(FinishSetup("root"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(EnrolmentStoreTest, SetupIsThereAfterRestart) {
  ASSERT_OK(BeginSetup());
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const RelaySetup setup, relay_->enrolment.FindSetup());

  EXPECT_EQ(setup.code_verifier, ToBytes("verifier"));
  EXPECT_FALSE(setup.used);
  EXPECT_THAT(setup.root_certificate, IsEmpty());
}

TEST_F(EnrolmentStoreTest, SecondSetupIsRefused) {
  ASSERT_OK(BeginSetup());

  EXPECT_THAT(BeginSetup(), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(EnrolmentStoreTest, SetupIsFinishedOnceAndMayBeRepeated) {
  ASSERT_OK(BeginSetup());

  ASSERT_OK(FinishSetup("root"));
  ASSERT_OK(relay_.Restart());

  EXPECT_OK(FinishSetup("root"));
  EXPECT_THAT(FinishSetup("other root"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK_AND_ASSIGN(const RelaySetup setup, relay_->enrolment.FindSetup());
  EXPECT_TRUE(setup.used);
  EXPECT_EQ(setup.root_certificate, ToBytes("root"));
}

TEST_F(EnrolmentStoreTest, InvitationIsThereAfterRestart) {
  ASSERT_OK(Add(1));
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const Invitation invitation,
                       relay_->enrolment.Find(kInvitation));

  EXPECT_EQ(invitation.public_key, IdOf<InvitationKey>(5));
  EXPECT_EQ(invitation.inviter, kInviter);
  EXPECT_EQ(invitation.kind, InvitationKind::kUser);
  EXPECT_EQ(invitation.expires, kNow + absl::Hours(1));
  EXPECT_EQ(invitation.state, InvitationState::kOpen);
}

TEST_F(EnrolmentStoreTest, UnknownInvitationIsNotFound) {
  EXPECT_THAT(relay_->enrolment.Find(kInvitation),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(PutRequest("r"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(PutAnswer("a"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Revoke(), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(EnrolmentStoreTest, SameInvitationAgainIsFineAnotherIsNot) {
  ASSERT_OK(Add(1));

  EXPECT_OK(Add(1));
  EXPECT_THAT(Add(1, /*key=*/6), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(EnrolmentStoreTest, RequestWaitsForItsInviter) {
  ASSERT_OK(Add(1));
  ASSERT_OK(Add(2));

  ASSERT_OK(PutRequest("request"));

  EXPECT_EQ(State(), InvitationState::kRequested);
  EXPECT_THAT(relay_->enrolment.FindRequest(kInvitation),
              IsOkAndHolds(ToBytes("request")));
  ASSERT_OK_AND_ASSIGN(const auto waiting,
                       relay_->enrolment.Waiting(kInviter, 10));
  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_EQ(waiting[0].invitation, kInvitation);
  EXPECT_EQ(waiting[0].request, ToBytes("request"));
  EXPECT_THAT(relay_->enrolment.Waiting(IdOf<DeviceId>(2), 10),
              IsOkAndHolds(IsEmpty()));
}

TEST_F(EnrolmentStoreTest, SameRequestAgainIsFineAnotherIsNot) {
  ASSERT_OK(Add(1));
  ASSERT_OK(PutRequest("request"));

  EXPECT_OK(PutRequest("request"));
  EXPECT_THAT(PutRequest("swapped"),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(relay_->enrolment.FindRequest(kInvitation),
              IsOkAndHolds(ToBytes("request")));
}

TEST_F(EnrolmentStoreTest, ExpiredInvitationTakesNoFirstRequest) {
  ASSERT_OK(Add(1));

  EXPECT_THAT(PutRequest("late", kNow + absl::Hours(1)),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_EQ(State(), InvitationState::kOpen);
}

TEST_F(EnrolmentStoreTest, RequestThatCameInTimeMayBeRepeatedAndAnsweredLate) {
  ASSERT_OK(Add(1));
  ASSERT_OK(PutRequest("request"));

  EXPECT_OK(PutRequest("request", kNow + absl::Hours(2)));
  EXPECT_OK(PutAnswer("answer"));
}

TEST_F(EnrolmentStoreTest, AnswerIsThereAfterRestartAndNothingWaits) {
  ASSERT_OK(Add(1));
  ASSERT_OK(PutRequest("request"));
  EXPECT_THAT(relay_->enrolment.FindAnswer(kInvitation),
              StatusIs(absl::StatusCode::kNotFound));

  ASSERT_OK(PutAnswer("answer"));

  EXPECT_EQ(State(), InvitationState::kAnswered);
  EXPECT_THAT(relay_->enrolment.FindAnswer(kInvitation),
              IsOkAndHolds(ToBytes("answer")));
  EXPECT_THAT(relay_->enrolment.Waiting(kInviter, 10), IsOkAndHolds(IsEmpty()));
}

TEST_F(EnrolmentStoreTest, SameAnswerAgainIsFineAnotherIsNot) {
  ASSERT_OK(Add(1));
  ASSERT_OK(PutRequest("request"));
  ASSERT_OK(PutAnswer("answer"));

  EXPECT_OK(PutAnswer("answer"));
  EXPECT_OK(PutRequest("request"));
  EXPECT_THAT(PutAnswer("other"), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(EnrolmentStoreTest, AnswerWithoutARequestIsRefused) {
  ASSERT_OK(Add(1));

  EXPECT_THAT(PutAnswer("answer"),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_EQ(State(), InvitationState::kOpen);
}

TEST_F(EnrolmentStoreTest, RevokedInvitationTakesNothingMore) {
  ASSERT_OK(Add(1));
  ASSERT_OK(PutRequest("request"));

  ASSERT_OK(Revoke());

  EXPECT_EQ(State(), InvitationState::kRevoked);
  EXPECT_OK(Revoke());
  EXPECT_THAT(PutRequest("request"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(PutAnswer("answer"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(relay_->enrolment.Waiting(kInviter, 10), IsOkAndHolds(IsEmpty()));
}

TEST_F(EnrolmentStoreTest, AnsweredInvitationIsNotRevoked) {
  ASSERT_OK(Add(1));
  ASSERT_OK(PutRequest("request"));
  ASSERT_OK(PutAnswer("answer"));

  EXPECT_THAT(Revoke(), StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_EQ(State(), InvitationState::kAnswered);
}

TEST_F(EnrolmentStoreTest, InvitationsAreCountedByInviter) {
  EXPECT_THAT(relay_->enrolment.CountBy(kInviter), IsOkAndHolds(0U));
  ASSERT_OK(Add(1));
  ASSERT_OK(Add(2));

  EXPECT_THAT(relay_->enrolment.CountBy(kInviter), IsOkAndHolds(2U));
  EXPECT_THAT(relay_->enrolment.CountBy(IdOf<DeviceId>(99)), IsOkAndHolds(0U));
}

TEST_F(EnrolmentStoreTest, ListByGoesOnBehindTheLastOne) {
  ASSERT_OK(Add(1));
  ASSERT_OK(Add(2));

  EXPECT_THAT(relay_->enrolment.ListBy(kInviter, InvitationId(), 1),
              IsOkAndHolds(SizeIs(1)));
  ASSERT_OK_AND_ASSIGN(const auto rest,
                       relay_->enrolment.ListBy(kInviter, kInvitation, 10));
  ASSERT_THAT(rest, SizeIs(1));
  EXPECT_EQ(rest[0].id, IdOf<InvitationId>(2));
}

TEST_F(EnrolmentStoreTest, DeleteExpiredTakesRequestAndAnswerAlong) {
  ASSERT_OK(Add(1));
  ASSERT_OK(PutRequest("request"));
  ASSERT_OK(PutAnswer("answer"));

  ASSERT_OK(relay_.Write([&](const sqlite::Transaction& txn) {
    return relay_->enrolment.DeleteExpired(txn, kNow + absl::Hours(2));
  }));

  EXPECT_THAT(relay_->enrolment.Find(kInvitation),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(relay_->enrolment.FindRequest(kInvitation),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(relay_->enrolment.FindAnswer(kInvitation),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(EnrolmentStoreTest, FullDiskLeavesTheInvitationAsItWas) {
  ASSERT_OK(Add(1));
  relay_.disk().FillAfter(0);

  EXPECT_THAT(PutRequest("request"),
              StatusIs(absl::StatusCode::kResourceExhausted));

  relay_.disk().FreeUp();
  EXPECT_EQ(State(), InvitationState::kOpen);
  EXPECT_OK(PutRequest("request"));
}

}  // namespace
}  // namespace cordon::relay
