#ifndef CORDON_TESTS_REPLAY_REPORT_H_
#define CORDON_TESTS_REPLAY_REPORT_H_

// What the replay says: lines while it runs, a table at the end.
// Threads: one.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace cordon::replay {

// Say prints a line at once.
void Say(absl::string_view line);

struct Measures {
  std::vector<std::pair<std::string, absl::Duration>> phases;
  size_t devices = 0;
  uint64_t records = 0;     // different ones
  uint64_t deliveries = 0;  // records that a device opened and stored
  uint64_t alerts = 0;
  uint64_t alert_deliveries = 0;
  // From handing an alert to its sender's program until a device had stored it.
  std::vector<absl::Duration> latencies;
  // Loopback traffic of the alerts' phase, TLS, HTTP/2 and TCP/IP included;
  // zero if it cannot be read.
  uint64_t alert_wire_bytes = 0;
  uint64_t alert_log_bytes = 0;   // by which the relay's folder grew meanwhile
  uint64_t relay_memory_kib = 0;  // at most, VmHWM
  absl::Duration relay_cpu;
  absl::Duration driver_cpu;
  uint64_t device_memory_kib = 0;  // the median device's VmHWM
};

// Quantile is of sorted values, 0 to 100; zero of none.
absl::Duration Quantile(absl::Span<const absl::Duration> sorted, int percent);

std::string Table(const Measures& measures);

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_REPORT_H_
