#include "client/core/guide_rules.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "client/core/codelists/goods.h"
#include "client/core/codelists/identifiers.h"
#include "client/core/content.h"
#include "client/core/findings.h"
#include "client/core/model/guide.h"

namespace cordon::client {
namespace {

std::string At(absl::string_view list, size_t index, absl::string_view field) {
  return absl::StrCat(list, "[", index, "].", field);
}

void CheckContacts(const Guide& guide, ContentFindings& found) {
  found.Count("contacts", guide.contacts.size(), 1, kGuideRowsMax);
  for (size_t i = 0; i < guide.contacts.size(); ++i) {
    const GuideContact& contact = guide.contacts[i];
    if (contact.role != "administrative" && contact.role != "technical") {
      found.Fault(At("contacts", i, "role"),
                  "must be administrative or technical");
    }
    found.Text(At("contacts", i, "name"), contact.name, kGuideTextBytesMax);
    if (contact.phone.empty() && contact.mail.empty()) {
      found.Fault(At("contacts", i, "mail"),
                  "is missing; a contact needs a phone number or an address");
    }
    if (contact.languages.empty()) {
      found.Missing(At("contacts", i, "languages"));
    }
  }
}

void CheckRights(const Guide& guide, ContentFindings& found) {
  found.Count("rights", guide.rights.size(), 1, kGuideRowsMax);
  for (size_t i = 0; i < guide.rights.size(); ++i) {
    const Right& right = guide.rights[i];
    if (!IsIprType(right.type)) {
      found.Fault(At("rights", i, "type"), "is not a type of right");
    }
    found.Text(At("rights", i, "number"), right.number, kGuideTextBytesMax);
    found.Text(At("rights", i, "office"), right.office, kGuideTextBytesMax);
    absl::CivilDay until;
    if (!absl::ParseCivilTime(right.valid_until, &until)) {
      found.Fault(At("rights", i, "valid_until"),
                  "must be a day, as in 2027-05-31");
    }
  }
}

void CheckProduct(const Product& product, ContentFindings& found) {
  found.Text("product.brand", product.brand, kGuideTextBytesMax);
  found.Text("product.name", product.name, kGuideTextBytesMax);
  found.Text("product.description", product.description, kGuideTextBytesMax);
  if (FindCategory(product.category) == nullptr) {
    found.Fault("product.category", "is not a category of goods");
  }
  found.Count("product.hs", product.hs.size(), 1, kGuideRowsMax);
  for (size_t i = 0; i < product.hs.size(); ++i) {
    if (IsHsCode(product.hs[i])) continue;
    found.Fault(absl::StrCat("product.hs[", i, "]"),
                "is not an HS code of 2, 4 or 6 digits");
  }
  for (size_t i = 0; i < product.gtins.size(); ++i) {
    if (GtinHolds(product.gtins[i])) continue;
    found.Fault(absl::StrCat("product.gtins[", i, "]"),
                "is not a GTIN; its check digit does not fit");
  }
}

void CheckFeatures(const Guide& guide, ContentFindings& found) {
  found.Count("features", guide.features.size(), 1, kGuideRowsMax);
  for (size_t i = 0; i < guide.features.size(); ++i) {
    const Feature& feature = guide.features[i];
    found.Text(At("features", i, "where"), feature.where, kGuideTextBytesMax);
    found.Text(At("features", i, "how"), feature.how, kGuideTextBytesMax);
    found.Code(At("features", i, "layer"), feature.layer, /*needed=*/true);
    found.Code(At("features", i, "weight"), feature.weight, /*needed=*/true);
  }
}

void CheckClues(const Guide& guide, ContentFindings& found) {
  found.Count("clues", guide.clues.size(), kCluesMin, kCluesMax);
  for (size_t i = 0; i < guide.clues.size(); ++i) {
    found.Text(absl::StrCat("clues[", i, "]"), guide.clues[i], kClueBytesMax);
  }
}

void CheckLife(const Guide& guide, const GuideRulesOptions& options,
               ContentFindings& found) {
  if (guide.version == 0) found.Missing("version");
  if (!guide.review_by.has_value()) {
    found.Missing("review_by");
  } else if (*guide.review_by <= options.sent) {
    found.Fault("review_by", "has passed");
  } else if (*guide.review_by > options.sent + kGuideReviewMax) {
    found.Fault("review_by", "is more than two years away");
  }
}

}  // namespace

void FillGuide(Guide& guide, absl::Time now) {
  if (!guide.review_by.has_value()) guide.review_by = now + kGuideReviewDefault;
}

ContentFindings CheckGuide(const Guide& guide,
                           const GuideRulesOptions& options) {
  ContentFindings found;
  if (guide.owner_organisation != options.author_organisation) {
    found.Fault("owner_organisation",
                "must be the organisation that submits the guide");
  }
  found.Text("title", guide.title, kTitleBytesMax);
  CheckContacts(guide, found);
  CheckRights(guide, found);
  CheckProduct(guide.product, found);
  CheckClues(guide, found);
  CheckFeatures(guide, found);
  found.Text("packaging", guide.packaging, kGuideTextBytesMax);
  found.Count("shot_list", guide.shot_list.size(), 1, kGuideRowsMax);
  if (guide.answer_hours == 0) found.Missing("answer_hours");
  if (guide.answer_languages.empty()) found.Missing("answer_languages");
  found.Text("disclaimer", guide.disclaimer, kGuideTextBytesMax);
  CheckLife(guide, options, found);
  return found;
}

}  // namespace cordon::client
