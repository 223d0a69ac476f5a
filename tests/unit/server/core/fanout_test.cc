#include "server/core/fanout.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "server/core/follow_item.h"
#include "server/core/follower.h"
#include "server/core/publications.h"
#include "tests/support/status_matchers.h"

namespace cordon::server {
namespace {

using ::cordon::testing::IsOk;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr RoomId kAlerts({1});
constexpr RoomId kGeneral({2});
constexpr DeviceId kAlice({11});
constexpr DeviceId kBob({12});

// Numbers from 1000 up stand for what is no entry.
constexpr uint64_t kRoomLeft = 1000;
constexpr uint64_t kOther = 1001;

struct NumberedItem final : EncodedItem {
  explicit NumberedItem(uint64_t n) : number(n) {}
  size_t size_bytes() const override { return 1; }
  const uint64_t number;
};

class CountingEncoder final : public ItemEncoder {
 public:
  SharedItem Encode(const FollowItem& item) const override {
    return std::make_shared<NumberedItem>(
        std::holds_alternative<RoomLeftItem>(item) ? kRoomLeft : kOther);
  }
  SharedItem EncodeEntry(const LogEntry& entry) const override {
    ++entries;
    return std::make_shared<NumberedItem>(entry.seq.value);
  }
  mutable int entries = 0;
};

class RecordingFollower final : public Follower {
 public:
  bool Offer(absl::Span<const SharedItem> items) override {
    ++offers;
    for (const SharedItem& item : items) {
      got.push_back(static_cast<const NumberedItem&>(*item).number);
    }
    return !std::exchange(in_line, true);
  }
  void Send() override {
    in_line = false;
    on_send();
    sent.push_back(got.size());
  }
  void End(const absl::Status& why) override { ended = why; }
  void Tick() override { ++ticks; }

  std::vector<uint64_t> got;
  // How many it had got at each Send.
  std::vector<size_t> sent;
  std::function<void()> on_send = [] {};
  int offers = 0;
  int ticks = 0;
  bool in_line = false;
  absl::Status ended;
};

EntryAppended Entry(const RoomId& room, uint64_t seq) {
  return EntryAppended{LogEntry{.room = room, .seq = LogSeq{seq}}};
}

class FanoutTest : public ::testing::Test {
 protected:
  void Publish(std::vector<Publication> publications) {
    fanout_.Publish(publications);
  }

  CountingEncoder encoder_;
  Fanout fanout_{&encoder_};
  RecordingFollower alice_;
  RecordingFollower bob_;
};

TEST_F(FanoutTest, EntryReachesThoseWhoFollowItsRoom) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}});
  fanout_.Add(&bob_, kBob, {{kGeneral, LogSeq{0}}});

  Publish({Entry(kAlerts, 1)});

  EXPECT_THAT(alice_.got, ElementsAre(1));
  EXPECT_THAT(bob_.got, IsEmpty());
}

TEST_F(FanoutTest, EntryIsEncodedOnceForAll) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}});
  fanout_.Add(&bob_, kBob, {{kAlerts, LogSeq{0}}});

  Publish({Entry(kAlerts, 1)});

  EXPECT_EQ(encoder_.entries, 1);
  EXPECT_THAT(bob_.got, ElementsAre(1));
}

TEST_F(FanoutTest, EntryThatNobodyFollowsIsNotEncoded) {
  Publish({Entry(kAlerts, 1)});

  EXPECT_EQ(encoder_.entries, 0);
}

TEST_F(FanoutTest, WhatTheBacklogGaveIsNotOfferedAgain) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{2}}});

  Publish({Entry(kAlerts, 1), Entry(kAlerts, 2), Entry(kAlerts, 3)});
  Publish({Entry(kAlerts, 3), Entry(kAlerts, 4)});

  EXPECT_THAT(alice_.got, ElementsAre(3, 4));
}

TEST_F(FanoutTest, EntriesOfOneBatchComeInOneOffer) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}, {kGeneral, LogSeq{0}}});

  Publish({Entry(kAlerts, 1), Entry(kAlerts, 2), Entry(kGeneral, 1)});

  EXPECT_THAT(alice_.got, ElementsAre(1, 2, 1));
  EXPECT_EQ(alice_.offers, 2);
}

TEST_F(FanoutTest, WhatIsPublishedTogetherIsSentTogether) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}, {kGeneral, LogSeq{0}}});

  Publish({Entry(kAlerts, 1), Entry(kGeneral, 1), Entry(kAlerts, 2)});

  EXPECT_THAT(alice_.sent, ElementsAre(3));
}

TEST_F(FanoutTest, WhoGotNothingIsNotToldToSend) {
  fanout_.Add(&bob_, kBob, {{kGeneral, LogSeq{0}}});

  Publish({Entry(kAlerts, 1)});

  EXPECT_THAT(bob_.sent, IsEmpty());
}

TEST_F(FanoutTest, WhoIsAlreadySendingIsNotToldAgain) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}});
  alice_.in_line = true;

  Publish({Entry(kAlerts, 1)});

  EXPECT_THAT(alice_.got, ElementsAre(1));
  EXPECT_THAT(alice_.sent, IsEmpty());
}

// Sending takes long; nobody should have to wait for the fanout meanwhile.
TEST_F(FanoutTest, SendingIsDoneWithoutTheLock) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}});
  alice_.on_send = [this] { fanout_.Remove(&alice_); };

  Publish({Entry(kAlerts, 1)});

  EXPECT_EQ(fanout_.size(), 0);
}

TEST_F(FanoutTest, WhoSeesAWriteEndGoesOnSending) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}});
  fanout_.Add(&bob_, kBob, {{kAlerts, LogSeq{0}}});
  alice_.on_send = [this] {
    fanout_.SendWaiting();
    EXPECT_THAT(bob_.sent, ElementsAre(1));
  };

  Publish({Entry(kAlerts, 1)});

  EXPECT_THAT(alice_.sent, ElementsAre(1));
}

