// Operations by the words of the command line: what they change on the other
// one's side, and what is refused.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/e2e/answer.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kBeaDesk[] = "es.customs/bea/desk";

class OperationWordsTest : public ::testing::Test {
 protected:
  OperationWordsTest() { stop3_.Invite(alice_, "fr.customs", "alice"); }

  static std::vector<std::string> RoomsOf(Person& person) {
    return Column(Listed(person, {"room", "list"}), "room");
  }
  std::vector<std::string> Participants() {
    return Column(Works(unit_, {"operation", "show", "stop3"})["participants"],
                  "organisation");
  }

  TestOperation stop3_;
  Person& unit_ = stop3_.unit();
  Person& alice_ = stop3_.alice();
  Person& bea_ = stop3_.bea();
};

TEST_F(OperationWordsTest, OperationThatCannotBeIsNamedAndNotMade) {
  const auto create = [](const std::string& to, const std::string& zone) {
    return std::vector<std::string>{
        "operation", "create",     "stop4", "--title", "Operation STOP IV",
        "--from",    "2024-12-04", "--to",  to,        "--zone",
        zone};
  };

  EXPECT_THAT(
      Refused(unit_, create("2024-12-15", "Mars/Olympus"), "invalid_argument"),
      AllOf(HasSubstr("Mars/Olympus"), HasSubstr("time zone")));
  EXPECT_THAT(Refused(unit_, create("2024-12-03", "UTC"), "invalid_argument"),
              HasSubstr("--to"));
  Refused(alice_, create("2024-12-15", "UTC"), "permission_denied");
  EXPECT_THAT(Listed(unit_, {"operation", "list"}), IsEmpty());
  EXPECT_THAT(RoomsOf(alice_), IsEmpty());

  // One day, its first and last.
  Works(unit_, create("2024-12-04", "Europe/Brussels"));
  const Json made = Works(unit_, {"operation", "list"});
  EXPECT_EQ(made.value("operation", ""), "stop4");
  EXPECT_EQ(made.value("to", ""), "2024-12-04");
}

TEST_F(OperationWordsTest, OrganisationThatComesLaterIsBroughtIntoItsRooms) {
  stop3_.Create();
  stop3_.Invite(bea_, "es.customs", "bea");
  const Json organisations = Listed(alice_, {"org", "list"});
  EXPECT_THAT(
      Column(organisations, "name"),
      UnorderedElementsAre("ocu.authority", "fr.customs", "es.customs"));
  EXPECT_EQ(organisations[0].value("devices", 0), 1);
  EXPECT_THAT(Listed(bea_, {"operation", "list"}), IsEmpty());

  Refused(alice_, {"operation", "add", "stop3", "es.customs"},
          "permission_denied");
  Refused(unit_, {"operation", "add", "stop9", "es.customs"}, "not_found");
  EXPECT_THAT(
      Refused(unit_, {"operation", "add", "stop3", "es.customs", "no.customs"},
              "not_found"),
      HasSubstr("no.customs"));
  EXPECT_THAT(Participants(),
              UnorderedElementsAre("ocu.authority", "fr.customs"));
  EXPECT_THAT(RoomsOf(bea_), IsEmpty());

  const Json added = Works(unit_, {"operation", "add", "stop3", "es.customs"});
  EXPECT_THAT(added["devices"], ElementsAre(kBeaDesk));
  const Json listed = Works(bea_, {"operation", "list"});
  EXPECT_EQ(listed.value("operation", ""), "stop3");
  EXPECT_EQ(listed.value("participants", 0), 3);
  EXPECT_THAT(RoomsOf(bea_),
              UnorderedElementsAre("stop3/alerts", "stop3/general",
                                   "stop3/instructions", "stop3/library"));
  Works(bea_, {"send", "stop3/general", "good morning"});
  EXPECT_THAT(TextsIn(alice_, "stop3/general"), ElementsAre("good morning"));
}

TEST_F(OperationWordsTest, OrganisationThatGoesIsTakenOutOfAllRooms) {
  stop3_.Invite(bea_, "es.customs", "bea");
  stop3_.Create();
  ASSERT_THAT(RoomsOf(bea_), SizeIs(4));

  Refused(alice_, {"operation", "remove", "stop3", "es.customs"},
          "permission_denied");
  Refused(unit_, {"operation", "remove", "stop9", "es.customs"}, "not_found");
  Refused(unit_, {"operation", "remove", "stop3", "es.customs", "no.customs"},
          "not_found");
  EXPECT_THAT(Participants(), SizeIs(3));
  EXPECT_THAT(MembersOf(bea_, "stop3/general"), Contains(kBeaDesk));

  const Json removed =
      Works(unit_, {"operation", "remove", "stop3", "es.customs"});
  EXPECT_THAT(removed["rooms"], SizeIs(4));
  EXPECT_THAT(removed["devices"], ElementsAre(kBeaDesk));
  Works(unit_, {"send", "stop3/general", "among ourselves"});
  EXPECT_THAT(Column(Listed(bea_, {"room", "list"}), "state"), Each("left"));
  EXPECT_THAT(TextsIn(bea_, "stop3/general"), IsEmpty());
  EXPECT_THAT(TextsIn(alice_, "stop3/general"), ElementsAre("among ourselves"));
  EXPECT_THAT(MembersOf(alice_, "stop3/general"), Not(Contains(kBeaDesk)));
  EXPECT_THAT(Participants(),
              UnorderedElementsAre("ocu.authority", "fr.customs"));
}

}  // namespace
}  // namespace cordon::testing
