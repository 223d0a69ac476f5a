#include "client/core/search_text.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/core/content.h"
#include "client/core/model/alert.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"
#include "client/core/model/operation.h"
#include "client/core/model/record.h"
#include "crypto/record/signed_record.h"

namespace cordon::client {
namespace {

// Collects words, one space between any two.
class Words {
 public:
  void Add(absl::string_view text) {
    if (text.empty()) return;
    absl::StrAppend(&all_, all_.empty() ? "" : " ", text);
  }
  template <typename Texts>
  void AddAll(const Texts& texts) {
    for (const std::string& text : texts) Add(text);
  }
  std::string Take() { return std::move(all_); }

 private:
  std::string all_;
};

void AddMedicine(const Medicine& medicine, Words& words) {
  words.Add(medicine.substance);
  words.Add(medicine.dosage_form);
  words.Add(medicine.strength);
  words.Add(medicine.manufacturer);
  words.Add(medicine.lot);
  words.Add(medicine.registration);
  words.Add(medicine.therapeutic_group);
}

void AddLine(const SeizureLine& line, Words& words) {
  words.Add(line.category);
  words.Add(line.subcategory);
  words.Add(line.description);
  words.Add(line.hs);
  words.Add(line.brand);
  words.Add(line.rights_holder);
  words.Add(line.gtin);
  words.Add(line.serial);
  words.Add(line.made_in);
  if (line.medicine.has_value()) AddMedicine(*line.medicine, words);
}

struct WordsIn {
  RecordWords operator()(const Text& text) const {
    return {.title = {}, .body = text.body};
  }
  RecordWords operator()(const Alert& alert) const {
    Words title;
    Words body;
    for (const SeizureLine& line : alert.lines) {
      title.Add(line.description);
      AddLine(line, body);
    }
    body.Add(alert.where.country);
    body.Add(alert.where.office);
    body.Add(alert.where.locode);
    for (const Identifier& one : alert.conveyance.identifiers) {
      body.Add(one.value);
    }
    for (const RoutePoint& point : alert.route) {
      body.Add(point.location.country);
      body.Add(point.location.office);
    }
    body.Add(alert.ecommerce_platform);
    body.Add(alert.concealment_text);
    body.Add(alert.declared_description);
    body.Add(alert.narrative);
    return {.title = title.Take(), .body = body.Take()};
  }
  RecordWords operator()(const Instruction& instruction) const {
    return {.title = instruction.title, .body = instruction.body};
  }
  RecordWords operator()(const Ack& ack) const {
    return {.title = {}, .body = ack.note};
  }
  RecordWords operator()(const Guide& guide) const {
    Words body;
    body.Add(guide.owner_organisation);
    body.Add(guide.product.brand);
    body.Add(guide.product.name);
    body.Add(guide.product.category);
    body.Add(guide.product.description);
    body.AddAll(guide.product.hs);
    body.AddAll(guide.product.gtins);
    body.AddAll(guide.product.models);
    body.AddAll(guide.clues);
    for (const Feature& feature : guide.features) {
      body.Add(feature.where);
      body.Add(feature.how);
      body.Add(feature.tool);
    }
    body.Add(guide.packaging);
    return {.title = guide.title, .body = body.Take()};
  }
  RecordWords operator()(const Approval& approval) const {
    RecordWords words;
    const absl::StatusOr<record::SignedRecord> original =
        record::SignedRecord::Parse(approval.original);
    if (original.ok()) {
      const absl::StatusOr<RecordBody> body = ParseRecord(original->record());
      // What may itself pass something on is not followed further.
      if (body.ok() && std::holds_alternative<Guide>(body->content)) {
        words = (*this)(std::get<Guide>(body->content));
      }
    }
    if (!approval.note.empty())
      absl::StrAppend(&words.body, " ", approval.note);
    return words;
  }
  RecordWords operator()(const Rejection& rejection) const {
    return {.title = {}, .body = rejection.reason};
  }
  RecordWords operator()(const Cancel& cancel) const {
    return {.title = {}, .body = cancel.reason};
  }
  RecordWords operator()(const OperationProfile&) const { return {}; }
  RecordWords operator()(const Participants&) const { return {}; }
  RecordWords operator()(const RoomProfile&) const { return {}; }
  RecordWords operator()(const PinNotice&) const { return {}; }
  RecordWords operator()(const NeedsNewerClient&) const { return {}; }
};

}  // namespace

RecordWords WordsOf(const RecordBody& body) {
  RecordWords words = std::visit(WordsIn{}, body.content);
  if (words.title.empty() && words.body.empty()) return words;
  Words more;
  more.Add(words.body);
  more.Add(body.ref_no);
  for (const Attachment& attachment : body.attachments) {
    more.Add(attachment.name);
    more.Add(attachment.caption);
  }
  words.body = more.Take();
  return words;
}

}  // namespace cordon::client
