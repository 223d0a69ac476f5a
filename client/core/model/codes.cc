#include "client/core/model/codes.h"

#include "absl/types/span.h"

namespace cordon::client {
namespace {

constexpr Code<RecordStatus> kRecordStatusCodes[] = {
    {RecordStatus::kActual, "actual"},
    {RecordStatus::kExercise, "exercise"},
    {RecordStatus::kTest, "test"},
    {RecordStatus::kDraft, "draft"},
};
constexpr Code<MsgType> kMsgTypeCodes[] = {
    {MsgType::kAlert, "alert"},   {MsgType::kUpdate, "update"},
    {MsgType::kCancel, "cancel"}, {MsgType::kAck, "ack"},
    {MsgType::kError, "error"},
};
constexpr Code<AttachmentRole> kAttachmentRoleCodes[] = {
    {AttachmentRole::kGoods, "goods"},
    {AttachmentRole::kLabel, "label"},
    {AttachmentRole::kPackaging, "packaging"},
    {AttachmentRole::kConcealment, "concealment"},
    {AttachmentRole::kXray, "x_ray"},
    {AttachmentRole::kDocument, "document"},
    {AttachmentRole::kLabReport, "lab_report"},
    {AttachmentRole::kOther, "other"},
};
constexpr Code<PlaceKind> kPlaceKindCodes[] = {
    {PlaceKind::kOffice, "office"},
    {PlaceKind::kSeaport, "seaport"},
    {PlaceKind::kAirport, "airport"},
    {PlaceKind::kRoadBorder, "road_border"},
    {PlaceKind::kRail, "rail"},
    {PlaceKind::kPostalCentre, "postal_centre"},
    {PlaceKind::kExpressHub, "express_hub"},
    {PlaceKind::kWarehouse, "warehouse"},
    {PlaceKind::kFreeZone, "free_zone"},
    {PlaceKind::kInland, "inland"},
    {PlaceKind::kAtSea, "at_sea"},
    {PlaceKind::kOnline, "online"},
};
constexpr Code<MoneyBasis> kMoneyBasisCodes[] = {
    {MoneyBasis::kGenuineRetail, "genuine_retail"},
    {MoneyBasis::kCustomsValue, "customs_value"},
    {MoneyBasis::kStreet, "street"},
};
constexpr Code<CaseType> kCaseTypeCodes[] = {
    {CaseType::kSeizure, "seizure"},
    {CaseType::kDetention, "detention"},
    {CaseType::kSuspension, "suspension"},
    {CaseType::kInterception, "interception"},
    {CaseType::kOther, "other"},
};
constexpr Code<WhenPrecision> kWhenPrecisionCodes[] = {
    {WhenPrecision::kMinute, "minute"},
    {WhenPrecision::kHour, "hour"},
    {WhenPrecision::kDay, "day"},
};
constexpr Code<Flow> kFlowCodes[] = {
    {Flow::kImport, "import"},     {Flow::kExport, "export"},
    {Flow::kTransit, "transit"},   {Flow::kTranshipment, "transhipment"},
    {Flow::kDomestic, "domestic"},
};
constexpr Code<Channel> kChannelCodes[] = {
    {Channel::kSeaCargo, "sea_cargo"},
    {Channel::kAirCargo, "air_cargo"},
    {Channel::kExpressCourier, "express_courier"},
    {Channel::kPost, "post"},
    {Channel::kPassenger, "passenger"},
    {Channel::kRoadFreight, "road_freight"},
    {Channel::kRailFreight, "rail_freight"},
    {Channel::kWarehouse, "warehouse"},
    {Channel::kOnline, "online"},
};
constexpr Code<Ecommerce> kEcommerceCodes[] = {
    {Ecommerce::kYes, "yes"},
    {Ecommerce::kNo, "no"},
    {Ecommerce::kUnknown, "unknown"},
};
constexpr Code<DetectionMethod> kDetectionMethodCodes[] = {
    {DetectionMethod::kRoutine, "routine"},
    {DetectionMethod::kRiskProfile, "risk_profile"},
    {DetectionMethod::kRandom, "random"},
    {DetectionMethod::kIntelligence, "intelligence"},
    {DetectionMethod::kWarning, "warning"},
    {DetectionMethod::kRightsHolder, "rights_holder"},
    {DetectionMethod::kInvestigation, "investigation"},
    {DetectionMethod::kOther, "other"},
};
constexpr Code<Outcome> kOutcomeCodes[] = {
    {Outcome::kDetained, "detained"},
    {Outcome::kSeized, "seized"},
    {Outcome::kReleased, "released"},
    {Outcome::kReturned, "returned"},
    {Outcome::kDestroyed, "destroyed"},
    {Outcome::kProsecution, "prosecution"},
    {Outcome::kUnderInquiry, "under_inquiry"},
};
constexpr Code<IdentifierKind> kIdentifierKindCodes[] = {
    {IdentifierKind::kContainer, "container"},
    {IdentifierKind::kImo, "imo"},
    {IdentifierKind::kPostItem, "post_item"},
    {IdentifierKind::kAirWaybill, "air_waybill"},
    {IdentifierKind::kBillOfLading, "bill_of_lading"},
    {IdentifierKind::kCourier, "courier"},
    {IdentifierKind::kFlight, "flight"},
    {IdentifierKind::kPlate, "plate"},
    {IdentifierKind::kSeal, "seal"},
    {IdentifierKind::kDeclaration, "declaration"},
};
constexpr Code<RouteRole> kRouteRoleCodes[] = {
    {RouteRole::kManufacture, "manufacture"},
    {RouteRole::kOrigin, "origin"},
    {RouteRole::kDeparture, "departure"},
    {RouteRole::kTransit, "transit"},
    {RouteRole::kDiscovery, "discovery"},
    {RouteRole::kDestination, "destination"},
};
constexpr Code<LineStatus> kLineStatusCodes[] = {
    {LineStatus::kSuspected, "suspected"},
    {LineStatus::kConfirmedByRightsHolder, "confirmed_by_rights_holder"},
    {LineStatus::kConfirmedByLab, "confirmed_by_lab"},
    {LineStatus::kCleared, "cleared"},
};
constexpr Code<InstructionType> kInstructionTypeCodes[] = {
    {InstructionType::kInstruction, "instruction"},
    {InstructionType::kDailyBriefing, "daily_briefing"},
    {InstructionType::kChangeOfPlan, "change_of_plan"},
    {InstructionType::kSecurityNotice, "security_notice"},
    {InstructionType::kAdministrative, "administrative"},
    {InstructionType::kStandDown, "stand_down"},
};
constexpr Code<Priority> kPriorityCodes[] = {
    {Priority::kRoutine, "routine"},
    {Priority::kImportant, "important"},
    {Priority::kFlash, "flash"},
};
constexpr Code<AckLevel> kAckLevelCodes[] = {
    {AckLevel::kReceived, "received"},
    {AckLevel::kUnderstood, "understood"},
    {AckLevel::kActioned, "actioned"},
};
constexpr Code<FeatureLayer> kFeatureLayerCodes[] = {
    {FeatureLayer::kOvert, "overt"},
    {FeatureLayer::kCovert, "covert"},
    {FeatureLayer::kForensic, "forensic"},
};
constexpr Code<FeatureWeight> kFeatureWeightCodes[] = {
    {FeatureWeight::kConclusive, "conclusive"},
    {FeatureWeight::kIndicative, "indicative"},
};

}  // namespace

template <>
absl::Span<const Code<RecordStatus>> Codes() {
  return kRecordStatusCodes;
}
template <>
absl::Span<const Code<MsgType>> Codes() {
  return kMsgTypeCodes;
}
template <>
absl::Span<const Code<AttachmentRole>> Codes() {
  return kAttachmentRoleCodes;
}
template <>
absl::Span<const Code<PlaceKind>> Codes() {
  return kPlaceKindCodes;
}
template <>
absl::Span<const Code<MoneyBasis>> Codes() {
  return kMoneyBasisCodes;
}
template <>
absl::Span<const Code<CaseType>> Codes() {
  return kCaseTypeCodes;
}
template <>
absl::Span<const Code<WhenPrecision>> Codes() {
  return kWhenPrecisionCodes;
}
template <>
absl::Span<const Code<Flow>> Codes() {
  return kFlowCodes;
}
template <>
absl::Span<const Code<Channel>> Codes() {
  return kChannelCodes;
}
template <>
absl::Span<const Code<Ecommerce>> Codes() {
  return kEcommerceCodes;
}
template <>
absl::Span<const Code<DetectionMethod>> Codes() {
  return kDetectionMethodCodes;
}
template <>
absl::Span<const Code<Outcome>> Codes() {
  return kOutcomeCodes;
}
template <>
absl::Span<const Code<IdentifierKind>> Codes() {
  return kIdentifierKindCodes;
}
template <>
absl::Span<const Code<RouteRole>> Codes() {
  return kRouteRoleCodes;
}
template <>
absl::Span<const Code<LineStatus>> Codes() {
  return kLineStatusCodes;
}
template <>
absl::Span<const Code<InstructionType>> Codes() {
  return kInstructionTypeCodes;
}
template <>
absl::Span<const Code<Priority>> Codes() {
  return kPriorityCodes;
}
template <>
absl::Span<const Code<AckLevel>> Codes() {
  return kAckLevelCodes;
}
template <>
absl::Span<const Code<FeatureLayer>> Codes() {
  return kFeatureLayerCodes;
}
template <>
absl::Span<const Code<FeatureWeight>> Codes() {
  return kFeatureWeightCodes;
}

}  // namespace cordon::client
