#ifndef CORDON_CLIENT_CORE_MODEL_COMMON_H_
#define CORDON_CLIENT_CORE_MODEL_COMMON_H_

// Values that several kinds of record share. Plain structs: rules about them
// stand in rules.h and alert_rules.h, their sealed form in content.h.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "client/core/model/codes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"

namespace cordon::client {

// decimal(18,3), counted in thousandths: 12.5 is 12500.
struct Quantity {
  int64_t value_milli = 0;
  std::string unit;
  bool estimate = false;
  uint32_t packages = 0;
  std::string package_kind;
};

// decimal(18,2), counted in hundredths.
struct Money {
  int64_t value_cents = 0;
  std::string currency;
  MoneyBasis basis = MoneyBasis::kNone;
  std::string rate_date;
};

// WGS84, millionths of a degree.
struct GeoPoint {
  int32_t latitude_e6 = 0;
  int32_t longitude_e6 = 0;
};

struct Location {
  PlaceKind kind = PlaceKind::kNone;
  std::string country;  // ISO 3166-1 alpha-2; "ZZ": unknown
  std::string subdivision;
  std::string locode;
  std::string office;
  std::optional<GeoPoint> point;
};

// Another record, as its reader had it.
struct Reference {
  RecordId record;
  uint32_t revision = 0;
  Digest hash{};
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_MODEL_COMMON_H_
