// Two coordinators who change one room at the same moment, over a real relay:
// whose commit comes second is refused for its epoch, makes its change anew,
// and both are in. The relay's counters say that it did come to that.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "tests/e2e/answer.h"
#include "tests/e2e/cheap_vault.h"
#include "tests/e2e/conversation.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kRoom[] = "stop3/general";
constexpr char kGermany[] = "de.customs";
constexpr char kItaly[] = "it.customs";
constexpr int kCyclesMin = 2;
// Longer, and the key packages of those who are brought in would run out.
constexpr int kCyclesMax = 5;
constexpr uint64_t kCommitsPerCycle = 10;

Json BringIn(const char* name) {
  return {{"verb", "room add"}, {"room", kRoom}, {"names", {name}}};
}
Json TakeOut(const char* name) {
  return {{"verb", "room remove"}, {"room", kRoom}, {"names", {name}}};
}

bool IsDone(const Json& answer) {
  return answer.is_object() && answer.value("ok", false);
}

// How a device sees the room.
struct Seen {
  uint64_t epoch = 0;
  std::vector<std::string> members{};

  friend bool operator==(const Seen&, const Seen&) = default;
};

void PrintTo(const Seen& seen, std::ostream* out) {
  *out << "epoch " << seen.epoch << ", "
       << ::testing::PrintToString(seen.members);
}

Seen Look(Conversation& session) {
  const Json answer = session.Ask({{"verb", "room show"}, {"room", kRoom}});
  Seen seen;
  if (!IsDone(answer)) return seen;
  seen.epoch = answer["result"]["room"].value("epoch", uint64_t{0});
  for (const Json& member : answer["result"]["members"]) {
    seen.members.push_back(member.value("device", ""));
  }
  std::sort(seen.members.begin(), seen.members.end());
  return seen;
}

std::vector<std::string> TextsIn(Conversation& session) {
  const Json answer = session.Ask({{"verb", "read"}, {"room", kRoom}});
  std::vector<std::string> texts;
  if (!IsDone(answer)) return texts;
  for (const Json& record : answer["result"]["records"]) {
    if (record.value("kind", "") != "text") continue;
    texts.push_back(record["content"].value("text", ""));
  }
  return texts;
}

void ExpectDone(const Json& answer) {
  EXPECT_TRUE(IsDone(answer)) << answer;
  if (!IsDone(answer)) return;
  EXPECT_THAT(answer["result"]["devices"], SizeIs(1)) << answer;
  EXPECT_THAT(answer["result"]["left_out"], IsEmpty()) << answer;
}
void Alone(Conversation& session, const Json& command) {
  ExpectDone(session.Ask(command));
}
// What the reader of the room would have been told.
void ExpectNothingOdd(Conversation& session) {
  const Json answer = session.Ask({{"verb", "room show"}, {"room", kRoom}});
  ASSERT_TRUE(IsDone(answer)) << answer;
  EXPECT_THAT(answer["result"]["findings"], IsEmpty()) << answer;
}
// Both are written before either is answered.
void AtOnce(Conversation& left, const Json& leftward, Conversation& right,
            const Json& rightward) {
  left.Say(leftward);
  right.Say(rightward);
  ExpectDone(left.Hear());
  ExpectDone(right.Hear());
}

// From everybody in the room to everybody in the room.
void Cycle(Conversation& eva, Conversation& max) {
  AtOnce(eva, TakeOut(kGermany), max, TakeOut(kItaly));
  AtOnce(eva, BringIn(kGermany), max, BringIn(kItaly));
  Alone(eva, TakeOut(kGermany));
  AtOnce(eva, BringIn(kGermany), max, TakeOut(kItaly));
  AtOnce(eva, TakeOut(kGermany), max, BringIn(kItaly));
  Alone(max, BringIn(kGermany));
}

