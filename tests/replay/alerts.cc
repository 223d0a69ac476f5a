#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "crypto/base/clock.h"
#include "crypto/base/status.h"
#include "tests/replay/acts.h"
#include "tests/replay/alert_json.h"
#include "tests/replay/cases.h"
#include "tests/replay/loop.h"
#include "tests/replay/proc.h"
#include "tests/replay/report.h"
#include "tests/replay/session.h"
#include "tests/replay/world.h"

namespace cordon::replay {
namespace {

class Alerts {
 public:
  explicit Alerts(World& world) : world_(world) {}

  absl::Status Run() {
    world_.OnEvent([this](Session&, const json& event) {
      if (event.value("event", "") == "arrival" &&
          event.value("kind", "") == "alert") {
        TakeArrival(event);
      }
    });
    const uint64_t wire = LoopbackBytes();
    const uint64_t folder = FolderBytes(world_.Path("relay"));
    const uint64_t expected =
        world_.cases().size() * world_.published().alerts_devices;
    CORDON_RETURN_IF_ERROR(world_.loop().Run(
        {.what = "every alert is on every device",
         .done = [this, expected] { return arrived_ == expected; },
         .progress =
             [this, expected] {
               return absl::StrCat(next_, " of ", world_.cases().size(),
                                   " alerts sent, ", arrived_, " of ", expected,
                                   " deliveries");
             },
         .beat = [this] { SendNext(); },
         .beat_every = kAlertEvery}));
    Measures& measures = world_.measures();
    measures.alerts = world_.cases().size();
    measures.alert_deliveries = arrived_;
    measures.alert_wire_bytes = LoopbackBytes() - wire;
    measures.alert_log_bytes = FolderBytes(world_.Path("relay")) - folder;
    return NoteLatencies();
  }

 private:
  void SendNext() {
    if (next_ == world_.cases().size()) return;
    const Case& one = world_.cases()[next_++];
    const absl::Time sent = SystemClock().Now();
    world_.session(one.organisation)
        .Ask({{"verb", "alert send"},
              {"operation", std::string(kOperation)},
              {"alert", AlertJson(one.alert, OperationZone())}},
             [this, sent](const json& result) {
               const json::json_pointer first("/records/0/id");
               if (result.contains(first)) sent_[result.at(first)] = sent;
             });
  }

  void TakeArrival(const json& event) {
    ++arrived_;
    absl::Time stored;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, event.value("stored", ""), &stored,
                         &error)) {
      world_.loop().Fail(absl::InternalError(
          absl::StrCat("an arrival without its time: ", event.dump())));
      return;
    }
    stored_.emplace_back(event.value("record", ""), stored);
  }

  // Afterwards, since an arrival may be told before its sender is answered.
  absl::Status NoteLatencies() {
    for (const auto& [record, stored] : stored_) {
      const auto sent = sent_.find(record);
      if (sent == sent_.end()) {
        return absl::InternalError(
            absl::StrCat("alert ", record, " arrived and was never sent"));
      }
      world_.measures().latencies.push_back(stored - sent->second);
    }
    return absl::OkStatus();
  }

  World& world_;
  size_t next_ = 0;
  uint64_t arrived_ = 0;
  std::map<std::string, absl::Time> sent_;
  std::vector<std::pair<std::string, absl::Time>> stored_;
};

}  // namespace

absl::Status SendAlerts(World& world) {
  return Alerts(world).Run();
}

}  // namespace cordon::replay
