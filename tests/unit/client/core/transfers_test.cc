#include "client/core/transfers.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command/record.h"
#include "client/core/event.h"
#include "client/core/model/record.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/client/core/transfers_fixture.h"

namespace cordon::client {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using TransfersTest = TransfersFixture;

TEST_F(TransfersTest, FileGoesToTheRelaySealedAndComesBackWhole) {
  const Bytes content = Content();
  ASSERT_OK_AND_ASSIGN(const Attachment file, AttachOne("guide.pdf", content));
  EXPECT_EQ(file.name, "guide.pdf");
  ASSERT_OK(Enter(file, kRecord));
  EXPECT_THAT(Unsent(), IsOkAndHolds(1U));

  EXPECT_OK(Run(transfers_->Pump()));

  EXPECT_THAT(Unsent(), IsOkAndHolds(0U));
  const BlobId id = file.blob.id();
  EXPECT_EQ(AtRelay(id).bytes.size(), file.blob.ciphertext_bytes());
  EXPECT_THAT(AtRelay(id).holders, ElementsAre(kRoom));
  EXPECT_EQ(std::search(AtRelay(id).bytes.begin(), AtRelay(id).bytes.end(),
                        content.begin(), content.begin() + 32),
            AtRelay(id).bytes.end());

  ASSERT_OK(Forget(id));
  ASSERT_OK_AND_ASSIGN(const FilesWritten got, Get(Digits(id)));
  ASSERT_THAT(got.files, SizeIs(1));
  EXPECT_EQ(got.files[0].path, Out() + "/guide.pdf");
  EXPECT_EQ(got.files[0].digest, Sha256(content));
  EXPECT_THAT(files_.ReadBack(got.files[0].path), IsOkAndHolds(content));
}

TEST_F(TransfersTest, EachStageTellsItsProgressToTheEnd) {
  ASSERT_OK_AND_ASSIGN(const BlobId blob, PutAtRelay("a", Content()));
  ASSERT_OK(Get(Digits(blob)).status());

  for (const Stage stage : {Stage::kSealingFile, Stage::kSendingFile,
                            Stage::kFetchingFile, Stage::kOpeningFile}) {
    SCOPED_TRACE(static_cast<int>(stage));
    const auto last = std::find_if(
        progress_.rbegin(), progress_.rend(),
        [stage](const Progress& one) { return one.stage == stage; });
    ASSERT_NE(last, progress_.rend());
    EXPECT_EQ(last->done, last->total);
    EXPECT_EQ(last->command, stage == Stage::kSendingFile ? 0 : kCommand);
  }
}

TEST_F(TransfersTest, AllAreCheckedBeforeTheFirstIsRead) {
  std::vector<FileToAttach> files;
  files.push_back({.path = files_.WriteSource("good", ToBytes("content"))});
  files.push_back({.path = files_.WriteSource("empty", {})});

  EXPECT_THAT(Run(transfers_->Attach(std::move(files), kCommand)).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_THAT(progress_, IsEmpty());
  EXPECT_EQ(CachedBlobs(), 0U);
}

TEST_F(TransfersTest, NameThatCannotBeSentIsRefused) {
  for (const std::string& path : {std::string("/tmp/"), std::string("a\nb")}) {
    std::vector<FileToAttach> files;
    files.push_back({.path = path});
    EXPECT_THAT(Run(transfers_->Attach(std::move(files), kCommand)).status(),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(TransfersTest, SealingThatFailsLeavesNoneOfTheFilesInTheCache) {
  std::vector<FileToAttach> files;
  files.push_back({.path = files_.WriteSource("a", ToBytes("first"))});
  files.push_back({.path = files_.WriteSource("b", ToBytes("second"))});
  on_progress_ = [this](const Progress& /*sealed the first*/) {
    files_.FailNext(absl::ResourceExhaustedError("the disk is full"));
  };

  EXPECT_THAT(Run(transfers_->Attach(std::move(files), kCommand)).status(),
              StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_EQ(CachedBlobs(), 0U);
}

TEST_F(TransfersTest, HoldTakesAFileIntoAnotherRoom) {
  ASSERT_OK_AND_ASSIGN(const BlobId blob, PutAtRelay("a", Content()));

  EXPECT_OK(Run(transfers_->Hold(blob, kOther)));

  EXPECT_THAT(AtRelay(blob).holders, ElementsAre(kRoom, kOther));
  EXPECT_FALSE(Run(transfers_->Hold(blob, kStrange)).ok());
}

TEST_F(TransfersTest, SweepErasesWhatNoRecordNames) {
  ASSERT_OK_AND_ASSIGN(const Attachment kept, AttachOne("a", Content()));
  ASSERT_OK(Enter(kept, kRecord));
  ASSERT_OK(AttachOne("b", Content()).status());
  ASSERT_EQ(CachedBlobs(), 2U);

  EXPECT_OK(Run(transfers_->Sweep()));

  EXPECT_EQ(CachedBlobs(), 1U);
  EXPECT_OK(Run(transfers_->Pump()));
}

}  // namespace
}  // namespace cordon::client
