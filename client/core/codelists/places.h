#ifndef CORDON_CLIENT_CORE_CODELISTS_PLACES_H_
#define CORDON_CLIENT_CORE_CODELISTS_PLACES_H_

// Countries (ISO 3166-1 alpha-2), currencies (ISO 4217) and the six regions of
// the World Customs Organization. Names for people come from the faces; records
// carry codes.
// Threads: constant data.

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace cordon::client {

// "ZZ" stands for a country that is not known and may stand in records.
inline constexpr absl::string_view kUnknownCountry = "ZZ";

// IsCountry is true for an ISO 3166-1 alpha-2 code in upper case and for "ZZ".
bool IsCountry(absl::string_view code);

// IsCurrency is true for an ISO 4217 code in upper case.
bool IsCurrency(absl::string_view code);

struct Region {
  absl::string_view code;
  absl::string_view title;
};

absl::Span<const Region> Regions();
bool IsRegion(absl::string_view code);

// IsLocode checks the form of a UN/LOCODE: two letters of a country, then three
// letters or digits 2 to 9.
bool IsLocode(absl::string_view code);

// IsSubdivision checks the form of an ISO 3166-2 code and that it is of
// `country`: "FR-75C" of "FR".
bool IsSubdivision(absl::string_view code, absl::string_view country);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_CODELISTS_PLACES_H_
