#include "server/metrics_file.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "server/core/counters.h"

namespace cordon::server {
namespace {

// gRPC's status codes, by number.
constexpr std::array<absl::string_view, Counters::kCodes> kCodeNames = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED"};

struct Metric {
  absl::string_view name;
  absl::string_view type;
  absl::string_view help;
};

void AddHead(std::string& text, const Metric& metric) {
  absl::StrAppend(&text, "# HELP ", metric.name, " ", metric.help, "\n# TYPE ",
                  metric.name, " ", metric.type, "\n");
}

void AddValue(std::string& text, const Metric& metric, uint64_t value) {
  AddHead(text, metric);
  absl::StrAppend(&text, metric.name, " ", value, "\n");
}

}  // namespace

std::string MetricsText(const Counters& counters, const Gauges& gauges) {
  std::string text;
  AddValue(text,
           {"cordond_entries_appended_total", "counter",
            "Envelopes committed to logs of rooms."},
           counters.entries_appended);
  AddValue(text,
           {"cordond_items_delivered_total", "counter",
            "Items written to Follow streams."},
           counters.items_delivered);
  AddValue(text,
           {"cordond_blob_bytes_received_total", "counter",
            "Bytes of files taken in."},
           counters.blob_bytes_received);
  AddValue(
      text,
      {"cordond_blob_bytes_sent_total", "counter", "Bytes of files given out."},
      counters.blob_bytes_sent);
  AddValue(
      text,
      {"cordond_followers", "gauge", "Devices with an open Follow stream."},
      gauges.followers);
  AddValue(
      text,
      {"cordond_lane_unanswered", "gauge", "Calls taken and not answered yet."},
      gauges.lane_unanswered);
  const Metric calls = {"cordond_calls_ended_total", "counter",
                        "Calls that ended, by gRPC code."};
  AddHead(text, calls);
  for (size_t code = 0; code < kCodeNames.size(); ++code) {
    absl::StrAppend(&text, calls.name, "{code=\"", kCodeNames.at(code), "\"} ",
                    counters.calls_ended.at(code).load(), "\n");
  }
  return text;
}

absl::Status WriteMetricsFile(const std::string& path,
                              const std::string& text) {
  const std::string part = absl::StrCat(path, ".part");
  {
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) {
      return absl::UnavailableError(
          absl::StrCat("cannot write the metrics file ", path));
    }
  }
  std::error_code error;
  std::filesystem::rename(part, path, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot write the metrics file ", path));
  }
  return absl::OkStatus();
}

}  // namespace cordon::server
