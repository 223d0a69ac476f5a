#ifndef CORDON_CLIENT_CORE_ALERT_RULES_H_
#define CORDON_CLIENT_CORE_ALERT_RULES_H_

// What a seizure alert must, may and must not say: asked before sending and
// again after opening. All faults are found in one pass, each with its field.
//
// A flash needs type, time, place (country and kind), transport mode, and for
// each line category, description, quantity and a reason where no photo shows
// the goods; a full alert needs the rest.
// Threads: pure functions.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "client/core/findings.h"  // IWYU pragma: export
#include "client/core/model/alert.h"

namespace cordon::client {

using AlertFindings = ContentFindings;

struct AlertRulesOptions {
  absl::Time sent;
  // The days of the operation, where known: outside them an alert is flagged.
  std::optional<absl::TimeZone> zone;
  std::optional<absl::CivilDay> first_day;
  std::optional<absl::CivilDay> last_day;
  // Pictures of the goods among the attachments.
  bool has_goods_photo = false;
};

inline constexpr size_t kAlertLinesMax = 200;
inline constexpr size_t kDescriptionBytesMax = 300;
inline constexpr size_t kNarrativeBytesMax = 4000;
inline constexpr size_t kConcealmentTextBytesMax = 1000;
inline constexpr size_t kOfficeBytesMax = 120;
inline constexpr size_t kShortTextBytesMax = 200;
inline constexpr size_t kRoutePointsMax = 50;
inline constexpr size_t kIdentifiersMax = 50;
inline constexpr size_t kCodesMax = 20;
// decimal(18,3) in thousandths.
inline constexpr int64_t kQuantityMilliMax = 999'999'999'999'999'999;
// An author's clock may be ahead of the event by this much.
inline constexpr absl::Duration kClockSlack = absl::Minutes(5);

AlertFindings CheckAlert(const Alert& alert, const AlertRulesOptions& options);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_ALERT_RULES_H_
