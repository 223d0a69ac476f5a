#ifndef CORDON_CLIENT_CORE_CODELISTS_IDENTIFIERS_H_
#define CORDON_CLIENT_CORE_CODELISTS_IDENTIFIERS_H_

// The arithmetic of numbers on goods and their transport. A check that fails is
// a warning that asks for a reason, never a refusal: real goods carry wrong
// numbers. A check that passes proves nothing about existence.
// Threads: pure functions.

#include "absl/strings/string_view.h"

namespace cordon::client {

// ISO 6346: 4 letters, 6 digits, check digit (powers of two, mod 11).
bool ContainerNumberHolds(absl::string_view number);
// IMO ship number: 7 digits, weights 7 to 2, last digit of the sum.
bool ImoNumberHolds(absl::string_view number);
// UPU S10: 2 letters, 8 digits, check digit, 2 letters.
bool PostItemHolds(absl::string_view number);
// Air waybill: 3 and 8 digits, a dash between allowed; last = first 7 mod 7.
bool AirWaybillHolds(absl::string_view number);
// GTIN of 8, 12, 13 or 14 digits with its mod-10 check digit.
bool GtinHolds(absl::string_view number);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_CODELISTS_IDENTIFIERS_H_
