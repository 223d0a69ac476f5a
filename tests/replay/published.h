#ifndef CORDON_TESTS_REPLAY_PUBLISHED_H_
#define CORDON_TESTS_REPLAY_PUBLISHED_H_

// What must come out: the published numbers of the operation that the replay
// generates, as literals. The demo compares every device's figures with them,
// and the generator's test compares the generator with them; nothing here is
// computed from anything else.
//
// Of the whole operation the counts, the shares, the pieces and the orders are
// published facts; its days and regions are ours, fixed so that they can be
// compared too. The small operation is all ours.
// Threads: constants.

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace cordon::replay {

inline constexpr size_t kDays = 12;  // 4 to 15 December 2023
inline constexpr size_t kRegions = 6;
inline constexpr absl::string_view kFirstDay = "2023-12-04";
inline constexpr absl::string_view kLastDay = "2023-12-15";
inline constexpr absl::string_view kZone = "Europe/Brussels";

struct RegionCases {
  absl::string_view code;
  uint64_t cases = 0;
};

// A category and one of its subcategories.
struct Goods {
  absl::string_view category;
  absl::string_view subcategory;
};

struct Published {
  // Who: one device each.
  size_t members = 0;
  size_t reporting_members = 0;
  size_t offices = 0;
  size_t partners = 0;
  size_t units = 1;
  size_t rights_holders = 0;
  size_t organisations = 0;
  size_t alerts_devices = 0;  // everybody but the rights holders

  // What.
  uint64_t cases = 0;
  uint64_t ecommerce_cases = 0;
  uint64_t ecommerce_per_case_permille = 0;
  uint64_t seizures = 0;
  uint64_t ecommerce_seizures = 0;
  uint64_t ecommerce_per_seizure_permille = 0;
  uint64_t medical_pieces = 0;
  uint64_t ipr_pieces = 0;
  uint64_t other_pieces = 0;

  std::array<uint64_t, kDays> cases_by_day{};
  std::array<RegionCases, kRegions> cases_by_region{};

  // The findings. By number of cases through e-commerce, of all goods:
  std::array<Goods, 2> most_ecommerce_cases{};
  // By number of cases, among medicines:
  Goods most_medicine_cases;
  // By pieces, of all goods:
  std::array<Goods, 3> most_pieces{};
  // By pieces, among goods infringing intellectual property:
  Goods most_ipr_pieces;
};

inline constexpr Published kWholePublished = {
    .members = 111,
    .reporting_members = 48,
    .offices = 12,
    .partners = 3,
    .units = 1,
    .rights_holders = 19,
    .organisations = 146,
    .alerts_devices = 127,
    .cases = 894,
    .ecommerce_cases = 634,
    .ecommerce_per_case_permille = 709,
    .seizures = 1488,
    .ecommerce_seizures = 938,
    .ecommerce_per_seizure_permille = 630,
    .medical_pieces = 43'500'000,
    .ipr_pieces = 1'100'000,
    .other_pieces = 500'000,
    .cases_by_day = {70, 84, 88, 90, 86, 40, 38, 82, 90, 92, 80, 54},
    .cases_by_region = {{{"AMS", 98},
                         {"EUR", 402},
                         {"ESA", 74},
                         {"FEA", 166},
                         {"MENA", 92},
                         {"WCA", 62}}},
    .most_ecommerce_cases = {{{"ipr", "clothing"}, {"ipr", "footwear"}}},
    .most_medicine_cases = {"medicines", "nervous_system"},
    .most_pieces = {{{"medicines", "anti_infective"},
                     {"medicines", "nervous_system"},
                     {"medicines", "musculoskeletal"}}},
    .most_ipr_pieces = {"ipr", "transport_parts"},
};

inline constexpr Published kSmallPublished = {
    .members = 3,
    .reporting_members = 2,
    .offices = 1,
    .partners = 0,
    .units = 1,
    .rights_holders = 1,
    .organisations = 6,
    .alerts_devices = 5,
    .cases = 24,
    .ecommerce_cases = 16,
    .ecommerce_per_case_permille = 667,
    .seizures = 40,
    .ecommerce_seizures = 24,
    .ecommerce_per_seizure_permille = 600,
    .medical_pieces = 43'500,
    .ipr_pieces = 1'100,
    .other_pieces = 500,
    .cases_by_day = {2, 2, 3, 3, 2, 1, 1, 2, 3, 2, 2, 1},
    .cases_by_region = {{{"AMS", 0},
                         {"EUR", 14},
                         {"ESA", 0},
                         {"FEA", 0},
                         {"MENA", 0},
                         {"WCA", 10}}},
    .most_ecommerce_cases = {{{"ipr", "clothing"}, {"ipr", "footwear"}}},
    .most_medicine_cases = {"medicines", "nervous_system"},
    .most_pieces = {{{"medicines", "anti_infective"},
                     {"medicines", "nervous_system"},
                     {"medicines", "musculoskeletal"}}},
    .most_ipr_pieces = {"ipr", "transport_parts"},
};

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_PUBLISHED_H_
