// Guides.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/content.h"
#include "client/core/content_parts.h"
#include "client/core/model/codes.h"
#include "client/core/model/guide.h"
#include "cordon/sealed/v1/guide.pb.h"
#include "crypto/base/status.h"

namespace cordon::client::content {
namespace {

constexpr int kContactsMax = 20;
constexpr int kRightsMax = 100;
constexpr int kCluesMax = 7;
constexpr int kFeaturesMax = 100;
constexpr int kListEntriesMax = 100;
constexpr size_t kDescriptionMax = 1000;
constexpr size_t kClueMax = 140;
constexpr size_t kPackagingMax = 4000;

template <typename Strings>
std::vector<std::string> ToVector(const Strings& strings) {
  return {strings.begin(), strings.end()};
}

template <typename Strings>
void AddAll(const std::vector<std::string>& from, Strings* to) {
  to->Assign(from.begin(), from.end());
}

void FillContact(const GuideContact& from, sealed::GuideContact& to) {
  to.set_role(from.role);
  to.set_name(from.name);
  to.set_phone(from.phone);
  to.set_mail(from.mail);
  to.set_hours(from.hours);
  to.set_zone(from.zone);
  AddAll(from.languages, to.mutable_languages());
}

void FillProduct(const Product& from, sealed::Product& to) {
  to.set_brand(from.brand);
  to.set_name(from.name);
  to.set_category(from.category);
  AddAll(from.hs, to.mutable_hs());
  to.set_description(from.description);
  AddAll(from.gtins, to.mutable_gtins());
  AddAll(from.models, to.mutable_models());
}

Product TakeProduct(const sealed::Product& from) {
  return {.brand = from.brand(),
          .name = from.name(),
          .category = from.category(),
          .hs = ToVector(from.hs()),
          .description = from.description(),
          .gtins = ToVector(from.gtins()),
          .models = ToVector(from.models())};
}

void FillFeature(const Feature& from, sealed::Feature& to) {
  to.set_where(from.where);
  to.set_layer(WireCode<sealed::FeatureLayer>(from.layer));
  to.set_how(from.how);
  to.set_tool(from.tool);
  to.set_weight(WireCode<sealed::FeatureWeight>(from.weight));
  to.set_genuine_picture(from.genuine_picture);
  to.set_fake_picture(from.fake_picture);
}

Feature TakeFeature(const sealed::Feature& from) {
  return {.where = from.where(),
          .layer = CodeOf<FeatureLayer>(from.layer()),
          .how = from.how(),
          .tool = from.tool(),
          .weight = CodeOf<FeatureWeight>(from.weight()),
          .genuine_picture = from.genuine_picture(),
          .fake_picture = from.fake_picture()};
}

absl::Status CheckLimits(const sealed::Guide& from) {
  if (from.contacts_size() > kContactsMax) return TooMany("contacts");
  if (from.rights_size() > kRightsMax) return TooMany("rights");
  if (from.clues_size() > kCluesMax) return TooMany("clues");
  if (from.features_size() > kFeaturesMax) return TooMany("features");
  if (from.shot_list_size() > kListEntriesMax) return TooMany("shot_list");
  if (from.answer_languages_size() > kListEntriesMax) {
    return TooMany("answer_languages");
  }
  const sealed::Product& product = from.product();
  if (product.hs_size() > kListEntriesMax) return TooMany("product.hs");
  if (product.gtins_size() > kListEntriesMax) return TooMany("product.gtins");
  if (product.models_size() > kListEntriesMax) return TooMany("product.models");
  CORDON_RETURN_IF_ERROR(CheckText("title", from.title(), kTitleBytesMax));
  CORDON_RETURN_IF_ERROR(
      CheckText("product.description", product.description(), kDescriptionMax));
  CORDON_RETURN_IF_ERROR(
      CheckText("packaging", from.packaging(), kPackagingMax));
  for (const std::string& clue : from.clues()) {
    CORDON_RETURN_IF_ERROR(CheckText("clues", clue, kClueMax));
  }
  return absl::OkStatus();
}

void TakeLists(const sealed::Guide& from, Guide& to) {
  for (const sealed::GuideContact& one : from.contacts()) {
    to.contacts.push_back({.role = one.role(),
                           .name = one.name(),
                           .phone = one.phone(),
                           .mail = one.mail(),
                           .hours = one.hours(),
                           .zone = one.zone(),
                           .languages = ToVector(one.languages())});
  }
  for (const sealed::Right& one : from.rights()) {
    to.rights.push_back({.type = one.type(),
                         .number = one.number(),
                         .office = one.office(),
                         .valid_until = one.valid_until()});
  }
  for (const sealed::Feature& one : from.features()) {
    to.features.push_back(TakeFeature(one));
  }
}

}  // namespace

void Fill(const Guide& from, sealed::Guide& to) {
  to.set_owner_organisation(from.owner_organisation);
  to.set_title(from.title);
  for (const GuideContact& one : from.contacts) {
    FillContact(one, *to.add_contacts());
  }
  for (const Right& one : from.rights) {
    sealed::Right& right = *to.add_rights();
    right.set_type(one.type);
    right.set_number(one.number);
    right.set_office(one.office);
    right.set_valid_until(one.valid_until);
  }
  FillProduct(from.product, *to.mutable_product());
  AddAll(from.clues, to.mutable_clues());
  for (const Feature& one : from.features) {
    FillFeature(one, *to.add_features());
  }
  to.set_packaging(from.packaging);
  AddAll(from.shot_list, to.mutable_shot_list());
  to.set_answer_hours(from.answer_hours);
  AddAll(from.answer_languages, to.mutable_answer_languages());
  to.set_disclaimer(from.disclaimer);
  to.set_version(from.version);
  to.set_change_note(from.change_note);
  to.set_review_by_ms(MillisOf(from.review_by));
}

absl::StatusOr<Guide> Take(const sealed::Guide& from) {
  CORDON_RETURN_IF_ERROR(CheckLimits(from));
  Guide to;
  to.owner_organisation = from.owner_organisation();
  to.title = from.title();
  TakeLists(from, to);
  to.product = TakeProduct(from.product());
  to.clues = ToVector(from.clues());
  to.packaging = from.packaging();
  to.shot_list = ToVector(from.shot_list());
  to.answer_hours = from.answer_hours();
  to.answer_languages = ToVector(from.answer_languages());
  to.disclaimer = from.disclaimer();
  to.version = from.version();
  to.change_note = from.change_note();
  to.review_by = TimeOf(from.review_by_ms());
  return to;
}

}  // namespace cordon::client::content
