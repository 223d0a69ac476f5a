// The shipped programs on a full disk: what is said, and that nothing is lost
// and everything goes on once there is room.

#include <csignal>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/answer.h"
#include "tests/e2e/cheap_vault.h"
#include "tests/e2e/conversation.h"
#include "tests/e2e/programs.h"
#include "tests/e2e/small_disk.h"
#include "tests/support/temp_folder.h"

namespace cordon::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kMegabytes = 6;

class FullDiskTest : public ::testing::Test {
 protected:
  // The unit alone, with an operation; either may be on a small disk.
  void SetUpUnit(const std::string& relay_data) {
    relay_ = relay_data.empty() ? std::make_unique<TestRelay>()
                                : std::make_unique<TestRelay>(relay_data);
    relay_->Start();
    Conversation chief(&chief_, /*new_profile=*/true);
    ASSERT_TRUE(IsOk(chief.Ask({{"verb", "authority create"},
                                {"server", relay_->address()},
                                {"pin", relay_->pin()},
                                {"setup_code", relay_->setup_code()},
                                {"org", "ocu.authority"},
                                {"org_name", "Coordinating unit"},
                                {"user", "chief"},
                                {"name", "A. Chief"}})));
    ASSERT_TRUE(IsOk(chief.Ask({{"verb", "operation create"},
                                {"operation", "stop3"},
                                {"title", "Operation STOP III"},
                                {"from", "2023-12-04"},
                                {"to", "2023-12-15"},
                                {"zone", "Europe/Brussels"}})));
    ASSERT_TRUE(AwaitSent(chief));
    chief.Quit();
    MakeCheap(chief_);
  }
  static bool IsOk(const Json& answer) {
    return answer.is_object() && answer.value("ok", false);
  }
  static Json Send(const std::string& text) {
    return {{"verb", "send"}, {"room", "stop3/general"}, {"text", text}};
  }
  // How often the room shows a text.
  static size_t CountOf(Conversation& session, const std::string& text) {
    const Json answer =
        session.Ask({{"verb", "read"}, {"room", "stop3/general"}});
    EXPECT_TRUE(IsOk(answer)) << answer;
    size_t count = 0;
    for (const Json& record : answer["result"]["records"]) {
      if (absl::StrContains(record.dump(), text)) ++count;
    }
    return count;
  }

  TempFolder folder_;
  std::unique_ptr<TestRelay> relay_;
  Person chief_{"chief"};
};

TEST_F(FullDiskTest, RelayTakesNothingAndGoesOnWhenThereIsRoom) {
  const SmallDisk disk(folder_.File("relay"), kMegabytes);
  if (!disk.mounted()) GTEST_SKIP() << "only root may mount a small disk";
  ASSERT_NO_FATAL_FAILURE(SetUpUnit(folder_.File("relay")));
  chief_.WriteFile("photo.jpg", std::string(size_t{200} * 1024, 'p'));
  Conversation chief(&chief_);
  disk.Fill();

  ASSERT_TRUE(IsOk(chief.Ask(Send("text one"))));
  ASSERT_TRUE(IsOk(chief.Ask({{"verb", "send"},
                              {"room", "stop3/general"},
                              {"text", "text two"},
                              {"attach", {chief_.File("photo.jpg")}}})));

  // Accepted here, not there: it waits, and the reader is told so.
  const Json full = chief.Ask({{"verb", "sync"}, {"patience", "1s"}});
  EXPECT_EQ(full["result"].value("unsent", 0), 2) << full;
  EXPECT_EQ(full["result"].value("refused", 9), 0) << full;
  EXPECT_EQ(kill(relay_->pid(), 0), 0) << "the relay still runs";

  disk.FreeUp();
  EXPECT_TRUE(AwaitSent(chief));
  EXPECT_EQ(CountOf(chief, "text one"), 1);
  EXPECT_EQ(CountOf(chief, "text two"), 1);
  chief.Quit();
  relay_->Stop();
}

TEST_F(FullDiskTest, RelayIsNotMadeOnAFullDisk) {
  const SmallDisk disk(folder_.File("relay"), kMegabytes);
  if (!disk.mounted()) GTEST_SKIP() << "only root may mount a small disk";
  disk.Fill();
  const std::vector<std::string> init = {
      "init", "--data", folder_.File("relay"), "--host", "127.0.0.1"};

  const Ended full = RunProgram(CORDON_CORDOND, init);

  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.err, HasSubstr("full"));
  EXPECT_THAT(full.err, HasSubstr("make room"));
  disk.FreeUp();
  const Ended again = RunProgram(CORDON_CORDOND, init);
  EXPECT_EQ(again.exit_code, 0) << again.err;
}

TEST_F(FullDiskTest, ProfileTakesNothingAndGoesOnWhenThereIsRoom) {
  const SmallDisk disk(chief_.profile(), kMegabytes);
  if (!disk.mounted()) GTEST_SKIP() << "only root may mount a small disk";
  ASSERT_NO_FATAL_FAILURE(SetUpUnit(""));
  disk.Fill();

  {
    Conversation chief(&chief_);
    const Json refused = chief.Ask(Send("text one"));
    EXPECT_FALSE(refused.value("ok", true)) << refused;
    EXPECT_EQ(refused["error"].value("code", ""), "resource_exhausted");
    EXPECT_THAT(refused["error"].value("message", ""), HasSubstr("make room"));
    // Reading needs no room.
    EXPECT_EQ(CountOf(chief, "text one"), 0);

    disk.FreeUp();
    EXPECT_TRUE(IsOk(chief.Ask(Send("text two"))));
    EXPECT_TRUE(AwaitSent(chief));
    EXPECT_EQ(CountOf(chief, "text one"), 0);
    EXPECT_EQ(CountOf(chief, "text two"), 1);
    chief.Quit();
  }
  disk.Fill();
  const Ended sent = chief_.Cordon({"send", "stop3/general", "text three"});
  EXPECT_EQ(sent.exit_code, 1);
  EXPECT_THAT(sent.err, HasSubstr("make room"));
}

}  // namespace
}  // namespace cordon::testing
