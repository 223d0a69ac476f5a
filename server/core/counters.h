#ifndef CORDON_SERVER_CORE_COUNTERS_H_
#define CORDON_SERVER_CORE_COUNTERS_H_

// What this process has done since it started, in numbers: for the operator,
// who reads them as text (server/metrics_file.h). No names, no content, nothing
// of one room or one device.
//
// Like the log, there is one for the process: whoever does something counts it
// where it happens.
// Threads: any. Each number is right; two read together may be of two moments.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace cordon::server {

struct Counters {
  // gRPC's status codes run from 0 to 16.
  static constexpr size_t kCodes = 17;

  std::atomic<uint64_t> entries_appended{0};  // committed
  std::atomic<uint64_t> items_delivered{0};   // written to Follow streams
  std::atomic<uint64_t> blob_bytes_received{0};
  std::atomic<uint64_t> blob_bytes_sent{0};
  // Calls that ended, by code; 0 is those that were answered.
  std::array<std::atomic<uint64_t>, kCodes> calls_ended{};
};

Counters& ProcessCounters();

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_COUNTERS_H_
