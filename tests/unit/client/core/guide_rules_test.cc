#include "client/core/guide_rules.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/model/guide.h"
#include "tests/support/finding_fields.h"
#include "tests/support/sample_records.h"

namespace cordon::client {
namespace {

using ::cordon::testing::FieldsOf;
using ::cordon::testing::SampleGuide;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

const absl::Time kSent = absl::FromUnixSeconds(1'700'000'000);

std::vector<std::string> FaultyFields(const Guide& guide) {
  const GuideRulesOptions options{.sent = kSent,
                                  .author_organisation = "acme.rightsholder"};
  return FieldsOf(CheckGuide(guide, options).faults);
}

TEST(GuideRulesTest, AWholeGuidePasses) {
  EXPECT_THAT(FaultyFields(SampleGuide(kSent)), IsEmpty());
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
  Guide guide = SampleGuide(kSent);
  guide.owner_organisation = "other.rightsholder";

  EXPECT_THAT(FaultyFields(guide), ElementsAre("owner_organisation"));
}

TEST(GuideRulesTest, CluesAreThreeToSevenShortLines) {
  Guide guide = SampleGuide(kSent);
  guide.clues.pop_back();
  EXPECT_THAT(FaultyFields(guide), ElementsAre("clues"));

  guide.clues.assign(kCluesMax, "a clue");
  EXPECT_THAT(FaultyFields(guide), IsEmpty());

  guide.clues[6] = std::string(kClueBytesMax + 1, 'x');
  EXPECT_THAT(FaultyFields(guide), ElementsAre("clues[6]"));
}

TEST(GuideRulesTest, AContactCanBeReached) {
  Guide guide = SampleGuide(kSent);
  guide.contacts[0].mail.clear();

  EXPECT_THAT(FaultyFields(guide), ElementsAre("contacts[0].mail"));
}

TEST(GuideRulesTest, CodesAndDaysMustHold) {
  Guide guide = SampleGuide(kSent);
  guide.rights[0].type = "patience";
  guide.rights[0].valid_until = "soon";
  guide.product.hs = {"77"};
  guide.product.gtins = {"4006381333932"};

  EXPECT_THAT(FaultyFields(guide),
              ElementsAre("rights[0].type", "rights[0].valid_until",
                          "product.hs[0]", "product.gtins[0]"));
}

TEST(GuideRulesTest, IsLookedAtAgainWithinTwoYears) {
  Guide guide = SampleGuide(kSent);
  guide.review_by = kSent;
  EXPECT_THAT(FaultyFields(guide), Contains("review_by"));

  guide.review_by = kSent + kGuideReviewMax + absl::Seconds(1);
  EXPECT_THAT(FaultyFields(guide), Contains("review_by"));

  guide.review_by = kSent + kGuideReviewMax;
  EXPECT_THAT(FaultyFields(guide), IsEmpty());
}

}  // namespace
}  // namespace cordon::client
