// Files and instructions by the words of the command line, from who sends them
// to the other one's files and acknowledgements.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/e2e/answer.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"
#include "tests/support/file_text.h"

namespace cordon::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class MessageWordsTest : public ::testing::Test {
 protected:
  MessageWordsTest() { stop3_.Invite(alice_, "fr.customs", "alice"); }

  // The id of the last record in a room.
  static std::string LastIn(Person& person, const std::string& room) {
    const Json records = Listed(person, {"read", room});
    return records.empty() ? "" : records.back().value("id", "");
  }

  TestOperation stop3_;
  Person& unit_ = stop3_.unit();
  Person& alice_ = stop3_.alice();
  Person& bea_ = stop3_.bea();
};

TEST_F(MessageWordsTest, FileGoesWithATextAndIsFetchedByAnother) {
  stop3_.Create();
  alice_.WriteFile("bill.txt", "200 cartons of watches");

  Refused(alice_,
          {"send", "stop3/general", "see", "--attach", alice_.File("no.txt")},
          "not_found");
  EXPECT_THAT(Listed(alice_, {"file", "list", "stop3/general"}), IsEmpty());
  EXPECT_THAT(Listed(alice_, {"outbox"}), IsEmpty());

  Works(alice_, {"send", "stop3/general", "see the bill", "--attach",
                 alice_.File("bill.txt")});
  const Json files = Listed(unit_, {"file", "list", "stop3/general"});
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_EQ(files[0]["file"].value("name", ""), "bill.txt");
  EXPECT_EQ(files[0].value("author", ""), "fr.customs/alice");
  const std::string record = files[0].value("record", "");
  Refused(unit_,
          {"file", "get", record, "--out", unit_.File("got"), "--name", "x"},
          "not_found");
  EXPECT_FALSE(std::filesystem::exists(unit_.File("got") + "/bill.txt"));
  Works(unit_, {"file", "get", record, "--out", unit_.File("got")});
  EXPECT_EQ(ReadFile(unit_.File("got") + "/bill.txt"),
            "200 cartons of watches");
  Refused(unit_, {"file", "list", "stop3/nowhere"}, "not_found");
}

TEST_F(MessageWordsTest, InstructionFromAFileIsForABroadcastRoom) {
  stop3_.Create();
  unit_.WriteFile("today.txt", "Watches from lane 4");
  const auto instruct = [this](const std::string& target) {
    return std::vector<std::string>{"instruct", target,
                                    "--title",  "Today",
                                    "--file",   unit_.File("today.txt")};
  };

  Refused(unit_, instruct("stop3/general"), "invalid_argument");
  Refused(unit_, instruct("stop9"), "not_found");
  Refused(unit_,
          {"instruct", "stop3/instructions", "--title", "Today", "--file",
           unit_.File("no.txt")},
          "not_found");
  EXPECT_THAT(Listed(unit_, {"outbox"}), IsEmpty());

  Works(unit_, instruct("stop3/instructions"));
  const Json read =
      Works(alice_, {"show", LastIn(alice_, "stop3/instructions")});
  EXPECT_EQ(read.value("kind", ""), "instruction");
  EXPECT_EQ(read["content"].value("text", ""), "Watches from lane 4");
  EXPECT_EQ(read["content"].value("number", 0), 1);
}

TEST_F(MessageWordsTest, RightsholderAcknowledgesWhatWasToldToThemToo) {
  stop3_.Invite(bea_, "brand.rightsholder", "bea");
  stop3_.Create();
  unit_.WriteFile("today.txt", "Send us your contacts");

  Works(unit_, {"instruct", "stop3", "--to", "rightsholders", "--title",
                "Contacts", "--file", unit_.File("today.txt")});
  const std::string hers = LastIn(bea_, "stop3/intake-brand");
  const std::string theirs = LastIn(alice_, "stop3/instructions");
  EXPECT_EQ(Works(bea_, {"show", hers})["content"].value("text", ""),
            "Send us your contacts");
  EXPECT_THAT(Works(unit_, {"acks", theirs})["missing"],
              UnorderedElementsAre("fr.customs", "brand.rightsholder"));
  Refused(bea_, {"ack", theirs}, "not_found");
  Refused(alice_, {"acks", hers}, "not_found");

  Works(bea_, {"ack", hers, "--level", "actioned", "--note", "on their way"});
  const Json half = Works(unit_, {"acks", theirs});
  ASSERT_THAT(half["acknowledged"], SizeIs(1)) << half;
  EXPECT_EQ(half["acknowledged"][0].value("user", ""), "bea");
  EXPECT_EQ(half["acknowledged"][0].value("level", ""), "actioned");
  EXPECT_EQ(half["acknowledged"][0].value("note", ""), "on their way");
  EXPECT_THAT(half["missing"], ElementsAre("fr.customs"));

  Works(alice_, {"ack", theirs});
  EXPECT_THAT(Works(unit_, {"acks", theirs})["missing"], IsEmpty());
}

}  // namespace
}  // namespace cordon::testing
