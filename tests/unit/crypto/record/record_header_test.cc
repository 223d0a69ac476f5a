#include "crypto/record/record_header.h"

#include <array>
#include <cstdint>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/log/chain_hash.h"
#include "crypto/policy/marking.h"
#include "crypto/policy/record_kind.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::record {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);

IssuerId Issuer(uint8_t fill) {
  std::array<uint8_t, IssuerId::kBytes> raw{};
  raw.fill(fill);
  return IssuerId(raw);
}

class RecordHeaderTest : public ::testing::Test {
 protected:
  RecordHeaderTest() {
    header_.id = RecordId::Random(random_);
    header_.operation = OperationId::Random(random_);
    header_.room = RoomId::Random(random_);
    header_.author = DeviceId::Random(random_);
    header_.counter = AuthorCounter{1};
    header_.head = ChainStart(header_.room);
    place_ = {.room = header_.room,
              .operation = header_.operation,
              .author = header_.author};
  }

  SeededRandom random_{1};
  RecordHeader header_;
  RecordPlace place_;
};

TEST_F(RecordHeaderTest, WellFormedHeaderPasses) {
  header_.known_crls = {{Issuer(1), CrlNumber{4}}, {Issuer(2), CrlNumber{1}}};

  EXPECT_OK(Validate(header_));
  EXPECT_OK(ValidateAt(header_, place_));
}

TEST_F(RecordHeaderTest, MissingIdsAreRefused) {
  RecordHeader no_id = header_;
  no_id.id = RecordId();
  RecordHeader no_room = header_;
  no_room.room = RoomId();
  RecordHeader no_author = header_;
  no_author.author = DeviceId();

  EXPECT_THAT(Validate(no_id), kInvalid);
  EXPECT_THAT(Validate(no_room), kInvalid);
  EXPECT_THAT(Validate(no_author), kInvalid);
}

TEST_F(RecordHeaderTest, OnlyAGuideDoesWithoutAnOperation) {
  header_.operation = OperationId();
  EXPECT_THAT(Validate(header_), kInvalid);

  header_.kind = policy::RecordKind::kGuide;
  EXPECT_OK(Validate(header_));
  EXPECT_OK(ValidateAt(header_, place_));
}

TEST_F(RecordHeaderTest, KindZeroIsRefusedAndAnUnknownOneIsNot) {
  header_.kind = static_cast<policy::RecordKind>(0);
  EXPECT_THAT(Validate(header_), kInvalid);

  header_.kind = static_cast<policy::RecordKind>(60);
  EXPECT_OK(Validate(header_));
}

TEST_F(RecordHeaderTest, CounterZeroIsRefused) {
  header_.counter = AuthorCounter{0};

  EXPECT_THAT(Validate(header_), kInvalid);
}

TEST_F(RecordHeaderTest, EmptyLogHasOneHead) {
  header_.head.hash = ChainHash();
  EXPECT_THAT(Validate(header_), kInvalid);

  header_.head = {.seq = LogSeq{1}, .hash = ChainHash::Random(random_)};
  EXPECT_OK(Validate(header_));
}

TEST_F(RecordHeaderTest, ContradictoryMarkingIsRefused) {
  header_.marking.handling_text = "text without H3";

  EXPECT_THAT(Validate(header_), kInvalid);
}

TEST_F(RecordHeaderTest, CrlsOutOfOrderOrTwiceAreRefused) {
  header_.known_crls = {{Issuer(2), CrlNumber{1}}, {Issuer(1), CrlNumber{1}}};
  EXPECT_THAT(Validate(header_), kInvalid);

  header_.known_crls = {{Issuer(1), CrlNumber{1}}, {Issuer(1), CrlNumber{2}}};
  EXPECT_THAT(Validate(header_), kInvalid);
}

TEST_F(RecordHeaderTest, CrlsHaveALimit) {
  for (size_t i = 0; i <= kKnownCrlsMax; ++i) {
    std::array<uint8_t, IssuerId::kBytes> raw{};
    raw[0] = static_cast<uint8_t>(i >> 8);
    raw[1] = static_cast<uint8_t>(i);
    header_.known_crls.push_back({IssuerId(raw), CrlNumber{1}});
  }
  EXPECT_THAT(Validate(header_), kInvalid);

  header_.known_crls.pop_back();
  EXPECT_OK(Validate(header_));
}

TEST_F(RecordHeaderTest, RecordOfAnotherRoomIsRefused) {
  place_.room = RoomId::Random(random_);

  EXPECT_THAT(ValidateAt(header_, place_), kInvalid);
}

TEST_F(RecordHeaderTest, RecordOfAnotherOperationIsRefused) {
  place_.operation = OperationId::Random(random_);

  EXPECT_THAT(ValidateAt(header_, place_), kInvalid);
}

TEST_F(RecordHeaderTest, RecordSealedByAnotherDeviceIsRefused) {
  place_.author = DeviceId::Random(random_);

  EXPECT_THAT(ValidateAt(header_, place_), kInvalid);
}

TEST_F(RecordHeaderTest, InvalidHeaderIsRefusedAtItsPlaceToo) {
  header_.counter = AuthorCounter{0};

  EXPECT_THAT(ValidateAt(header_, place_), kInvalid);
}

}  // namespace
}  // namespace cordon::record
