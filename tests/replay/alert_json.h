#ifndef CORDON_TESTS_REPLAY_ALERT_JSON_H_
#define CORDON_TESTS_REPLAY_ALERT_JSON_H_

// Alerts in the JSON form that `cordon` takes (docs/json.md, ALERT). Written
// here from the document, not with the program's own code, so that the replay
// also shows that the document is right. Only fields the generator fills.
// Threads: pure functions.

#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/core/model/alert.h"

namespace cordon::replay {

// Times are written in `zone`.
nlohmann::json AlertJson(const client::Alert& alert, absl::TimeZone zone);

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_ALERT_JSON_H_
