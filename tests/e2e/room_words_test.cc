// Rooms by the words of the command line: who is in them and reads what, and
// what is refused.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/e2e/answer.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Words = std::vector<std::string>;

constexpr char kUnitDesk[] = "ocu.authority/eva/desk";
constexpr char kAliceDesk[] = "fr.customs/alice/desk";
constexpr char kBeaDesk[] = "es.customs/bea/desk";

class RoomWordsTest : public ::testing::Test {
 protected:
  RoomWordsTest() {
    stop3_.Invite(alice_, "fr.customs", "alice");
    stop3_.Invite(bea_, "es.customs", "bea");
    stop3_.Create();
  }

  static Words CreateWords(const std::string& room, const std::string& kind,
                           const std::string& with,
                           const std::string& operation = "stop3") {
    return {"room", "create", operation, room, "--kind", kind, "--with", with};
  }
  static Json Shown(Person& person, const std::string& room) {
    return Works(person, {"room", "show", room})["room"];
  }
  // Somebody may not: it is exit code 1, and no room is said to have changed.
  static void ExpectLeftOut(Person& person, const Words& words,
                            const std::string& device) {
    const Ended ended = person.Cordon(words);
    EXPECT_EQ(ended.exit_code, 1);
    const Json change = Parsed(ended.out);
    EXPECT_THAT(change["left_out"], ElementsAre(HasSubstr(device)));
    EXPECT_THAT(change["rooms"], IsEmpty());
  }

  TestOperation stop3_;
  Person& unit_ = stop3_.unit();
  Person& alice_ = stop3_.alice();
  Person& bea_ = stop3_.bea();
};

TEST_F(RoomWordsTest, ChannelAndDirectRoomAreForThoseTheyAreMadeWith) {
  for (const char* const kind : {"channel", "direct"}) {
    SCOPED_TRACE(kind);
    const std::string room = std::string("stop3/") + kind;
    Works(unit_, CreateWords(kind, kind, "fr.customs"));
    EXPECT_EQ(Shown(alice_, room).value("kind", ""), kind);
    EXPECT_THAT(MembersOf(alice_, room),
                UnorderedElementsAre(kUnitDesk, kAliceDesk));
    Works(alice_, {"send", room, "not for Spain"});
    EXPECT_THAT(TextsIn(unit_, room), ElementsAre("not for Spain"));
    Refused(bea_, {"read", room}, "not_found");
  }
}

TEST_F(RoomWordsTest, RoomThatCannotBeIsNotMade) {
  const Json before = Listed(unit_, {"room", "list"});

  Refused(alice_, CreateWords("press", "channel", "es.customs"),
          "permission_denied");
  Refused(unit_, CreateWords("press", "channel", "fr.customs", "stop9"),
          "not_found");
  Refused(unit_, CreateWords("press", "channel", "no.customs"), "not_found");
  Refused(unit_, CreateWords("press", "gossip", "fr.customs"),
          "invalid_argument");
  Refused(unit_, {"room", "create", "stop3", "talk", "--kind", "direct"},
          "invalid_argument");

  EXPECT_EQ(Listed(unit_, {"room", "list"}), before);
  EXPECT_THAT(Listed(alice_, {"room", "list"}), SizeIs(4));
}

TEST_F(RoomWordsTest, WhoIsAddedReadsFromThenOnUntilTakenOut) {
  Works(unit_, CreateWords("press", "channel", "fr.customs"));
  Works(unit_, {"send", "stop3/press", "before"});
  const auto among_two = UnorderedElementsAre(kUnitDesk, kAliceDesk);

  Refused(unit_, {"room", "add", "stop3/nowhere", "es.customs"}, "not_found");
  Refused(unit_, {"room", "add", "stop3/press", "no.customs"}, "not_found");
  ExpectLeftOut(alice_, {"room", "add", "stop3/press", "es.customs"}, kBeaDesk);
  EXPECT_THAT(MembersOf(unit_, "stop3/press"), among_two);

  const Words add = {"room", "add", "stop3/press", "es.customs"};
  EXPECT_THAT(Works(unit_, add)["rooms"], ElementsAre("stop3/press"));
  EXPECT_THAT(Works(unit_, add)["rooms"], IsEmpty());  // there already
  Works(unit_, {"send", "stop3/press", "with her"});
  EXPECT_THAT(TextsIn(bea_, "stop3/press"), ElementsAre("with her"));

  Refused(unit_, {"room", "remove", "stop3/press", "no.customs"}, "not_found");
  ExpectLeftOut(alice_, {"room", "remove", "stop3/press", "es.customs"},
                kBeaDesk);
  EXPECT_THAT(MembersOf(unit_, "stop3/press"), SizeIs(3));

  Works(unit_, {"room", "remove", "stop3/press", "es.customs"});
  Works(unit_, {"send", "stop3/press", "after"});
  EXPECT_THAT(TextsIn(bea_, "stop3/press"), ElementsAre("with her"));
  EXPECT_THAT(TextsIn(alice_, "stop3/press"),
              ElementsAre("before", "with her", "after"));
  EXPECT_THAT(MembersOf(alice_, "stop3/press"), among_two);
}

TEST_F(RoomWordsTest, WhoLeavesIsOutWhenAnotherHasSeenIt) {
  Works(unit_, {"send", "stop3/general", "while she was here"});
  Works(alice_, {"sync"});

  Refused(alice_, {"room", "leave", "stop3/nowhere"}, "not_found");
  Works(alice_, {"room", "leave", "stop3/general"});
  Works(unit_, {"sync"});
  Works(unit_, {"send", "stop3/general", "now alone"});

  EXPECT_THAT(MembersOf(unit_, "stop3/general"),
              UnorderedElementsAre(kUnitDesk, kBeaDesk));
  EXPECT_EQ(Shown(alice_, "stop3/general").value("state", ""), "left");
  EXPECT_THAT(TextsIn(alice_, "stop3/general"),
              ElementsAre("while she was here"));
  Refused(alice_, {"send", "stop3/general", "still here"},
          "failed_precondition");
  EXPECT_THAT(Listed(alice_, {"outbox"}), IsEmpty());
}

}  // namespace
}  // namespace cordon::testing