class CommitRaceTest : public ::testing::Test {
 protected:
  CommitRaceTest() {
    TestOperation::Redeem(
        max_, TestOperation::OfferUser(eva_, "max", "coordinator"), eva_);
    stop3_.Invite(alice_, "fr.customs", "alice");
    stop3_.Invite(bea_, "de.customs", "bea");
    stop3_.Invite(cyd_, "it.customs", "cyd");
    stop3_.Create();
    for (const Person* person : {&eva_, &max_, &alice_, &bea_, &cyd_}) {
      MakeCheap(*person);
    }
    // From here on the relay counts what it refuses.
    stop3_.relay().Stop();
    stop3_.relay().Start(
        {"--metrics-file", MetricsFile(), "--metrics-seconds", "1"});
  }

  std::string MetricsFile() const { return eva_.File("relay_counters"); }
  // A counter of the relay, since its start; 0 before it has written any.
  uint64_t Counted(absl::string_view counter) const {
    std::ifstream file(MetricsFile());
    std::string line;
    while (std::getline(file, line)) {
      absl::string_view number = line;
      uint64_t count = 0;
      if (absl::ConsumePrefix(&number, absl::StrCat(counter, " ")) &&
          absl::SimpleAtoi(number, &count)) {
        return count;
      }
    }
    return 0;
  }
  // Commits refused because the room was at another epoch, once so many were
  // taken: nothing else is sent meanwhile that could be.
  uint64_t LostRacesAfter(uint64_t commits) const {
    EXPECT_TRUE(Until(
        [&] { return Counted("cordond_entries_appended_total") >= commits; }));
    return Counted("cordond_calls_ended_total{code=\"ABORTED\"}");
  }

  TestOperation stop3_;
  Person& eva_ = stop3_.unit();
  Person max_{"max"};
  Person& alice_ = stop3_.alice();
  Person& bea_ = stop3_.bea();
  Person cyd_{"cyd"};
};

TEST_F(CommitRaceTest, LostRaceOfTwoCoordinatorsEndsWithBothChangesIn) {
  Conversation eva(&eva_);
  Conversation max(&max_);
  Conversation alice(&alice_);
  // One of those who go in and out sees it all, the other sleeps.
  Conversation bea(&bea_);
  for (Conversation* session : {&eva, &max, &alice, &bea}) {
    ASSERT_TRUE(Until([&] { return Look(*session).members.size() == 5; }));
  }
  const Seen before = Look(eva);

  uint64_t commits = 0;
  uint64_t lost = 0;
  for (int n = 0; n < kCyclesMin || (lost == 0 && n < kCyclesMax); ++n) {
    SCOPED_TRACE(n);
    Cycle(eva, max);
    commits += kCommitsPerCycle;
    lost = LostRacesAfter(commits);
    ASSERT_FALSE(HasFailure());
  }

  ASSERT_GT(lost, 0);
  std::cout << commits << " commits, and " << lost << " that lost a race\n";
  Conversation cyd(&cyd_);
  const Seen after{.epoch = before.epoch + commits, .members = before.members};
  const std::vector<Conversation*> all = {&eva, &max, &alice, &bea, &cyd};
  for (Conversation* session : all) {
    EXPECT_TRUE(Until([&] { return Look(*session) == after; }))
        << ::testing::PrintToString(Look(*session)) << ", and not "
        << ::testing::PrintToString(after);
  }
  std::vector<std::string> texts;
  for (Conversation* session : all) {
    texts.push_back(absl::StrCat("text ", texts.size()));
    session->Ask({{"verb", "send"}, {"room", kRoom}, {"text", texts.back()}});
    EXPECT_TRUE(AwaitSent(*session));
  }
  for (Conversation* session : all) {
    EXPECT_TRUE(AwaitSent(*session));
    EXPECT_EQ(TextsIn(*session), texts);
    ExpectNothingOdd(*session);
    session->Quit();
  }
}

}  // namespace
}  // namespace cordon::testing
