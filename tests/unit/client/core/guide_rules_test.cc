#include "client/core/guide_rules.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/findings.h"
#include "client/core/model/codes.h"
#include "client/core/model/guide.h"

namespace cordon::client {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

const absl::Time kSent = absl::FromUnixSeconds(1'700'000'000);

Guide Good() {
  Guide guide;
  guide.owner_organisation = "acme.rightsholder";
  guide.title = "Telling genuine from fake";
  guide.contacts = {{.role = "technical",
                     .name = "Brand protection",
                     .mail = "brand@acme.example",
                     .languages = {"en"}}};
  guide.rights = {{.type = "trade_mark",
                   .number = "018000001",
                   .office = "EUIPO",
                   .valid_until = "2030-01-31"}};
  guide.product = {.brand = "Acme",
                   .name = "Runner",
                   .category = "ipr",
                   .hs = {"6404"},
                   .description = "running shoes"};
  guide.clues = {"one seam", "the label is woven", "the box is grey"};
  guide.features = {{.where = "tongue",
                     .layer = FeatureLayer::kOvert,
                     .how = "look at the label",
                     .weight = FeatureWeight::kIndicative}};
  guide.packaging = "grey box";
  guide.shot_list = {"the label"};
  guide.answer_hours = 24;
  guide.answer_languages = {"en"};
  guide.disclaimer = "No legal advice.";
  guide.version = 1;
  guide.review_by = kSent + absl::Hours(24 * 365);
  return guide;
}

std::vector<std::string> FaultyFields(const Guide& guide) {
  std::vector<std::string> fields;
  const GuideRulesOptions options{.sent = kSent,
                                  .author_organisation = "acme.rightsholder"};
  for (const Finding& fault : CheckGuide(guide, options).faults) {
    fields.push_back(fault.field);
  }
  return fields;
}

TEST(GuideRulesTest, AWholeGuidePasses) {
  EXPECT_THAT(FaultyFields(Good()), IsEmpty());
}

TEST(GuideRulesTest, AllThatIsMissingIsNamedAtOnce) {
  EXPECT_THAT(
      FaultyFields({}),
      IsSupersetOf({"owner_organisation", "title", "contacts", "rights",
                    "product.brand", "product.category", "clues", "features",
                    "packaging", "shot_list", "answer_hours", "disclaimer",
                    "version", "review_by"}));
}

TEST(GuideRulesTest, NobodySubmitsAnothersGuide) {
  Guide guide = Good();
  guide.owner_organisation = "other.rightsholder";

  EXPECT_THAT(FaultyFields(guide), ElementsAre("owner_organisation"));
}

TEST(GuideRulesTest, CluesAreThreeToSevenShortLines) {
  Guide guide = Good();
  guide.clues.pop_back();
  EXPECT_THAT(FaultyFields(guide), ElementsAre("clues"));

  guide.clues.assign(kCluesMax, "a clue");
  EXPECT_THAT(FaultyFields(guide), IsEmpty());

  guide.clues[6] = std::string(kClueBytesMax + 1, 'x');
  EXPECT_THAT(FaultyFields(guide), ElementsAre("clues[6]"));
}

TEST(GuideRulesTest, AContactCanBeReached) {
  Guide guide = Good();
  guide.contacts[0].mail.clear();

  EXPECT_THAT(FaultyFields(guide), ElementsAre("contacts[0].mail"));
}

TEST(GuideRulesTest, CodesAndDaysMustHold) {
  Guide guide = Good();
  guide.rights[0].type = "patience";
  guide.rights[0].valid_until = "soon";
  guide.product.hs = {"77"};
  guide.product.gtins = {"4006381333932"};

  EXPECT_THAT(FaultyFields(guide),
              ElementsAre("rights[0].type", "rights[0].valid_until",
                          "product.hs[0]", "product.gtins[0]"));
}

TEST(GuideRulesTest, IsLookedAtAgainWithinTwoYears) {
  Guide guide = Good();
  guide.review_by = kSent;
  EXPECT_THAT(FaultyFields(guide), Contains("review_by"));

  guide.review_by = kSent + kGuideReviewMax + absl::Seconds(1);
  EXPECT_THAT(FaultyFields(guide), Contains("review_by"));

  guide.review_by = kSent + kGuideReviewMax;
  EXPECT_THAT(FaultyFields(guide), IsEmpty());
}

}  // namespace
}  // namespace cordon::client
