#include "crypto/record/crl_track.h"

#include <array>
#include <cstdint>
#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "tests/support/status_matchers.h"

namespace cordon::record {
namespace {

using ::cordon::testing::StatusIs;
using ::testing::Eq;
using ::testing::Optional;

DeviceId Device(uint8_t fill) {
  std::array<uint8_t, DeviceId::kBytes> raw{};
  raw.fill(fill);
  return DeviceId(raw);
}

TEST(CrlTrackTest, NothingIsWithheldAtFirst) {
  EXPECT_EQ(CrlTrack().Withheld(), std::nullopt);
  EXPECT_EQ(CrlTrack().held(), CrlNumber{0});
}

TEST(CrlTrackTest, NamedButNotHeldIsWithheld) {
  CrlTrack track;
  ASSERT_OK(track.Hold(CrlNumber{3}));
  track.Named(CrlNumber{5}, Device(1));

  EXPECT_THAT(track.Withheld(), Optional(Eq(CrlWithheld{.held = CrlNumber{3},
                                                        .named = CrlNumber{5},
                                                        .by = Device(1)})));
}

TEST(CrlTrackTest, ArrivalEndsIt) {
  CrlTrack track;
  track.Named(CrlNumber{5}, Device(1));
  ASSERT_OK(track.Hold(CrlNumber{5}));

  EXPECT_EQ(track.Withheld(), std::nullopt);
}

TEST(CrlTrackTest, MemberWithAnOlderListNamesNothing) {
  CrlTrack track;
  ASSERT_OK(track.Hold(CrlNumber{5}));
  track.Named(CrlNumber{4}, Device(1));
  track.Named(CrlNumber{5}, Device(1));

  EXPECT_EQ(track.Withheld(), std::nullopt);
}

TEST(CrlTrackTest, FirstToNameTheNewestIsRemembered) {
  CrlTrack track;
  track.Named(CrlNumber{5}, Device(1));
  track.Named(CrlNumber{5}, Device(2));
  track.Named(CrlNumber{4}, Device(3));
  EXPECT_EQ(track.Withheld()->by, Device(1));

  track.Named(CrlNumber{6}, Device(2));
  EXPECT_EQ(track.Withheld()->by, Device(2));
}

TEST(CrlTrackTest, OlderListIsRefusedAndChangesNothing) {
  CrlTrack track;
  ASSERT_OK(track.Hold(CrlNumber{5}));

  EXPECT_THAT(track.Hold(CrlNumber{4}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(track.held(), CrlNumber{5});
  EXPECT_OK(track.Hold(CrlNumber{5}));
}

TEST(CrlTrackTest, StoredTrackGoesOnWhereItWas) {
  CrlTrack track;
  ASSERT_OK(track.Hold(CrlNumber{3}));
  track.Named(CrlNumber{5}, Device(1));
  ASSERT_OK_AND_ASSIGN(const CrlTrack again,
                       CrlTrack::Parse(track.Serialize()));

  EXPECT_EQ(again.Withheld(), track.Withheld());
  EXPECT_EQ(again.Serialize(), track.Serialize());
}

TEST(CrlTrackTest, DamagedTrackDoesNotParse) {
  const Bytes good = CrlTrack().Serialize();
  const auto damaged = StatusIs(absl::StatusCode::kDataLoss);
  for (size_t size = 0; size < good.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(CrlTrack::Parse(ByteSpan(good).first(size)), damaged);
  }
  EXPECT_THAT(CrlTrack::Parse(Concat(good, Bytes{0})), damaged);
  Bytes newer = good;
  newer[1] = 2;
  EXPECT_THAT(CrlTrack::Parse(newer), damaged);
}

}  // namespace
}  // namespace cordon::record
