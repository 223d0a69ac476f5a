// Following on the command line, for a person.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <utility>

#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {
namespace {

using ::testing::HasSubstr;

// What stands on the line before `last`, which is waited for.
std::string LineBefore(Program& program, const std::string& last) {
  std::string before;
  while (true) {
    std::string line = program.ReadLine();
    if (line == last || line.empty()) return before;
    before = std::move(line);
  }
}

TEST(WatchTest, RoomIsNamedAndThatTheRelayWentAwayAndCameBack) {
  TestOperation stop3;
  stop3.Invite(stop3.alice(), "fr.customs", "alice");
  stop3.Create();
  Program watch(CORDON_CORDON,
                {"watch", "stop3", "--profile", stop3.unit().profile(),
                 "--passphrase-file", stop3.unit().File("passphrase")});
  Works(stop3.alice(), {"send", "stop3/general", "one"});
  EXPECT_THAT(LineBefore(watch, "  one"), HasSubstr("stop3/general  "));

  stop3.relay().Kill();
  stop3.relay().Start();
  Works(stop3.alice(), {"send", "stop3/general", "two"});
  EXPECT_THAT(LineBefore(watch, "  two"), HasSubstr("fr.customs/alice"));
  // What was missed comes before "back", what is new after it.
  Works(stop3.alice(), {"send", "stop3/general", "three"});
  EXPECT_THAT(LineBefore(watch, "  three"), HasSubstr("fr.customs/alice"));

  watch.Signal(SIGTERM);
  const Ended ended = watch.Wait();
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.err, HasSubstr("offline ("));
  EXPECT_THAT(ended.err, HasSubstr("): trying again\nback"));
}

}  // namespace
}  // namespace cordon::testing
