#include "crypto/record/head_check.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/codec/writer.h"
#include "crypto/log/chain_hash.h"
#include "crypto/record/record_header.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::record {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

ChainHash Hash(uint8_t fill) {
  std::array<uint8_t, ChainHash::kBytes> raw{};
  raw.fill(fill);
  return ChainHash(raw);
}

CountersMissing Missing(uint64_t first, uint64_t last) {
  return {.first = AuthorCounter{first}, .last = AuthorCounter{last}};
}

// After every step the track is stored and read back: what a restart leaves
// must judge alike.
class HeadCheckTest : public ::testing::Test {
 protected:
  std::vector<HeadFinding> Observe(const RecordHeader& header,
                                   const OurView& ours) {
    std::vector<HeadFinding> findings = track_.Observe(header, ours);
    const Bytes stored = track_.Serialize();
    EXPECT_LE(stored.size(), kAuthorTrackBytesMax);
    auto again = AuthorTrack::Parse(stored);
    EXPECT_OK(again);
    if (again.ok()) track_ = *std::move(again);
    return findings;
  }

  // A record far behind everything the author claims to have seen.
  std::vector<HeadFinding> ObserveCounter(uint64_t counter) {
    RecordHeader header;
    header.counter = AuthorCounter{counter};
    header.head = {.seq = LogSeq{7}, .hash = Hash(7)};
    return Observe(header, {.lies_at = LogSeq{1000}});
  }
  std::vector<HeadFinding> ObserveHead(uint64_t counter, RoomHead head,
                                       OurView ours) {
    RecordHeader header;
    header.counter = AuthorCounter{counter};
    header.head = head;
    return Observe(header, ours);
  }

  AuthorTrack track_;
};

TEST_F(HeadCheckTest, CountersInOrderAreUnremarkable) {
  for (uint64_t counter = 1; counter <= 20; ++counter) {
    EXPECT_THAT(ObserveCounter(counter), IsEmpty());
  }
  EXPECT_THAT(track_.missing(), IsEmpty());
}

TEST_F(HeadCheckTest, SkippedCountersAreNamed) {
  ObserveCounter(1);

  EXPECT_THAT(ObserveCounter(5), ElementsAre(Missing(2, 4)));
  EXPECT_THAT(ObserveCounter(6), IsEmpty());
  EXPECT_THAT(track_.missing(), ElementsAre(Missing(2, 4)));
}

TEST_F(HeadCheckTest, WhatWasPostedBeforeTheFirstSeenIsNotMissed) {
  EXPECT_THAT(ObserveCounter(90), IsEmpty());
  EXPECT_THAT(ObserveCounter(91), IsEmpty());
  EXPECT_THAT(ObserveCounter(93), ElementsAre(Missing(92, 92)));
}

TEST_F(HeadCheckTest, RecordFromBeforeTheFirstSeenIsNotJudged) {
  ObserveCounter(90);

  EXPECT_THAT(ObserveCounter(50), IsEmpty());
  EXPECT_THAT(ObserveCounter(91), IsEmpty());
}

TEST_F(HeadCheckTest, MissingRecordThatArrivesClosesItsGap) {
  ObserveCounter(1);
  ObserveCounter(5);

  EXPECT_THAT(ObserveCounter(3),
              ElementsAre(CounterArrivedLate{AuthorCounter{3}}));
  EXPECT_THAT(track_.missing(), ElementsAre(Missing(2, 2), Missing(4, 4)));
  ObserveCounter(2);
  ObserveCounter(4);
  EXPECT_THAT(track_.missing(), IsEmpty());
}

TEST_F(HeadCheckTest, FirstAndLastOfAGapMayArriveFirst) {
  ObserveCounter(1);
  ObserveCounter(6);
  ObserveCounter(2);
  EXPECT_THAT(track_.missing(), ElementsAre(Missing(3, 5)));

  ObserveCounter(5);
  EXPECT_THAT(track_.missing(), ElementsAre(Missing(3, 4)));
}

TEST_F(HeadCheckTest, RepeatedCounterIsNamed) {
  const CounterRepeated repeated = {.counter = AuthorCounter{2},
                                    .highest = AuthorCounter{3}};
  ObserveCounter(1);
  ObserveCounter(2);
  ObserveCounter(3);

  EXPECT_THAT(ObserveCounter(2), ElementsAre(repeated));
  EXPECT_THAT(ObserveCounter(4), IsEmpty());
}

