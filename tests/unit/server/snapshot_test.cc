#include "server/snapshot.h"

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

#include "server/core/blobs.h"
#include "server/core/fanout.h"
#include "server/core/follow_item.h"
#include "server/core/publications.h"
#include "server/lane.h"
#include "server/relay.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/db.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::server {
namespace {

using ::cordon::testing::FakeClock;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;

struct NoEncoder final : ItemEncoder {
  SharedItem Encode(const FollowItem&) const override { return nullptr; }
  SharedItem EncodeEntry(const LogEntry&) const override { return nullptr; }
};

class SnapshotTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Snapshot>> Make(bool stopping) {
    return Snapshot::Make({.relay = &relay_, .db = db_.get()}, key_, path_,
                          [stopping] { return stopping; });
  }

  TempFolder folder_;
  SeededRandom random_{1};
  const sqlite::Key key_ = sqlite::Key::Random(random_);
  const std::string path_ = folder_.File("snapshot.db");
  const std::unique_ptr<sqlite::Db> db_ = *sqlite::Db::Open(
      {.path = folder_.File("relay.db"), .mode = sqlite::OpenMode::kMayCreate},
      key_);
  relay::Stores stores_ = *relay::OpenStores(db_.get());
  FakeClock clock_;
  Publications publications_;
  NoEncoder encoder_;
  Fanout fanout_{&encoder_};
  Blobs blobs_{{.stores = &stores_, .files = nullptr, .clock = &clock_}, {}};
  Lane lane_{{.db = db_.get(),
              .publications = &publications_,
              .fanout = &fanout_,
              .on_step_end = [](bool) {},
              .on_batch_lost = [](const absl::Status&) {}},
             {}};
  const Relay relay_{.lane = &lane_, .blobs = &blobs_};
};

TEST_F(SnapshotTest, IsADatabaseWhileItIsThere) {
  {
    const auto snapshot = Make(/*stopping=*/false);
    ASSERT_OK(snapshot);
    EXPECT_OK(sqlite::Db::Open({.path = (*snapshot)->path()}, key_));
  }

  EXPECT_FALSE(std::filesystem::exists(path_));
}

// A stopping relay must not wait for the whole copy.
TEST_F(SnapshotTest, IsGivenUpWhenTheRelayStops) {
  EXPECT_THAT(Make(/*stopping=*/true), StatusIs(absl::StatusCode::kCancelled));

  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace cordon::server