TEST_F(FanoutTest, JoinedRoomIsFollowedFromThere) {
  fanout_.Add(&alice_, kAlice, {});

  Publish({Entry(kAlerts, 5), DeviceJoined{kAlice, kAlerts, LogSeq{5}},
           Entry(kAlerts, 6)});

  EXPECT_THAT(alice_.got, ElementsAre(6));
}

TEST_F(FanoutTest, DeviceThatLeftHearsOfItAndOfNothingAfter) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}});

  Publish({Entry(kAlerts, 1), DeviceLeft{kAlice, kAlerts}, Entry(kAlerts, 2)});

  EXPECT_THAT(alice_.got, ElementsAre(1, kRoomLeft));
}

TEST_F(FanoutTest, WhatIsForOneDeviceReachesItAlone) {
  fanout_.Add(&alice_, kAlice, {});
  fanout_.Add(&bob_, kBob, {});

  Publish({ToDevice{kAlice, JoinRequestItem{}}});

  EXPECT_THAT(alice_.got, ElementsAre(kOther));
  EXPECT_THAT(bob_.got, IsEmpty());
}

TEST_F(FanoutTest, WhatIsForAllReachesAll) {
  fanout_.Add(&alice_, kAlice, {});
  fanout_.Add(&bob_, kBob, {});

  Publish({ToAll{CrlItem{}}});

  EXPECT_THAT(alice_.got, ElementsAre(kOther));
  EXPECT_THAT(bob_.got, ElementsAre(kOther));
}

TEST_F(FanoutTest, RefusedDeviceIsEndedAndGetsNothingMore) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}});
  fanout_.Add(&bob_, kBob, {{kAlerts, LogSeq{0}}});

  Publish({DeviceRefused{kAlice}, Entry(kAlerts, 1)});

  EXPECT_THAT(alice_.ended, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(alice_.got, IsEmpty());
  EXPECT_THAT(bob_.ended, IsOk());
  EXPECT_THAT(bob_.got, ElementsAre(1));
}

TEST_F(FanoutTest, SecondStreamOfADeviceEndsTheFirst) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}});
  RecordingFollower again;

  fanout_.Add(&again, kAlice, {{kAlerts, LogSeq{0}}});
  Publish({Entry(kAlerts, 1)});

  EXPECT_THAT(alice_.ended, StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(alice_.got, IsEmpty());
  EXPECT_THAT(again.got, ElementsAre(1));
}

TEST_F(FanoutTest, RemovingTheFirstStreamKeepsTheSecond) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}});
  RecordingFollower again;
  fanout_.Add(&again, kAlice, {{kAlerts, LogSeq{0}}});

  fanout_.Remove(&alice_);
  Publish({ToDevice{kAlice, JoinRequestItem{}}, Entry(kAlerts, 1)});

  EXPECT_EQ(fanout_.size(), 1);
  EXPECT_THAT(again.got, ElementsAre(kOther, 1));
}

TEST_F(FanoutTest, RemovedFollowerIsForgotten) {
  fanout_.Add(&alice_, kAlice, {{kAlerts, LogSeq{0}}});

  fanout_.Remove(&alice_);
  fanout_.Remove(&alice_);
  Publish({Entry(kAlerts, 1), ToAll{CrlItem{}}});

  EXPECT_EQ(fanout_.size(), 0);
  EXPECT_THAT(alice_.got, IsEmpty());
}

TEST_F(FanoutTest, EndedFollowerStillGetsTicks) {
  fanout_.Add(&alice_, kAlice, {});
  Publish({DeviceRefused{kAlice}});

  fanout_.Tick();

  EXPECT_EQ(alice_.ticks, 1);
}

TEST_F(FanoutTest, EndAllTellsEverybodyWhy) {
  fanout_.Add(&alice_, kAlice, {});
  fanout_.Add(&bob_, kBob, {});

  fanout_.EndAll(absl::UnavailableError("stopping"));

  EXPECT_THAT(alice_.ended, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(bob_.ended, StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(FanoutTest, StreamWhoseBacklogIsReadIsOfferedNothingYet) {
  RecordingFollower early;
  fanout_.Announce(&early, DeviceId({13}));

  Publish({DeviceJoined{DeviceId({13}), kAlerts, LogSeq{0}}, Entry(kAlerts, 4),
           ToAll{CaughtUpItem{}}, ToDevice{DeviceId({13}), CaughtUpItem{}}});
  EXPECT_THAT(early.got, IsEmpty());

  fanout_.Add(&early, DeviceId({13}), {{{kAlerts, LogSeq{4}}}});
  EXPECT_THAT(early.ended, IsOk());
  Publish({Entry(kAlerts, 5)});
  EXPECT_THAT(early.got, ElementsAre(5));
  fanout_.Remove(&early);
}

TEST_F(FanoutTest, StreamWhoseBacklogIsReadIsTickedAndEndedAsAnyOther) {
  RecordingFollower first;
  RecordingFollower second;
  fanout_.Announce(&first, DeviceId({13}));
  fanout_.Tick();
  EXPECT_EQ(first.ticks, 1);

  fanout_.Announce(&second, DeviceId({13}));
  EXPECT_THAT(first.ended, StatusIs(absl::StatusCode::kAborted));

  Publish({DeviceRefused{DeviceId({13})}});
  EXPECT_THAT(second.ended, StatusIs(absl::StatusCode::kPermissionDenied));
  fanout_.Remove(&first);
  fanout_.Remove(&second);
}

}  // namespace
}  // namespace cordon::server