TEST_F(HeadCheckTest, LateRecordThatComesTwiceIsARepeat) {
  ObserveCounter(1);
  ObserveCounter(3);
  ObserveCounter(2);

  EXPECT_THAT(ObserveCounter(2),
              ElementsAre(CounterRepeated{.counter = AuthorCounter{2},
                                          .highest = AuthorCounter{3}}));
}

// A member that skips on purpose costs its own track a bounded row.
TEST_F(HeadCheckTest, GapsBeyondTheLimitPushOutTheOldest) {
  for (uint64_t counter = 1; counter <= 2 * (kGapsMax + 3); counter += 2) {
    ObserveCounter(counter);
  }
  ASSERT_EQ(track_.missing().size(), kGapsMax);
  EXPECT_EQ(track_.missing().front(), Missing(6, 6));

  // 2 was missing and is forgotten: neither late nor a repeat.
  EXPECT_THAT(ObserveCounter(2), IsEmpty());
  EXPECT_THAT(ObserveCounter(6),
              ElementsAre(CounterArrivedLate{AuthorCounter{6}}));
}

TEST_F(HeadCheckTest, SplittingAGapAtTheLimitStaysWithinIt) {
  ObserveCounter(1);
  for (uint64_t gap = 1; gap <= kGapsMax; ++gap) {
    ObserveCounter(1 + gap * 10);
  }
  ASSERT_EQ(track_.missing().size(), kGapsMax);

  ObserveCounter(105);
  EXPECT_EQ(track_.missing().size(), kGapsMax);
  EXPECT_EQ(track_.missing().front(), Missing(12, 20));
}

TEST_F(HeadCheckTest, GreatestCounterIsCountedWithoutOverflow) {
  ObserveCounter(1);

  EXPECT_THAT(ObserveCounter(UINT64_MAX),
              ElementsAre(Missing(2, UINT64_MAX - 1)));
  EXPECT_THAT(
      ObserveCounter(UINT64_MAX),
      ElementsAre(CounterRepeated{.counter = AuthorCounter{UINT64_MAX},
                                  .highest = AuthorCounter{UINT64_MAX}}));
}

TEST_F(HeadCheckTest, SameHashAtTheClaimedHeadIsUnremarkable) {
  EXPECT_THAT(ObserveHead(1, {.seq = LogSeq{5}, .hash = Hash(5)},
                          {.lies_at = LogSeq{6}, .hash_at_head = Hash(5)}),
              IsEmpty());
}

TEST_F(HeadCheckTest, AnotherHashAtTheClaimedHeadIsAFork) {
  const RoomHead theirs = {.seq = LogSeq{5}, .hash = Hash(0xee)};

  EXPECT_THAT(
      ObserveHead(1, theirs, {.lies_at = LogSeq{6}, .hash_at_head = Hash(5)}),
      ElementsAre(LogForked{.theirs = theirs, .ours = Hash(5)}));
}

TEST_F(HeadCheckTest, HeadFromBeforeOurTimeCannotBeCompared) {
  EXPECT_THAT(ObserveHead(1, {.seq = LogSeq{5}, .hash = Hash(0xee)},
                          {.lies_at = LogSeq{6}}),
              IsEmpty());
}

TEST_F(HeadCheckTest, HeadBeyondItsOwnPlaceMeansWithheldEntries) {
  EXPECT_THAT(
      ObserveHead(1, {.seq = LogSeq{9}, .hash = Hash(9)},
                  {.lies_at = LogSeq{6}}),
      ElementsAre(LogWithheld{.claimed = LogSeq{9}, .lies_at = LogSeq{6}}));
}

// Nobody has seen its own record before signing it.
TEST_F(HeadCheckTest, HeadAtItsOwnPlaceMeansWithheldEntriesToo) {
  EXPECT_THAT(
      ObserveHead(1, {.seq = LogSeq{6}, .hash = Hash(6)},
                  {.lies_at = LogSeq{6}}),
      ElementsAre(LogWithheld{.claimed = LogSeq{6}, .lies_at = LogSeq{6}}));
}

TEST_F(HeadCheckTest, LaterRecordWithAnEarlierHeadWentBack) {
  ObserveHead(1, {.seq = LogSeq{5}, .hash = Hash(5)}, {.lies_at = LogSeq{6}});

  EXPECT_THAT(ObserveHead(2, {.seq = LogSeq{3}, .hash = Hash(3)},
                          {.lies_at = LogSeq{7}}),
              ElementsAre(HeadWentBack{.before = LogSeq{5}, .now = LogSeq{3}}));
  EXPECT_THAT(ObserveHead(3, {.seq = LogSeq{5}, .hash = Hash(5)},
                          {.lies_at = LogSeq{8}}),
              IsEmpty());
}

