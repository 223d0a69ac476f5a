// Cases and guides by the words of the command line, from the person who sends
// to another one's screen and files.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "tests/e2e/answer.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"
#include "tests/support/file_text.h"

namespace cordon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kPhoto[] = "not really a picture";

Json Example(const std::string& name) {
  return Json::parse(ReadFile(ExampleFile(name)),
                     /*cb=*/nullptr, /*allow_exceptions=*/false);
}

class CaseWordsTest : public ::testing::Test {
 protected:
  std::string Send(Person& person, std::vector<std::string> more) {
    std::vector<std::string> words = {"alert", "send", "stop3", "--file",
                                      ExampleFile("alert.json")};
    words.insert(words.end(), more.begin(), more.end());
    return Works(person, std::move(words)).value("ref_no", "");
  }

  TestOperation stop3_;
  Person& unit_ = stop3_.unit();
  Person& alice_ = stop3_.alice();
  Person& bea_ = stop3_.bea();
};

TEST_F(CaseWordsTest, CaseIsSentBroughtUpToDateAndWithdrawn) {
  stop3_.Invite(alice_, "fr.customs", "alice");
  stop3_.Invite(bea_, "de.customs", "bea");
  stop3_.Create();
  alice_.WriteFile("photo.jpg", kPhoto);

  const Json sent = Works(
      alice_, {"alert", "send", "stop3", "--file", ExampleFile("alert.json"),
               "--photo", alice_.File("photo.jpg")});
  const std::string number = sent.value("ref_no", "");
  EXPECT_THAT(number, HasSubstr("STOP3-"));
  EXPECT_THAT(sent["warnings"].dump(), HasSubstr("photo.jpg is no picture"));
  EXPECT_EQ(
      Works(unit_, {"alert", "show", number, "--photos", unit_.File("photos")})
          .value("ref_no", ""),
      number);
  EXPECT_EQ(ReadFile(unit_.File("photos") + "/photo.jpg"), kPhoto);

  EXPECT_EQ(
      Send(alice_, {"--updates", number, "--photo", alice_.File("photo.jpg")}),
      number);
  EXPECT_EQ(Works(bea_, {"alert", "list", "stop3"}).value("msg_type", ""),
            "update");
  Refused(bea_, {"alert", "cancel", number, "--reason", "not ours"},
          "permission_denied");

  Works(alice_, {"alert", "cancel", number, "--reason", "sent twice"});
  EXPECT_EQ(Works(bea_, {"alert", "list", "stop3"}).value("msg_type", ""),
            "cancel");
  EXPECT_EQ(Works(bea_, {"figures", "stop3"})["total"].value("cases", 7), 0);
}

TEST_F(CaseWordsTest, DocumentIsNoPhotoOfTheGoods) {
  stop3_.Invite(alice_, "fr.customs", "alice");
  stop3_.Create();
  Json alert = Example("alert.json");
  for (Json& line : alert["lines"]) line.erase("no_photo_reason");
  alice_.WriteFile("alert.json", alert.dump());
  alice_.WriteFile("photo.jpg", kPhoto);
  const std::vector<std::string> send = {"alert",
                                         "send",
                                         "stop3",
                                         "--file",
                                         alice_.File("alert.json"),
                                         "--photo",
                                         alice_.File("photo.jpg")};

  Refused(alice_, send, "content_refused");
  EXPECT_TRUE(std::filesystem::is_empty(alice_.profile() + "/blobs"));

  alice_.WriteFile("photo.jpg", "\xff\xd8\xff picture");
  EXPECT_THAT(Works(alice_, send).value("ref_no", ""), HasSubstr("STOP3-"));
}

TEST_F(CaseWordsTest, GuideIsRejectedAndTheNextOnePublished) {
  stop3_.Invite(alice_, "fr.customs", "alice");
  stop3_.Invite(bea_, "brand.rightsholder", "bea");
  stop3_.Create();
  Json guide = Example("guide.json");
  guide["owner_organisation"] = "brand.rightsholder";
  guide["review_by"] = absl::FormatTime(absl::Now() + absl::Hours(24 * 300),
                                        absl::UTCTimeZone());
  bea_.WriteFile("guide.json", guide.dump());
  bea_.WriteFile("guide.pdf", kPhoto);
  const auto submit = [this] {
    const Json sent = Works(
        bea_, {"guide", "submit", "stop3", "--file", bea_.File("guide.json"),
               "--document", bea_.File("guide.pdf")});
    return sent["records"][0].value("id", "");
  };

  const std::string first = submit();
  EXPECT_EQ(Works(unit_, {"guide", "review", "stop3"}).value("record", ""),
            first);
  Works(unit_, {"guide", "reject", first, "--reason", "no pictures"});
  EXPECT_EQ(Works(bea_, {"guide", "list"}).value("state", ""), "rejected");
  EXPECT_EQ(Works(bea_, {"guide", "list"}).value("decision", ""),
            "no pictures");
  EXPECT_THAT(unit_.Cordon({"guide", "review"}).out, IsEmpty());

  const std::string second = submit();
  const Json approved = Works(unit_, {"guide", "approve", second});
  const std::string published = approved["records"][0].value("id", "");
  const Json listed = Works(alice_, {"guide", "list", "stop3"});
  EXPECT_EQ(listed.value("record", ""), published);
  EXPECT_EQ(listed.value("owner", ""), "brand.rightsholder");
  Works(alice_, {"guide", "get", published, "--out", alice_.File("got")});
  EXPECT_EQ(ReadFile(alice_.File("got") + "/guide.pdf"), kPhoto);
  Refused(alice_, {"guide", "show", first}, "not_found");
}

}  // namespace
}  // namespace cordon::testing
