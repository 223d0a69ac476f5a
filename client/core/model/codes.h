#ifndef CORDON_CLIENT_CORE_MODEL_CODES_H_
#define CORDON_CLIENT_CORE_MODEL_CODES_H_

// Closed code lists of records: an enum, its numbers on the wire and its names
// in JSON and on screens, one table each.
//
// Value 0 always means "not given". A number that no table knows comes from a
// newer client; it is kept in the signed bytes and shown as "unknown".
// Threads: tables are constant.

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace cordon::client {

enum class RecordStatus : uint8_t {
  kNone = 0,
  kActual = 1,
  kExercise = 2,
  kTest = 3,
  kDraft = 4
};
enum class MsgType : uint8_t {
  kNone = 0,
  kAlert = 1,
  kUpdate = 2,
  kCancel = 3,
  kAck = 4,
  kError = 5
};
enum class AttachmentRole : uint8_t {
  kNone = 0,
  kGoods = 1,
  kLabel = 2,
  kPackaging = 3,
  kConcealment = 4,
  kXray = 5,
  kDocument = 6,
  kLabReport = 7,
  kOther = 8
};
enum class PlaceKind : uint8_t {
  kNone = 0,
  kOffice = 1,
  kSeaport = 2,
  kAirport = 3,
  kRoadBorder = 4,
  kRail = 5,
  kPostalCentre = 6,
  kExpressHub = 7,
  kWarehouse = 8,
  kFreeZone = 9,
  kInland = 10,
  kAtSea = 11,
  kOnline = 12
};
enum class MoneyBasis : uint8_t {
  kNone = 0,
  kGenuineRetail = 1,
  kCustomsValue = 2,
  kStreet = 3
};
enum class CaseType : uint8_t {
  kNone = 0,
  kSeizure = 1,
  kDetention = 2,
  kSuspension = 3,
  kInterception = 4,
  kOther = 5
};
enum class WhenPrecision : uint8_t {
  kNone = 0,
  kMinute = 1,
  kHour = 2,
  kDay = 3
};
enum class Flow : uint8_t {
  kNone = 0,
  kImport = 1,
  kExport = 2,
  kTransit = 3,
  kTranshipment = 4,
  kDomestic = 5
};
enum class Channel : uint8_t {
  kNone = 0,
  kSeaCargo = 1,
  kAirCargo = 2,
  kExpressCourier = 3,
  kPost = 4,
  kPassenger = 5,
  kRoadFreight = 6,
  kRailFreight = 7,
  kWarehouse = 8,
  kOnline = 9
};
enum class Ecommerce : uint8_t { kNone = 0, kYes = 1, kNo = 2, kUnknown = 3 };
enum class DetectionMethod : uint8_t {
  kNone = 0,
  kRoutine = 1,
  kRiskProfile = 2,
  kRandom = 3,
  kIntelligence = 4,
  kWarning = 5,
  kRightsHolder = 6,
  kInvestigation = 7,
  kOther = 8
};
enum class Outcome : uint8_t {
  kNone = 0,
  kDetained = 1,
  kSeized = 2,
  kReleased = 3,
  kReturned = 4,
  kDestroyed = 5,
  kProsecution = 6,
  kUnderInquiry = 7
};
enum class IdentifierKind : uint8_t {
  kNone = 0,
  kContainer = 1,
  kImo = 2,
  kPostItem = 3,
  kAirWaybill = 4,
  kBillOfLading = 5,
  kCourier = 6,
  kFlight = 7,
  kPlate = 8,
  kSeal = 9,
  kDeclaration = 10
};
enum class RouteRole : uint8_t {
  kNone = 0,
  kManufacture = 1,
  kOrigin = 2,
  kDeparture = 3,
  kTransit = 4,
  kDiscovery = 5,
  kDestination = 6
};
enum class LineStatus : uint8_t {
  kNone = 0,
  kSuspected = 1,
  kConfirmedByRightsHolder = 2,
  kConfirmedByLab = 3,
  kCleared = 4
};
enum class InstructionType : uint8_t {
  kNone = 0,
  kInstruction = 1,
  kDailyBriefing = 2,
  kChangeOfPlan = 3,
  kSecurityNotice = 4,
  kAdministrative = 5,
  kStandDown = 6
};
enum class Priority : uint8_t {
  kNone = 0,
  kRoutine = 1,
  kImportant = 2,
  kFlash = 3
};
enum class AckLevel : uint8_t {
  kNone = 0,
  kReceived = 1,
  kUnderstood = 2,
  kActioned = 3
};
enum class FeatureLayer : uint8_t {
  kNone = 0,
  kOvert = 1,
  kCovert = 2,
  kForensic = 3
};
enum class FeatureWeight : uint8_t {
  kNone = 0,
  kConclusive = 1,
  kIndicative = 2
};

template <typename Enum>
struct Code {
  Enum value;
  absl::string_view name;
};

// Codes is the table of one enum, in the order of its numbers, "not given"
// left out. Specialised in codes.cc for every enum above.
template <typename Enum>
absl::Span<const Code<Enum>> Codes();

// CodeName is "" for "not given" and "unknown" for a newer client's number.
template <typename Enum>
absl::string_view CodeName(Enum value) {
  if (value == Enum::kNone) return "";
  for (const Code<Enum>& code : Codes<Enum>()) {
    if (code.value == value) return code.name;
  }
  return "unknown";
}

// ParseCode reads a name exactly as CodeName writes it.
template <typename Enum>
std::optional<Enum> ParseCode(absl::string_view name) {
  for (const Code<Enum>& code : Codes<Enum>()) {
    if (code.name == name) return code.value;
  }
  return std::nullopt;
}

template <typename Enum>
bool IsKnown(Enum value) {
  for (const Code<Enum>& code : Codes<Enum>()) {
    if (code.value == value) return true;
  }
  return false;
}

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_MODEL_CODES_H_
