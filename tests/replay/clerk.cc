#include "tests/replay/clerk.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "client/core/codelists/goods.h"
#include "client/core/codelists/identifiers.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "crypto/base/check.h"
#include "tests/replay/cast.h"
#include "tests/replay/dice.h"
#include "tests/replay/plan.h"
#include "tests/replay/wares.h"

namespace cordon::replay {
namespace {

using client::Alert;
using client::Channel;
using client::IdentifierKind;
using client::PieceKind;
using client::PlaceKind;

constexpr int64_t kMilli = 1000;
constexpr uint64_t kOffices = 9;
constexpr uint64_t kSerials = 10'000'000;

// How goods travel on a channel, and where they are found.
struct Way {
  Channel channel = Channel::kNone;
  uint32_t mode = 0;  // UN/ECE Recommendation 19
  absl::string_view means;
  PlaceKind place = PlaceKind::kNone;
  absl::string_view office;
  IdentifierKind identifier = IdentifierKind::kNone;
  absl::string_view concealment;
};

constexpr Way kEcommerceWays[] = {
    {Channel::kPost, 5, "parcel", PlaceKind::kPostalCentre, "Postal centre",
     IdentifierKind::kPostItem, "parcel"},
    {Channel::kPost, 5, "parcel", PlaceKind::kPostalCentre, "Postal centre",
     IdentifierKind::kPostItem, "misdeclared"},
    {Channel::kExpressCourier, 4, "aircraft", PlaceKind::kExpressHub,
     "Express hub", IdentifierKind::kCourier, "split_consignment"},
};

constexpr Way kOtherWays[] = {
    {Channel::kSeaCargo, 1, "vessel", PlaceKind::kSeaport, "Container terminal",
     IdentifierKind::kContainer, "cover_load"},
    {Channel::kAirCargo, 4, "aircraft", PlaceKind::kAirport, "Air cargo office",
     IdentifierKind::kAirWaybill, "misdeclared"},
    {Channel::kRoadFreight, 3, "truck", PlaceKind::kRoadBorder,
     "Border post, lane", IdentifierKind::kPlate, "in_structure"},
    {Channel::kPassenger, 4, "aircraft", PlaceKind::kAirport,
     "Arrivals, channel", IdentifierKind::kFlight, "luggage"},
    {Channel::kWarehouse, 9, "van", PlaceKind::kWarehouse, "Bonded warehouse",
     IdentifierKind::kDeclaration, "none"},
};

constexpr absl::string_view kPlatforms[] = {
    "an online marketplace", "a social network", "a shop of its own",
    "an online pharmacy"};
constexpr absl::string_view kRisks[] = {
    "vague_description",    "undervalued",     "odd_route",
    "repeat_small_parcels", "plain_repacking", "new_trader"};
constexpr absl::string_view kMeans[] = {"scanner", "physical_check",
                                        "documents", "advance_data"};
constexpr client::DetectionMethod kMethods[] = {
    client::DetectionMethod::kRiskProfile, client::DetectionMethod::kRoutine,
    client::DetectionMethod::kIntelligence, client::DetectionMethod::kRandom};
constexpr client::Outcome kOutcomes[] = {client::Outcome::kSeized,
                                         client::Outcome::kDetained,
                                         client::Outcome::kUnderInquiry};

// Puts the check digit in that `holds` asks for.
std::string WithCheckDigit(absl::string_view before, absl::string_view after,
                           bool (*holds)(absl::string_view)) {
  for (int digit = 0; digit < 10; ++digit) {
    std::string number = absl::StrCat(before, digit, after);
    if (holds(number)) return number;
  }
  CORDON_CHECK(false);
  return {};
}

std::string NumberOf(IdentifierKind kind, Dice& dice) {
  const auto serial = static_cast<uint32_t>(dice.Below(kSerials));
  if (kind == IdentifierKind::kPostItem) {
    return WithCheckDigit(absl::StrFormat("RR%08d", serial), "ZZ",
                          client::PostItemHolds);
  }
  if (kind == IdentifierKind::kContainer) {
    return WithCheckDigit(absl::StrFormat("CRDU%06d", serial % 1'000'000), "",
                          client::ContainerNumberHolds);
  }
  if (kind == IdentifierKind::kAirWaybill) {
    return WithCheckDigit(absl::StrFormat("020-%07d", serial), "",
                          client::AirWaybillHolds);
  }
  return absl::StrFormat("CX%07d", serial);
}

absl::string_view OffenceOf(const Draft& draft, Dice& dice) {
  switch (draft.kind) {
    case PieceKind::kIpr:
      return "counterfeit";
    case PieceKind::kMedical:
      return dice.Below(2) == 0 ? "falsified_medicine" : "unlicensed_medicine";
    case PieceKind::kOther:
      break;
  }
  const absl::string_view category = draft.lines[0].goods->category;
  if (category == "tobacco") return "duty_tax";
  if (category == "species") return "species";
  return category == "weapons" ? "prohibited" : "undeclared";
}

const Brand& BrandFor(const GoodsPlan& goods, Dice& dice) {
  std::vector<const Brand*> fitting;
  for (const Brand& brand : Brands()) {
    if (brand.goods.subcategory == goods.subcategory) fitting.push_back(&brand);
  }
  CORDON_CHECK(!fitting.empty());
  return *fitting[dice.Below(fitting.size())];
}

client::SeizureLine WriteLine(const DraftLine& draft, uint32_t number,
                              Dice& dice) {
  const GoodsPlan& goods = *draft.goods;
  const Ware& ware = WareOf(goods.category, goods.subcategory);
  client::SeizureLine line;
  line.number = number;
  line.category = std::string(goods.category);
  line.subcategory = std::string(goods.subcategory);
  line.description = std::string(ware.description);
  line.quantity.value_milli = static_cast<int64_t>(draft.pieces) * kMilli;
  line.quantity.unit = std::string(ware.unit);
  line.status = dice.Below(3) == 0
                    ? client::LineStatus::kConfirmedByRightsHolder
                    : client::LineStatus::kSuspected;
  line.hs = std::string(ware.hs);
  line.no_photo_reason = "exhibits are sealed";
  if (goods.category == "ipr") {
    const Brand& brand = BrandFor(goods, dice);
    line.brand = std::string(brand.name);
    line.rights_holder = absl::StrCat(brand.owner, ".rightsholder");
    line.ipr_type = "trade_mark";
  }
  if (!ware.substance.empty()) {
    line.medicine.emplace();
    line.medicine->substance = std::string(ware.substance);
    line.medicine->dosage_form = std::string(ware.form);
    line.medicine->lot = absl::StrFormat("L%05d", dice.Below(100'000));
  }
  return line;
}

void WriteRoute(const Organisation& reporter,
                absl::Span<const Organisation> cast, Dice& dice, Alert& alert) {
  client::RoutePoint departure;
  departure.role = client::RouteRole::kDeparture;
  client::RoutePoint destination;
  destination.role = client::RouteRole::kDestination;
  destination.location.country = reporter.country;
  // Where it came from is often not known.
  const Organisation& origin = cast[dice.Below(cast.size())];
  departure.location.country =
      origin.country.empty() || &origin == &reporter ? "ZZ" : origin.country;
  alert.route = {departure, destination};
}

void WriteWay(const Way& way, const Organisation& reporter, Dice& dice,
              Alert& alert) {
  alert.where.kind = way.place;
  alert.where.country = reporter.country;
  alert.where.office = absl::StrCat(way.office, " ", 1 + dice.Below(kOffices));
  alert.channel = way.channel;
  alert.conveyance.mode = way.mode;
  alert.conveyance.means = std::string(way.means);
  alert.conveyance.identifiers.push_back(
      {.kind = way.identifier, .value = NumberOf(way.identifier, dice)});
  alert.concealment = std::string(way.concealment);
}

}  // namespace

Alert WriteAlert(const Draft& draft, const Organisation& reporter,
                 absl::Span<const Organisation> cast, Dice& dice) {
  Alert alert;
  alert.full = true;
  alert.case_type = client::CaseType::kSeizure;
  alert.when = draft.when;
  alert.when_precision = client::WhenPrecision::kMinute;
  alert.flow = client::Flow::kImport;
  WriteWay(draft.ecommerce ? dice.Pick<Way>(kEcommerceWays)
                           : dice.Pick<Way>(kOtherWays),
           reporter, dice, alert);
  WriteRoute(reporter, cast, dice, alert);
  alert.ecommerce =
      draft.ecommerce ? client::Ecommerce::kYes : client::Ecommerce::kNo;
  if (draft.ecommerce) {
    alert.ecommerce_platform =
        std::string(dice.Pick<absl::string_view>(kPlatforms));
  }
  alert.detection_method = dice.Pick<client::DetectionMethod>(kMethods);
  alert.detection_means = {std::string(dice.Pick<absl::string_view>(kMeans))};
  alert.risk_indicators = {std::string(dice.Pick<absl::string_view>(kRisks))};
  alert.offence = std::string(OffenceOf(draft, dice));
  alert.outcome = dice.Pick<client::Outcome>(kOutcomes);
  for (const DraftLine& line : draft.lines) {
    alert.lines.push_back(
        WriteLine(line, static_cast<uint32_t>(alert.lines.size() + 1), dice));
  }
  return alert;
}

}  // namespace cordon::replay
