#ifndef CORDON_SERVER_METRICS_FILE_H_
#define CORDON_SERVER_METRICS_FILE_H_

// The relay's counters as text that Prometheus reads (its text format 0.0.4),
// in a file that a collector picks up, for instance node_exporter's textfile
// collector. The relay opens no second port for it.
//
// Threads: any; one at a time for one path.
// Errors: kUnavailable when the file cannot be written; the old one stays.

#include <cstddef>
#include <string>

#include "absl/status/status.h"

#include "server/core/counters.h"

namespace cordon::server {

// What is the case now.
struct Gauges {
  size_t followers = 0;
  size_t lane_unanswered = 0;
};

std::string MetricsText(const Counters& counters, const Gauges& gauges);

// WriteMetricsFile replaces the file at once, so that a reader never sees half.
absl::Status WriteMetricsFile(const std::string& path, const std::string& text);

}  // namespace cordon::server

#endif  // CORDON_SERVER_METRICS_FILE_H_
