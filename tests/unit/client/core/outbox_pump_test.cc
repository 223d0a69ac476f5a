#include "client/core/outbox_pump.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command/record.h"
#include "client/core/event.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/seal_log.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/client_room.h"
#include "tests/support/listings.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientRoom;
using ::cordon::testing::OutboxAt;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OutboxPumpTest : public ::testing::Test {
 protected:
  SendText Text(const std::string& body) {
    return {.room = room_.name(), .body = body};
  }
  std::vector<OutboxRowView> Outbox() { return OutboxAt(alice_); }
  absl::Status DiscardFirst() {
    return alice_
        .Do(DiscardOutbox{.record = ToHex(Outbox().at(0).record.span())})
        .status();
  }
  std::vector<BlobId> CachedFiles() {
    std::vector<BlobId> all;
    alice_.files().List([&all](absl::StatusOr<std::vector<BlobId>> listed) {
      ASSERT_OK(listed);
      all = *std::move(listed);
    });
    return all;
  }
  // Each key that alice has used, with its envelope.
  std::vector<vault::KeyUse> OwnKeys() {
    auto uses = alice_.vault().Read([this](const vault::VaultTxn& txn) {
      return txn.seals().List(room_.id(), std::nullopt);
    });
    std::vector<vault::KeyUse> own;
    for (const vault::KeyUse& use : *uses) {
      if (use.own) own.push_back(use);
    }
    return own;
  }

  ClientRoom room_{policy::RoomKind::kChannel};
  TestClient& chief_ = room_.client(0);
  TestClient& alice_ = room_.client(1);
};

TEST(ClassifySendTest, EachAnswerHasItsRow) {
  EXPECT_EQ(ClassifySend(absl::OkStatus()), SendOutcome::kThere);
  EXPECT_EQ(ClassifySend(absl::AbortedError("")), SendOutcome::kEpochPassed);
  EXPECT_EQ(ClassifySend(absl::PermissionDeniedError("")),
            SendOutcome::kRefused);
  EXPECT_EQ(ClassifySend(absl::InvalidArgumentError("")),
            SendOutcome::kRefused);
  EXPECT_EQ(ClassifySend(absl::UnavailableError("")), SendOutcome::kUnknown);
  EXPECT_EQ(ClassifySend(absl::ResourceExhaustedError("")),
            SendOutcome::kUnknown);
  EXPECT_EQ(ClassifySend(absl::UnauthenticatedError("")),
            SendOutcome::kUnknown);
}

TEST_F(OutboxPumpTest, RecordsLeaveInTheOrderInWhichTheyWereMade) {
  alice_.relay().GoAway();
  room_.Settle();
  ASSERT_OK(alice_.Do(Text("one")));
  ASSERT_OK(alice_.Do(Text("two")));
  ASSERT_OK(alice_.Do(Text("three")));
  EXPECT_THAT(Outbox(), SizeIs(3));
  EXPECT_THAT(room_.TextsAt(1), ElementsAre("one", "two", "three"));

  alice_.relay().ComeBack();
  room_.Wait(kFollowBackoff.longest);

  EXPECT_THAT(Outbox(), IsEmpty());
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("one", "two", "three"));
  EXPECT_THAT(room_.FindingsAt(2), IsEmpty());
}

TEST_F(OutboxPumpTest, RecordThatWaitsForTheRelaySaysSo) {
  alice_.relay().GoAway();
  room_.Settle();
  ASSERT_OK(alice_.Do(Text("one")));

  ASSERT_THAT(Outbox(), SizeIs(1));
  EXPECT_EQ(Outbox()[0].state, "waiting");
  EXPECT_EQ(Outbox()[0].reason, "the relay is away");
}

// Its next try falls due while the relay is away.
TEST_F(OutboxPumpTest, WhatTheRelayWentAwayFromWaitsUntilItIsBack) {
  alice_.relay().GoAway();
  ASSERT_OK(alice_.Do(Text("one")));
  room_.clock().Advance(2 * kSendBackoff.longest);
  room_.Settle();
  EXPECT_THAT(Outbox(), SizeIs(1));

  alice_.relay().ComeBack();
  room_.Wait(kFollowBackoff.longest);

  EXPECT_THAT(Outbox(), IsEmpty());
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("one"));
}

