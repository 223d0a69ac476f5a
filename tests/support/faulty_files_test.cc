#include "tests/support/faulty_files.h"

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FaultyFilesTest : public ::testing::Test {
 protected:
  absl::Status Write(uint64_t offset, absl::string_view text) {
    return disk_.Write("f", offset, AsBytes(text));
  }
  std::string Whole() {
    const auto bytes = disk_.Read("f", 0, 1000);
    return bytes.ok() ? ToString(*bytes) : bytes.status().ToString();
  }

  FaultyFiles disk_;
};

TEST_F(FaultyFilesTest, WritesAreSeenAtOnceAndForgottenUnlessSynced) {
  ASSERT_OK(disk_.Create("f"));
  ASSERT_OK(Write(0, "kept"));
  ASSERT_OK(disk_.Sync("f"));
  ASSERT_OK(Write(4, " lost"));
  EXPECT_EQ(Whole(), "kept lost");

  disk_.Restart();

  EXPECT_EQ(Whole(), "kept");
}

TEST_F(FaultyFilesTest, FileThatWasNeverSyncedIsGone) {
  ASSERT_OK(disk_.Create("f"));
  ASSERT_OK(Write(0, "lost"));

  disk_.Restart();

  EXPECT_FALSE(disk_.Exists("f"));
}

TEST_F(FaultyFilesTest, LuckKeepsSomeUnsyncedWritesAndLosesOthers) {
  SeededRandom luck(1);
  bool kept = false;
  bool lost = false;
  for (int round = 0; round < 50; ++round) {
    disk_ = FaultyFiles();
    ASSERT_OK(disk_.Create("f"));
    ASSERT_OK(disk_.Sync("f"));
    ASSERT_OK(Write(0, "x"));
    disk_.Restart(&luck);
    (Whole().empty() ? lost : kept) = true;
  }

  EXPECT_TRUE(kept);
  EXPECT_TRUE(lost);
}

TEST_F(FaultyFilesTest, RenameAndRemoveAreSafeWithTheFolder) {
  ASSERT_OK(disk_.Create("f"));
  ASSERT_OK(disk_.Sync("f"));
  ASSERT_OK(disk_.Rename("f", "g"));
  disk_.Restart();
  EXPECT_THAT(disk_.Names(), ElementsAre("f"));

  ASSERT_OK(disk_.Rename("f", "g"));
  ASSERT_OK(disk_.SyncFolder());
  disk_.Restart();
  EXPECT_THAT(disk_.Names(), ElementsAre("g"));

  ASSERT_OK(disk_.Remove("g"));
  disk_.Restart();
  EXPECT_THAT(disk_.Names(), ElementsAre("g"));

  ASSERT_OK(disk_.Remove("g"));
  ASSERT_OK(disk_.SyncFolder());
  disk_.Restart();
  EXPECT_THAT(disk_.Names(), IsEmpty());
}

TEST_F(FaultyFilesTest, FullDiskRefusesWritesAndNothingElse) {
  ASSERT_OK(disk_.Create("f"));
  disk_.FillAfter(1);
  ASSERT_OK(Write(0, "a"));

  EXPECT_THAT(Write(1, "b"), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(disk_.Sync("f"));
  EXPECT_EQ(Whole(), "a");

  disk_.FreeUp();
  EXPECT_OK(Write(1, "b"));
}

TEST_F(FaultyFilesTest, WhatIsWrittenIsUnsyncedUntilItsSync) {
  EXPECT_FALSE(disk_.has_unsynced());
  ASSERT_OK(disk_.Create("a"));
  ASSERT_OK(disk_.Write("a", 0, AsBytes("text")));
  EXPECT_TRUE(disk_.has_unsynced());

  ASSERT_OK(disk_.Sync("a"));

  EXPECT_FALSE(disk_.has_unsynced());
}

TEST_F(FaultyFilesTest, StoppedDiskRefusesEverythingUntilRestart) {
  ASSERT_OK(disk_.Create("f"));
  ASSERT_OK(disk_.Sync("f"));
  disk_.StopAfter(1);
  ASSERT_OK(Write(0, "a"));

  EXPECT_TRUE(disk_.stopped());
  EXPECT_THAT(disk_.Sync("f"), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(disk_.Size("f"), StatusIs(absl::StatusCode::kUnavailable));

  disk_.Restart();
  EXPECT_OK(Write(0, "a"));
}

TEST_F(FaultyFilesTest, ChangesAreKeptInOrder) {
  ASSERT_OK(disk_.Create("f"));
  ASSERT_OK(Write(0, "a"));
  ASSERT_OK(disk_.Sync("f"));

  ASSERT_EQ(disk_.changes().size(), 2U);
  EXPECT_EQ(disk_.changes()[0].op, DiskOp::kWrite);
  EXPECT_EQ(disk_.changes()[1].op, DiskOp::kSync);
  EXPECT_EQ(disk_.CountOf(DiskOp::kWrite), 1U);
}

}  // namespace
}  // namespace cordon::testing
