#include "tests/support/sample_records.h"

#include "absl/time/time.h"

#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/guide.h"

namespace cordon::testing {

client::Alert SampleAlert(absl::Time sent) {
  client::Alert alert;
  alert.case_type = client::CaseType::kSeizure;
  alert.when = sent - absl::Hours(1);
  alert.when_precision = client::WhenPrecision::kMinute;
  alert.where.kind = client::PlaceKind::kPostalCentre;
  alert.where.country = "FR";
  alert.conveyance.mode = 5;
  client::SeizureLine line;
  line.number = 1;
  line.category = "medicines";
  line.description = "tablets in plain blisters";
  line.quantity = {.value_milli = 1200 * 1000, .unit = "tablet"};
  line.status = client::LineStatus::kSuspected;
  alert.lines.push_back(line);
  return alert;
}

client::Guide SampleGuide(absl::Time sent) {
  client::Guide guide;
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
                     .layer = client::FeatureLayer::kOvert,
                     .how = "look at the label",
                     .weight = client::FeatureWeight::kIndicative}};
  guide.packaging = "grey box";
  guide.shot_list = {"the label"};
  guide.answer_hours = 24;
  guide.answer_languages = {"en"};
  guide.disclaimer = "No legal advice.";
  guide.version = 1;
  guide.review_by = sent + absl::Hours(24 * 365);
  return guide;
}

}  // namespace cordon::testing