TEST_F(OutboxPumpTest, LostAnswerSendsTheSameBytesAgain) {
  alice_.relay().LoseNextAppend();
  ASSERT_OK(alice_.Do(Text("once")));
  room_.Wait(absl::Minutes(1));

  EXPECT_THAT(Outbox(), IsEmpty());
  EXPECT_THAT(room_.log(), SizeIs(2));
  EXPECT_THAT(OwnKeys(), SizeIs(1));
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("once"));
}

TEST_F(OutboxPumpTest, FailedAppendIsTriedAgainWithTheSameKey) {
  alice_.relay().FailNextAppend(absl::UnavailableError("away"));
  ASSERT_OK(alice_.Do(Text("later")));
  room_.Settle();
  EXPECT_THAT(Outbox(), SizeIs(1));

  room_.Wait(absl::Minutes(1));

  EXPECT_THAT(Outbox(), IsEmpty());
  EXPECT_THAT(OwnKeys(), SizeIs(1));
  EXPECT_THAT(room_.TextsAt(0), ElementsAre("later"));
}

TEST_F(OutboxPumpTest, RefusedRecordWaitsForAPersonAndOthersGoOn) {
  alice_.relay().FailNextAppend(absl::PermissionDeniedError("no"));
  ASSERT_OK(alice_.Do(Text("refused")));
  ASSERT_OK(alice_.Do(Text("fine")));
  room_.Settle();

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("fine"));
  ASSERT_THAT(alice_.Told<RecordRefused>(), SizeIs(1));
  ASSERT_THAT(Outbox(), SizeIs(1));
  EXPECT_EQ(Outbox()[0].state, "refused");
  EXPECT_EQ(Outbox()[0].reason, "no");

  ASSERT_OK(alice_.Do(RetryOutbox{}));
  room_.Settle();
  EXPECT_THAT(Outbox(), IsEmpty());
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("fine", "refused"));
}

TEST_F(OutboxPumpTest, RefusedRecordCanBeThrownAway) {
  alice_.relay().FailNextAppend(absl::PermissionDeniedError("no"));
  ASSERT_OK(alice_.Do(Text("refused")));
  room_.Settle();
  ASSERT_THAT(Outbox(), SizeIs(1));

  ASSERT_OK(DiscardFirst());

  EXPECT_THAT(Outbox(), IsEmpty());
  EXPECT_THAT(room_.TextsAt(1), IsEmpty());
}

TEST_F(OutboxPumpTest, WhatWasThrownAwayIsNotMissedByReaders) {
  ASSERT_OK(alice_.Do(Text("before")));
  room_.Settle();
  alice_.relay().FailNextAppend(absl::PermissionDeniedError("no"));
  ASSERT_OK(alice_.Do(Text("refused")));
  room_.Settle();
  ASSERT_THAT(Outbox(), SizeIs(1));
  ASSERT_OK(DiscardFirst());

  ASSERT_OK(alice_.Do(Text("after")));
  room_.Settle();

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("before", "after"));
  EXPECT_THAT(room_.FindingsAt(2), IsEmpty());
}

TEST_F(OutboxPumpTest, WhatWaitsBehindWhatIsThrownAwayTakesItsNumber) {
  alice_.relay().GoAway();
  room_.Settle();
  for (const char* body : {"first", "second", "third"}) {
    ASSERT_OK(alice_.Do(Text(body)));
  }
  ASSERT_OK(DiscardFirst());
  EXPECT_THAT(Outbox(), SizeIs(2));

  alice_.relay().ComeBack();
  room_.Wait(absl::Seconds(20));
  ASSERT_OK(alice_.Do(Text("fourth")));
  room_.Settle();

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("second", "third", "fourth"));
  EXPECT_THAT(room_.FindingsAt(2), IsEmpty());
}

