#include "client/cli/session.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/face.h"
#include "client/cli/json_text.h"
#include "client/cli/secrets.h"
#include "client/core/client.h"
#include "client/core/event.h"
#include "client/core/parts.h"
#include "client/core_thread.h"
#include "crypto/base/check.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_relay.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/support/temp_vault.h"
#include "tests/support/test_client.h"

namespace cordon::cli {
namespace {

using ::cordon::testing::FakeClock;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// The core on the face's own thread: what is posted happens at once.
class InlineCore final : public client::CoreThread {
 public:
  void Post(Job job) override { std::move(job)(); }
};

// A session on a client that has not joined, with files for its two ends.
class SessionTest : public ::testing::Test {
 protected:
  SessionTest()
      : relay_(&world_),
        face_(&core_, &clock_),
        client_(client::Parts{.vault = &*vault_,
                              .relay = &relay_,
                              .root_key = &shelf_,
                              .files = nullptr,
                              .clock = &clock_,
                              .random = &random_,
                              .events = &face_}) {
    face_.Attach(&client_);
  }

  // Runs a session that reads `input`; the lines it wrote.
  std::vector<std::string> Run(absl::string_view input, EventKinds wanted = 0) {
    const std::string in_path = folder_.File("in");
    const std::string out_path = folder_.File("out");
    const int in = open(in_path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    const int out = open(out_path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    CORDON_CHECK(write(in, input.data(), input.size()) ==
                 static_cast<ssize_t>(input.size()));
    CORDON_CHECK(lseek(in, 0, SEEK_SET) == 0);
    Session session({.face = &face_,
                     .secrets = &secrets_,
                     .clock = &clock_,
                     .zone = absl::UTCTimeZone(),
                     .in = in,
                     .out = out},
                    wanted);
    exit_code_ = session.Run();
    CORDON_CHECK(lseek(out, 0, SEEK_SET) == 0);
    std::string text(1024 * 1024, '\0');
    const ssize_t got = read(out, text.data(), text.size());
    CORDON_CHECK(got >= 0);
    text.resize(static_cast<size_t>(got));
    close(in);
    close(out);
    return absl::StrSplit(text, '\n', absl::SkipEmpty());
  }

  testing::TempFolder folder_;
  FakeClock clock_;
  testing::SeededRandom random_{1};
  testing::RelayWorld world_;
  testing::FakeRelay relay_;
  testing::TempVault vault_;
  testing::MemoryShelf shelf_;
  Secrets secrets_{SecretFiles{}, /*may_ask=*/false};
  InlineCore core_;
  Face face_;
  client::Client client_;
  int exit_code_ = -1;
};

TEST_F(SessionTest, CommandsAreAnsweredWithTheirId) {
  const std::vector<std::string> lines =
      Run("{\"id\":7,\"verb\":\"whoami\"}\n{\"id\":8,\"verb\":\"quit\"}\n");

  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_EQ(lines[0], R"({"event":"ready","device":""})");
  EXPECT_THAT(lines[1],
              HasSubstr(R"({"id":7,"ok":true,"result":{"device":"")"));
  EXPECT_EQ(lines[2], R"({"id":8,"ok":true,"result":{}})");
  EXPECT_EQ(exit_code_, 0);
}

TEST_F(SessionTest, EndOfInputEndsItAndALineMayLackItsEnd) {
  const std::vector<std::string> lines = Run(R"({"id":1,"verb":"whoami"})");

  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[1], HasSubstr("\"id\":1,\"ok\":true"));
  EXPECT_EQ(exit_code_, 0);
}

TEST_F(SessionTest, WhatIsNoCommandIsAnsweredAndTheNextOneRuns) {
  const std::vector<std::string> lines =
      Run("not json\n"
          "[1]\n"
          "{\"id\":\"x\",\"verb\":\"whoami\"}\n"
          "{\"id\":2}\n"
          "{\"id\":3,\"verb\":\"shout\"}\n"
          "{\"id\":4,\"verb\":\"send\",\"rom\":\"a/b\"}\n"
          "\n"
          "{\"id\":5,\"verb\":\"whoami\"}\n");

  ASSERT_THAT(lines, SizeIs(8));
  for (size_t i = 1; i <= 6; ++i) {
    EXPECT_THAT(lines[i], HasSubstr("\"code\":\"usage\"")) << lines[i];
  }
  EXPECT_THAT(lines[6], HasSubstr(R"({"field":"rom",)"));
  EXPECT_THAT(lines[7], HasSubstr("\"id\":5,\"ok\":true"));
}

TEST_F(SessionTest, OverlongLineIsSkippedWhole) {
  const std::vector<std::string> lines =
      Run(absl::StrCat("{\"verb\":\"", std::string(kSessionLineBytesMax, 'x'),
                       "\"}\n{\"id\":2,\"verb\":\"whoami\"}\n"));

  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines[1], HasSubstr("longer than"));
  EXPECT_THAT(lines[2], HasSubstr("\"id\":2,\"ok\":true"));
}

TEST_F(SessionTest, MoreCommandsThanMayBeUnderWayAreAllAnswered) {
  std::string input;
  for (size_t i = 0; i < 3 * kCommandsUnderWayMax; ++i) {
    absl::StrAppend(&input, "{\"id\":", i, ",\"verb\":\"whoami\"}\n");
  }

  EXPECT_THAT(Run(input), SizeIs(1 + 3 * kCommandsUnderWayMax));
}

TEST_F(SessionTest, EventsThatNobodyWantsAreNotKept) {
  face_.Emit(client::LinkChanged{.link = client::Link::kOffline});

  EXPECT_THAT(Run(""), SizeIs(1));
}

TEST_F(SessionTest, EventsAreWrittenOnceTheyAreAskedFor) {
  face_.Want(BitOf(EventKind::kLink));
  face_.Emit(client::LinkChanged{.link = client::Link::kOffline,
                                 .reason = "no network"});

  EXPECT_THAT(Run("{\"id\":1,\"verb\":\"events\",\"kinds\":[\"link\"]}\n"),
              UnorderedElementsAre(
                  R"({"event":"ready","device":""})",
                  R"({"event":"link","link":"offline","reason":"no network"})",
                  R"({"id":1,"ok":true,"result":{}})"));
}

TEST(EventKindsTest, KindsAreNamed) {
  EXPECT_EQ(*ParseEventKinds("none"), 0U);
  EXPECT_EQ(*ParseEventKinds(""), 0U);
  EXPECT_EQ(*ParseEventKinds("record,link"),
            BitOf(EventKind::kRecord) | BitOf(EventKind::kLink));
  EXPECT_EQ(*ParseEventKinds("all") & BitOf(EventKind::kArrival), 0U);
  EXPECT_THAT(ParseEventKinds("weather").status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(EventKindsTest, ARecordIsWrittenInEveryFormAskedFor) {
  std::vector<std::string> lines;
  const FaceItem item = {.event = client::RecordArrived{}, .dropped = 3};

  PutEvent(item, BitOf(EventKind::kRecord) | BitOf(EventKind::kArrival),
           [&](const Json& line) { lines.push_back(line["event"]); });

  EXPECT_THAT(lines, ElementsAre("dropped", "arrival", "record"));
}

}  // namespace
}  // namespace cordon::cli
