// What people write stands in no byte of the relay: not in its folder, not in
// its log, not in its memory. And the search that says so can find.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/marker_search.h"
#include "tests/replay/acts.h"
#include "tests/replay/alert_json.h"
#include "tests/replay/cases.h"
#include "tests/replay/session.h"
#include "tests/replay/world.h"
#include "tests/support/status_matchers.h"

namespace cordon::e2e {
namespace {

using ::cordon::testing::StatusIs;
using replay::json;
using replay::Session;
using replay::World;
using ::testing::Contains;
using ::testing::IsEmpty;

constexpr uint64_t kMemoryBytesMin = 1 << 20;
constexpr int kFileRepeats = 2000;

const char kRoomName[] = "room-name-qzvk83";
const char kRoomTitle[] = "Room title Wq7xPlumage";
const char kText[] = "Text body Jf4uOrchard";
const char kFileBytes[] = "File bytes Zt9kLantern";
const char kFileName[] = "FileNameHb2cCinder.txt";
const char kDescription[] = "Description Ny6rThistle";
const char kOffice[] = "Office Dv3mPebble";
const char kNarrative[] = "Narrative Lk8sFalcon";

std::vector<std::string> Planted() {
  return {kRoomName, kRoomTitle, kText, kFileBytes, kFileName, kDescription,
          kOffice, kNarrative,
          // What the replay itself says of the operation and who is in it.
          "Joint operation against counterfeit medicines", "Customs of France"};
}

class MarkersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* programs = std::getenv("CORDON_PROGRAMS");
    ASSERT_NE(programs, nullptr);
    absl::StatusOr<std::unique_ptr<World>> world =
        World::Open({.small = true, .programs = programs});
    ASSERT_OK(world);
    world_ = *std::move(world);
    ASSERT_OK(world_->StartRelay());
    ASSERT_OK(Enrol(*world_));
    ASSERT_OK(OpenOperation(*world_));
    ASSERT_OK(Plant());
  }

  Session& member() { return world_->session(1); }
  Session& reader() { return world_->session(2); }

  json Ask(Session& session, json command) {
    json answer;
    session.Ask(std::move(command),
                [&answer](const json& result) { answer = result; });
    EXPECT_OK(
        world_->loop().Run({.what = "a verb is answered",
                            .done = [&answer] { return !answer.is_null(); }}));
    return answer;
  }

  // Everything that people write, written by a Member and read by another.
  absl::Status Plant() {
    size_t arrived = 0;
    const std::string room =
        absl::StrCat(std::string(replay::kOperation), "/", kRoomName);
    world_->OnEvent([&](Session& session, const json& event) {
      const std::string kind = event.value("kind", "");
      if (&session == &reader() && (kind == "text" || kind == "alert")) {
        ++arrived;
      }
    });
    Ask(world_->unit(), {{"verb", "room create"},
                         {"operation", std::string(replay::kOperation)},
                         {"name", kRoomName},
                         {"title", kRoomTitle},
                         {"kind", "channel"}});
    const std::string file = world_->Path(absl::StrCat("papers/", kFileName));
    std::ofstream out(file);
    for (int i = 0; i < kFileRepeats; ++i) out << kFileBytes << "\n";
    out.close();
    Ask(world_->unit(), {{"verb", "send"},
                         {"room", room},
                         {"text", kText},
                         {"attach", {file}}});
    client::Alert alert = world_->cases()[0].alert;
    alert.lines[0].description = kDescription;
    alert.where.office = kOffice;
    json form = replay::AlertJson(alert, replay::OperationZone());
    form["narrative"] = kNarrative;
    Ask(member(), {{"verb", "alert send"},
                   {"operation", std::string(replay::kOperation)},
                   {"alert", form}});
    return world_->loop().Run({.what = "another Member has read both",
                               .done = [&arrived] { return arrived == 2; }});
  }

  std::unique_ptr<World> world_;
};

TEST_F(MarkersTest, NoneStandsInTheRelaysFolderLogOrMemory) {
  const auto folder = SearchFolder(world_->Path("relay"), Planted());
  ASSERT_OK(folder);
  EXPECT_GT(folder->bytes, uint64_t{kFileRepeats} * sizeof(kFileBytes));
  EXPECT_THAT(folder->found, IsEmpty());

  const auto log = SearchFile(world_->Path("logs/cordond"), Planted());
  ASSERT_OK(log);
  EXPECT_THAT(log->found, IsEmpty());

  const auto memory = SearchMemory(world_->relay(), Planted());
  if (geteuid() != 0) {
    // Who is not root cannot look at all.
    EXPECT_THAT(memory, StatusIs(absl::StatusCode::kPermissionDenied));
    GTEST_SKIP() << "only root may search another program's memory";
  }
  ASSERT_OK(memory);
  EXPECT_GT(memory->bytes, kMemoryBytesMin);
  EXPECT_THAT(memory->found, IsEmpty());
}

// The same search finds what it looks for where it must be.
TEST_F(MarkersTest, SearchFindsInAPlainFileAndInADevicesMemory) {
  const auto papers = SearchFolder(world_->Path("papers"), Planted());
  ASSERT_OK(papers);
  EXPECT_THAT(papers->found, Contains(kFileBytes));

  const std::string own = "Own memory Gx5dHarbour";
  const auto memory = SearchMemory(getpid(), {own});
  ASSERT_OK(memory);
  EXPECT_THAT(memory->found, Contains(own));

  if (geteuid() != 0) {
    GTEST_SKIP() << "only root may search another program's memory";
  }
  // The relay's own name for itself stands in its memory: it was searched.
  const auto relay = SearchMemory(world_->relay(), {world_->Path("relay")});
  ASSERT_OK(relay);
  EXPECT_THAT(relay->found, Contains(world_->Path("relay")));
  const json read =
      Ask(reader(), {{"verb", "read"},
                     {"room", absl::StrCat(std::string(replay::kOperation), "/",
                                           kRoomName)}});
  EXPECT_THAT(read.dump(), ::testing::HasSubstr(kText));
  const auto device = SearchMemory(reader().child()->pid(), Planted());
  ASSERT_OK(device);
  EXPECT_THAT(device->found, Contains(kText));
}

}  // namespace
}  // namespace cordon::e2e