TEST_F(OutboxPumpTest, FilesOfWhatIsThrownAwayGoWithIt) {
  alice_.relay().FailNextAppend(absl::PermissionDeniedError("no"));
  SendText wanted = Text("refused");
  wanted.files = {
      {.path = alice_.files().WriteSource("a.txt", Bytes(100, 'a'))}};
  ASSERT_OK(alice_.Do(std::move(wanted)));
  room_.Settle();
  ASSERT_THAT(Outbox(), SizeIs(1));
  ASSERT_THAT(CachedFiles(), SizeIs(1));
  const BlobId file = CachedFiles()[0];

  ASSERT_OK(DiscardFirst());

  EXPECT_THAT(CachedFiles(), IsEmpty());
  EXPECT_THAT(alice_.vault().Read([&file](const vault::VaultTxn& txn) {
    return txn.blobs().GetBlob(file);
  }),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(OutboxPumpTest, RefusedRecordIsTriedAgainByItselfAndTheOtherWaits) {
  for (const char* const body : {"one", "two"}) {
    alice_.relay().FailNextAppend(absl::PermissionDeniedError("no"));
    ASSERT_OK(alice_.Do(Text(body)));
    room_.Settle();
  }
  const std::vector<OutboxRowView> before = Outbox();
  ASSERT_THAT(before, SizeIs(2));

  ASSERT_OK(alice_.Do(RetryOutbox{.record = ToHex(before[1].record.span())}));
  room_.Settle();

  ASSERT_THAT(Outbox(), SizeIs(1));
  EXPECT_EQ(Outbox()[0].record, before[0].record);
  EXPECT_EQ(Outbox()[0].state, "refused");
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("two"));
}

TEST_F(OutboxPumpTest, WhatWasNotRefusedIsNotTriedAgain) {
  alice_.relay().GoAway();
  ASSERT_OK(alice_.Do(Text("waits")));
  const std::vector<OutboxRowView> before = Outbox();
  ASSERT_THAT(before, SizeIs(1));

  EXPECT_THAT(alice_.Do(RetryOutbox{.record = ToHex(before[0].record.span())}),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  ASSERT_THAT(Outbox(), SizeIs(1));
  EXPECT_EQ(Outbox()[0].state, before[0].state);
}

TEST_F(OutboxPumpTest, LostEpochSealsAnewUnderAnotherEnvelope) {
  alice_.relay().FailNextAppend(absl::AbortedError("another epoch"));
  ASSERT_OK(alice_.Do(Text("again")));
  room_.Settle();
  ASSERT_THAT(Outbox(), SizeIs(1));
  EXPECT_EQ(Outbox()[0].state, "waiting");

  room_.Wait(kCommitComesWithin + absl::Seconds(1));

  EXPECT_THAT(Outbox(), IsEmpty());
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("again"));
  const std::vector<vault::KeyUse> keys = OwnKeys();
  ASSERT_THAT(keys, SizeIs(2));
  EXPECT_NE(keys[0].envelope, keys[1].envelope);
}

TEST_F(OutboxPumpTest, CrashAfterSealingSendsTheSameBytes) {
  alice_.relay().FailNextAppend(absl::UnavailableError("away"));
  ASSERT_OK(alice_.Do(Text("crash")));
  room_.Settle();
  const std::vector<vault::KeyUse> before = OwnKeys();
  ASSERT_THAT(before, SizeIs(1));

  alice_.Restart();
  room_.Wait(absl::Minutes(1));

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("crash"));
  const std::vector<vault::KeyUse> after = OwnKeys();
  ASSERT_THAT(after, SizeIs(1));
  EXPECT_EQ(after[0].envelope, before[0].envelope);
  EXPECT_THAT(room_.log(), SizeIs(2));
}

TEST_F(OutboxPumpTest, CrashAtEveryAnswerLosesAndDoublesNothing) {
  for (int i = 0; i < 6; ++i) {
    SCOPED_TRACE(i);
    if (i % 2 == 0) alice_.relay().LoseNextAppend();
    ASSERT_OK(alice_.Do(Text(std::to_string(i))));
    alice_.Restart();
    room_.Settle();
    alice_.Restart();
    room_.Wait(absl::Seconds(40));
  }

  EXPECT_THAT(Outbox(), IsEmpty());
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("0", "1", "2", "3", "4", "5"));
  EXPECT_THAT(room_.TextsAt(1), ElementsAre("0", "1", "2", "3", "4", "5"));
  EXPECT_THAT(room_.FindingsAt(2), IsEmpty());
}

}  // namespace
}  // namespace cordon::client