TEST_F(HeadCheckTest, LateRecordMayHaveAnEarlierHead) {
  ObserveHead(1, {.seq = LogSeq{1}, .hash = Hash(1)}, {.lies_at = LogSeq{2}});
  ObserveHead(3, {.seq = LogSeq{5}, .hash = Hash(5)}, {.lies_at = LogSeq{6}});

  EXPECT_THAT(ObserveHead(2, {.seq = LogSeq{3}, .hash = Hash(3)},
                          {.lies_at = LogSeq{7}}),
              ElementsAre(CounterArrivedLate{AuthorCounter{2}}));
}

TEST_F(HeadCheckTest, AnotherAuthenticatorOfOneEpochIsAFork) {
  SeededRandom random(1);
  RecordHeader header;
  header.counter = AuthorCounter{1};
  header.epoch = Epoch{4};
  header.epoch_authenticator = EpochAuthenticator::Random(random);
  OurView ours = {.lies_at = LogSeq{1},
                  .authenticator = header.epoch_authenticator};
  EXPECT_THAT(Observe(header, ours), IsEmpty());

  header.counter = AuthorCounter{2};
  ours.authenticator = EpochAuthenticator::Random(random);
  EXPECT_THAT(Observe(header, ours), ElementsAre(EpochForked{Epoch{4}}));
}

TEST_F(HeadCheckTest, EverythingThatIsWrongIsNamedAtOnce) {
  ObserveHead(1, {.seq = LogSeq{5}, .hash = Hash(5)}, {.lies_at = LogSeq{6}});
  const RoomHead forked = {.seq = LogSeq{4}, .hash = Hash(0xee)};

  EXPECT_THAT(
      ObserveHead(3, forked, {.lies_at = LogSeq{4}, .hash_at_head = Hash(4)}),
      ElementsAre(Missing(2, 2),
                  HeadWentBack{.before = LogSeq{5}, .now = LogSeq{4}},
                  LogWithheld{.claimed = LogSeq{4}, .lies_at = LogSeq{4}},
                  LogForked{.theirs = forked, .ours = Hash(4)}));
}

TEST(AuthorTrackTest, DamagedTrackDoesNotParse) {
  AuthorTrack track;
  RecordHeader header;
  for (const uint64_t counter : {uint64_t{1}, uint64_t{9}}) {
    header.counter = AuthorCounter{counter};
    track.Observe(header, {.lies_at = LogSeq{1}});
  }
  const Bytes good = track.Serialize();
  const auto damaged = StatusIs(absl::StatusCode::kDataLoss);
  for (size_t size = 0; size < good.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(AuthorTrack::Parse(ByteSpan(good).first(size)), damaged);
  }
  EXPECT_THAT(AuthorTrack::Parse(Concat(good, Bytes{0})), damaged);
}

Bytes StoredTrack(uint64_t floor, uint64_t highest,
                  const std::vector<CountersMissing>& missing) {
  codec::Writer out;
  out.U16(1);
  out.U64(floor);
  out.U64(highest);
  out.U64(0);
  out.Nested([&missing](codec::Writer& content) {
    for (const CountersMissing& range : missing) {
      content.U64(range.first.value);
      content.U64(range.last.value);
    }
  });
  return out.Take();
}

TEST(AuthorTrackTest, ContradictoryTrackDoesNotParse) {
  const auto damaged = StatusIs(absl::StatusCode::kDataLoss);
  EXPECT_OK(AuthorTrack::Parse(StoredTrack(1, 9, {Missing(2, 3)})));

  EXPECT_THAT(AuthorTrack::Parse(StoredTrack(9, 8, {})), damaged);
  EXPECT_THAT(AuthorTrack::Parse(StoredTrack(2, 9, {Missing(2, 3)})), damaged);
  EXPECT_THAT(AuthorTrack::Parse(StoredTrack(1, 9, {Missing(3, 2)})), damaged);
  EXPECT_THAT(AuthorTrack::Parse(StoredTrack(1, 9, {Missing(4, 9)})), damaged);
  EXPECT_THAT(
      AuthorTrack::Parse(StoredTrack(1, 9, {Missing(2, 4), Missing(4, 5)})),
      damaged);
  EXPECT_THAT(
      AuthorTrack::Parse(StoredTrack(
          0, 99, std::vector<CountersMissing>(kGapsMax + 1, Missing(1, 1)))),
      damaged);
}

}  // namespace
}  // namespace cordon::record
