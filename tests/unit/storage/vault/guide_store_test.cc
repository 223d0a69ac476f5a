#include "storage/vault/guide_store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/vault/vault.h"
#include "tests/support/ids.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempVault;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const auto kIntake = IdOf<RoomId>(1);
const auto kLibrary = IdOf<RoomId>(2);
constexpr uint32_t kSubmitted = 2;
constexpr uint32_t kPublished = 3;

Guide MakeGuide(RoomId room, uint32_t id, uint32_t revision) {
  return {.room = room,
          .id = IdOf<GuideId>(id),
          .revision = revision,
          .state = kSubmitted,
          .owner = "acme.rightsholder",
          .title = "Telling a genuine part",
          .record = IdOf<RecordId>(7),
          .blobs = {IdOf<BlobId>(2), IdOf<BlobId>(1)}};
}

class GuideStoreTest : public ::testing::Test {
 protected:
  absl::Status Put(const Guide& guide) {
    return vault_->Update(
        [&](VaultTxn& txn) { return txn.guides().Put(guide); });
  }
  absl::StatusOr<Guide> Stored(RoomId room, uint32_t id) {
    vault_.Reopen();
    return vault_.Read([&](const VaultTxn& txn) {
      return txn.guides().Get({.id = IdOf<GuideId>(id), .room = room});
    });
  }
  absl::StatusOr<std::vector<Guide>> List(const GuideQuery& query) {
    return vault_.Read(
        [&](const VaultTxn& txn) { return txn.guides().List(query); });
  }
  absl::StatusOr<std::vector<Guide>> Find(absl::string_view digits) {
    return vault_.Read([&](const VaultTxn& txn) {
      return txn.guides().FindByIdPrefix(digits);
    });
  }

  TempVault vault_;
};

TEST_F(GuideStoreTest, AGuideIsKeptWholeWithItsBlobsInOrder) {
  ASSERT_OK(Put(MakeGuide(kIntake, 1, 3)));

  ASSERT_OK_AND_ASSIGN(const Guide guide, Stored(kIntake, 1));

  EXPECT_EQ(guide.room, kIntake);
  EXPECT_EQ(guide.id, IdOf<GuideId>(1));
  EXPECT_EQ(guide.revision, 3U);
  EXPECT_EQ(guide.state, kSubmitted);
  EXPECT_EQ(guide.owner, "acme.rightsholder");
  EXPECT_EQ(guide.title, "Telling a genuine part");
  EXPECT_EQ(guide.record, IdOf<RecordId>(7));
  EXPECT_THAT(guide.blobs, ElementsAre(IdOf<BlobId>(2), IdOf<BlobId>(1)));
}

TEST_F(GuideStoreTest, AGuideIsKnownInItsRoomAlone) {
  ASSERT_OK(Put(MakeGuide(kIntake, 1, 1)));

  EXPECT_THAT(Stored(kLibrary, 1), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GuideStoreTest, ALaterOrEqualRevisionReplaces) {
  ASSERT_OK(Put(MakeGuide(kIntake, 1, 1)));
  Guide later = MakeGuide(kIntake, 1, 2);
  later.blobs = {IdOf<BlobId>(9)};
  ASSERT_OK(Put(later));
  later.state = kPublished;

  ASSERT_OK(Put(later));

  ASSERT_OK_AND_ASSIGN(const Guide guide, Stored(kIntake, 1));
  EXPECT_EQ(guide.revision, 2U);
  EXPECT_EQ(guide.state, kPublished);
  EXPECT_THAT(guide.blobs, ElementsAre(IdOf<BlobId>(9)));
}

TEST_F(GuideStoreTest, AnEarlierRevisionIsRefusedAndTheLaterStays) {
  ASSERT_OK(Put(MakeGuide(kIntake, 1, 2)));
  Guide earlier = MakeGuide(kIntake, 1, 1);
  earlier.blobs.clear();

  EXPECT_THAT(Put(earlier), StatusIs(absl::StatusCode::kFailedPrecondition));

  ASSERT_OK_AND_ASSIGN(const Guide guide, Stored(kIntake, 1));
  EXPECT_EQ(guide.revision, 2U);
  EXPECT_THAT(guide.blobs, SizeIs(2));
}

TEST_F(GuideStoreTest, MoreBlobsThanTheLimitAreRefused) {
  Guide guide = MakeGuide(kIntake, 1, 1);
  guide.blobs.assign(kGuideBlobsMax + 1, IdOf<BlobId>(1));

  EXPECT_THAT(Put(guide), StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_THAT(Stored(kIntake, 1), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GuideStoreTest, ListFiltersByRoomAndState) {
  Guide published = MakeGuide(kLibrary, 1, 1);
  published.state = kPublished;
  ASSERT_OK(Put(MakeGuide(kIntake, 1, 1)));
  ASSERT_OK(Put(MakeGuide(kIntake, 2, 1)));
  ASSERT_OK(Put(published));

  EXPECT_THAT(List({}), IsOkAndHolds(SizeIs(3)));
  EXPECT_THAT(List({.room = kIntake}), IsOkAndHolds(SizeIs(2)));
  EXPECT_THAT(List({.state = kPublished}),
              IsOkAndHolds(ElementsAre(Field(&Guide::room, kLibrary))));
  EXPECT_THAT(List({.room = kIntake, .state = kPublished}),
              IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(List({.after = {.id = IdOf<GuideId>(1), .room = kIntake}}),
              IsOkAndHolds(ElementsAre(Field(&Guide::room, kLibrary),
                                       Field(&Guide::id, IdOf<GuideId>(2)))));
}

TEST_F(GuideStoreTest, ListPagesWithoutGapOrRepeat) {
  ASSERT_OK(vault_->Update([](VaultTxn& txn) -> absl::Status {
    for (uint32_t i = 1; i <= kGuidesPerPageMax + 2; ++i) {
      CORDON_RETURN_IF_ERROR(txn.guides().Put(MakeGuide(kIntake, i, 1)));
    }
    return absl::OkStatus();
  }));

  ASSERT_OK_AND_ASSIGN(const auto first, List({}));
  ASSERT_THAT(first, SizeIs(kGuidesPerPageMax));
  ASSERT_OK_AND_ASSIGN(
      const auto rest,
      List({.after = {.id = first.back().id, .room = first.back().room}}));

  ASSERT_THAT(rest, SizeIs(2));
  EXPECT_EQ(rest[0].id, IdOf<GuideId>(kGuidesPerPageMax + 1));
}

TEST_F(GuideStoreTest, APrefixFindsGuidesInEveryRoom) {
  ASSERT_OK(Put(MakeGuide(kIntake, 1, 1)));
  ASSERT_OK(Put(MakeGuide(kLibrary, 1, 1)));
  ASSERT_OK(Put(MakeGuide(kIntake, 2, 1)));

  EXPECT_THAT(Find("00"), IsOkAndHolds(SizeIs(3)));
  EXPECT_THAT(Find(ToHex(IdOf<GuideId>(1).span())), IsOkAndHolds(SizeIs(2)));
  EXPECT_THAT(Find("ff"), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Find("no"), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::vault
