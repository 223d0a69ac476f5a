#include "client/core/codelists/goods.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace cordon::client {
namespace {

using Text = absl::string_view;

constexpr AllowedUnit kPieceUnits[] = {{"H87", 1}, {"C62", 1},  {"pair", 1},
                                       {"set", 1}, {"pack", 0}, {"KGM", 0}};
constexpr AllowedUnit kMedicineUnits[] = {
    {"H87", 1},  {"tablet", 1}, {"capsule", 1}, {"vial", 1},
    {"dose", 1}, {"C62", 1},    {"blister", 0}, {"pack", 0},
    {"KGM", 0},  {"GRM", 0},    {"LTR", 0},     {"MLT", 0}};
constexpr AllowedUnit kWeightUnits[] = {{"GRM", 1}, {"KGM", 1000},
                                        {"H87", 0}, {"tablet", 0},
                                        {"MLT", 0}, {"LTR", 0}};
constexpr AllowedUnit kVolumeUnits[] = {{"MLT", 1}, {"LTR", 1000}, {"H87", 0}};

constexpr Text kTherapeuticGroups[] = {
    "nervous_system", "anti_infective",  "urogenital", "cardiovascular",
    "dermatological", "musculoskeletal", "alimentary", "respiratory",
    "hormones",       "antineoplastic",  "blood",      "antiparasitic",
    "sensory_organs", "medical_device",  "other"};
constexpr Text kIprGoods[] = {"clothing",    "footwear",    "transport_parts",
                              "accessories", "electronics", "mobile_phones",
                              "watches",     "toys",        "cosmetics",
                              "eyewear",     "bags",        "jewellery",
                              "textiles",    "food",        "household",
                              "other"};

constexpr Text kMedicineChapters[] = {"29", "30", "90"};
constexpr Text kTobaccoChapters[] = {"24", "85"};
constexpr Text kAlcoholChapters[] = {"22"};
constexpr Text kWeaponChapters[] = {"36", "93"};
constexpr Text kCulturalChapters[] = {"97"};

constexpr Category kCategories[] = {
    {"drugs", "Drugs", PieceKind::kOther, "GRM", kWeightUnits, {}, {}},
    {"precursors",
     "Precursors",
     PieceKind::kOther,
     "GRM",
     kWeightUnits,
     {},
     {}},
    {"medicines", "Medicines and medical devices", PieceKind::kMedical, "H87",
     kMedicineUnits, kTherapeuticGroups, kMedicineChapters},
    {"ipr",
     "Goods infringing intellectual property",
     PieceKind::kIpr,
     "H87",
     kPieceUnits,
     kIprGoods,
     {}},
    {"tobacco",
     "Tobacco",
     PieceKind::kOther,
     "H87",
     kPieceUnits,
     {},
     kTobaccoChapters},
    {"alcohol",
     "Alcohol",
     PieceKind::kOther,
     "MLT",
     kVolumeUnits,
     {},
     kAlcoholChapters},
    {"species",
     "Protected species",
     PieceKind::kOther,
     "H87",
     kPieceUnits,
     {},
     {}},
    {"hazardous",
     "Hazardous goods and waste",
     PieceKind::kOther,
     "GRM",
     kWeightUnits,
     {},
     {}},
    {"weapons",
     "Weapons and explosives",
     PieceKind::kOther,
     "H87",
     kPieceUnits,
     {},
     kWeaponChapters},
    {"dual_use",
     "Nuclear and dual-use goods",
     PieceKind::kOther,
     "H87",
     kPieceUnits,
     {},
     {}},
    {"currency", "Currency", PieceKind::kOther, "H87", kPieceUnits, {}, {}},
    {"cultural",
     "Cultural goods",
     PieceKind::kOther,
     "H87",
     kPieceUnits,
     {},
     kCulturalChapters},
    {"other", "Other goods", PieceKind::kOther, "H87", kPieceUnits, {}, {}},
};

constexpr Text kOffences[] = {"counterfeit",
                              "falsified_medicine",
                              "unlicensed_medicine",
                              "unsafe_product",
                              "undeclared",
                              "prohibited",
                              "duty_tax",
                              "species",
                              "other"};
constexpr Text kConcealments[] = {
    "none",         "misdeclared",       "cover_load", "in_goods",
    "in_structure", "false_bottom",      "luggage",    "body",
    "parcel",       "split_consignment", "other"};
constexpr Text kDetectionMeans[] = {"scanner",      "dog",  "physical_check",
                                    "documents",    "lab",  "hand_held_tester",
                                    "advance_data", "other"};
constexpr Text kRiskIndicators[] = {
    "vague_description", "undervalued",          "odd_route",
    "party_mismatch",    "repeat_small_parcels", "plain_repacking",
    "weight_mismatch",   "new_trader",           "seal_damage",
    "false_origin",      "mark_mismatch",        "other"};
constexpr Text kIprTypes[] = {
    "trade_mark",    "design", "copyright", "patent", "geographical_indication",
    "plant_variety", "other"};

// HS 2022: chapters 01 to 97; 77 is reserved.
constexpr int kChapterLast = 97;
constexpr int kChapterReserved = 77;

bool StandsIn(absl::Span<const Text> list, Text code) {
  return std::find(list.begin(), list.end(), code) != list.end();
}

}  // namespace

absl::Span<const Category> Categories() {
  return kCategories;
}

const Category* FindCategory(absl::string_view code) {
  for (const Category& category : kCategories) {
    if (category.code == code) return &category;
  }
  return nullptr;
}

const AllowedUnit* AllowedIn(const Category& category, absl::string_view unit) {
  for (const AllowedUnit& allowed : category.units) {
    if (allowed.unit == unit) return &allowed;
  }
  return nullptr;
}

bool IsHsCode(absl::string_view code) {
  if (code.size() != 2 && code.size() != 4 && code.size() != 6) return false;
  if (!std::all_of(code.begin(), code.end(), [](char c) {
        return absl::ascii_isdigit(static_cast<unsigned char>(c));
      })) {
    return false;
  }
  const int chapter = (code[0] - '0') * 10 + (code[1] - '0');
  return chapter >= 1 && chapter <= kChapterLast && chapter != kChapterReserved;
}

bool IsOffence(absl::string_view code) {
  return StandsIn(kOffences, code);
}
bool IsConcealment(absl::string_view code) {
  return StandsIn(kConcealments, code);
}
bool IsDetectionMeans(absl::string_view code) {
  return StandsIn(kDetectionMeans, code);
}
bool IsRiskIndicator(absl::string_view code) {
  return StandsIn(kRiskIndicators, code);
}
bool IsIprType(absl::string_view code) {
  return StandsIn(kIprTypes, code);
}

}  // namespace cordon::client
