#include "tests/replay/report.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace cordon::replay {
namespace {

constexpr double kKibPerMib = 1024;

void Row(std::string& out, absl::string_view name, absl::string_view value) {
  absl::StrAppendFormat(&out, "  %-44s %14s\n", name, value);
}

std::string Milliseconds(absl::Duration duration) {
  return absl::StrFormat("%.0f ms", absl::ToDoubleMilliseconds(duration));
}

std::string Mib(uint64_t kib) {
  return absl::StrFormat("%.1f MiB", static_cast<double>(kib) / kKibPerMib);
}

std::string Ratio(uint64_t bytes, uint64_t by) {
  return by == 0 || bytes == 0 ? "not measured"
                               : absl::StrCat(bytes / by, " B");
}

}  // namespace

void Say(absl::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

absl::Duration Quantile(absl::Span<const absl::Duration> sorted, int percent) {
  if (sorted.empty()) return absl::ZeroDuration();
  const size_t index = sorted.size() * static_cast<size_t>(percent) / 100;
  return sorted[std::min(index, sorted.size() - 1)];
}

std::string Table(const Measures& measures) {
  std::string out;
  absl::Duration total;
  for (const auto& [name, duration] : measures.phases) {
    Row(out, name,
        absl::StrFormat("%.2f min", absl::ToDoubleMinutes(duration)));
    total += duration;
  }
  Row(out, "in all", absl::StrFormat("%.2f min", absl::ToDoubleMinutes(total)));
  Row(out, "devices", absl::StrCat(measures.devices));
  Row(out, "records", absl::StrCat(measures.records));
  Row(out, "deliveries (a device opened and stored one)",
      absl::StrCat(measures.deliveries));
  Row(out, "alerts", absl::StrCat(measures.alerts));

  std::vector<absl::Duration> sorted = measures.latencies;
  std::sort(sorted.begin(), sorted.end());
  Row(out, "alert: sent to opened and stored, p50",
      Milliseconds(Quantile(sorted, 50)));
  Row(out, "alert: sent to opened and stored, p99",
      Milliseconds(Quantile(sorted, 99)));
  Row(out, "alert: sent to opened and stored, worst",
      Milliseconds(Quantile(sorted, 100)));
  Row(out, "bytes on the wire, an alert and device",
      Ratio(measures.alert_wire_bytes, measures.alert_deliveries));
  Row(out, "bytes in the relay's folder, an alert",
      Ratio(measures.alert_log_bytes, measures.alerts));
  Row(out, "cordond: memory, at most", Mib(measures.relay_memory_kib));
  Row(out, "cordond: CPU in all",
      absl::StrFormat("%.1f s", absl::ToDoubleSeconds(measures.relay_cpu)));
  Row(out, "a device: memory at most, median", Mib(measures.device_memory_kib));
  Row(out, "this driver: CPU in all",
      absl::StrFormat("%.1f s", absl::ToDoubleSeconds(measures.driver_cpu)));
  return out;
}

}  // namespace cordon::replay
