#ifndef CORDON_CLIENT_CORE_MODEL_ALERT_H_
#define CORDON_CLIENT_CORE_MODEL_ALERT_H_

// A seizure alert: one case, with one line for each seizure. records.md, 3, in
// docs/protocol.md's words; what must be there stands in alert_rules.h.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "client/core/model/codes.h"
#include "client/core/model/common.h"

namespace cordon::client {

struct Identifier {
  IdentifierKind kind = IdentifierKind::kNone;
  std::string value;
  std::string check_reason;
};

struct Conveyance {
  std::optional<uint32_t> mode;  // Rec 19, 0 to 9
  std::string means;
  std::vector<Identifier> identifiers;
  std::string no_identifier_reason;
};

struct RoutePoint {
  RouteRole role = RouteRole::kNone;
  Location location;
  std::optional<absl::Time> date;
};

struct Medicine {
  std::string substance;  // INN, or "unknown"
  std::string dosage_form;
  std::string strength;
  std::string manufacturer;
  std::string lot;  // or "none"
  std::string expiry;
  std::string registration;
  std::string therapeutic_group;
};

// One line is one seizure.
struct SeizureLine {
  uint32_t number = 0;  // from 1; updates keep it
  std::string category;
  std::string subcategory;
  std::string description;
  Quantity quantity;
  LineStatus status = LineStatus::kNone;
  std::string hs;
  std::string brand;
  std::string rights_holder;
  std::string ipr_type;
  std::optional<Medicine> medicine;
  std::string gtin;
  std::string serial;
  std::string made_in;
  std::optional<Money> value;
  std::string no_photo_reason;
};

struct Alert {
  CaseType case_type = CaseType::kNone;
  absl::Time when = absl::InfinitePast();  // InfinitePast: not given
  WhenPrecision when_precision = WhenPrecision::kNone;
  Location where;
  Flow flow = Flow::kNone;
  Channel channel = Channel::kNone;
  Conveyance conveyance;
  std::vector<RoutePoint> route;
  Ecommerce ecommerce = Ecommerce::kNone;
  std::string ecommerce_platform;
  DetectionMethod detection_method = DetectionMethod::kNone;
  std::vector<std::string> detection_means;
  std::vector<std::string> risk_indicators;
  std::string concealment;
  std::string concealment_text;
  std::string declared_description;
  std::string declared_hs;
  std::optional<Money> declared_value;
  std::string offence;
  uint32_t persons = 0;
  uint32_t companies = 0;
  Outcome outcome = Outcome::kNone;
  std::string narrative;
  std::vector<SeizureLine> lines;
  bool full = false;   // false: a flash, to be completed
  bool final = false;  // immutable except by a second person of the Member
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_MODEL_ALERT_H_
