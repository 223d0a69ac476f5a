#ifndef CORDON_TESTS_BENCH_SYNC_LOG_H_
#define CORDON_TESTS_BENCH_SYNC_LOG_H_

// A room whose log one device has written and another has not read.
// Failures end the program.

#include <cstddef>
#include <cstdint>

#include "crypto/base/number.h"
#include "tests/support/client_room.h"

namespace cordon::bench {

inline constexpr uint64_t kSyncRecords = 10'000;
inline constexpr size_t kSyncSender = 0;
inline constexpr size_t kSyncReader = 1;

// CursorOf says how far the reader's vault is.
LogSeq CursorOf(testing::ClientRoom& room);

// FillLog appends `records` as the sender would; the bytes of the last one.
size_t FillLog(testing::ClientRoom& room, uint64_t records);

// PrintSync prints what it took to read them.
struct SyncCost {
  uint64_t records = 0;
  size_t sealed_bytes = 0;  // of one
  double seconds = 0;
  double cpu_seconds = 0;  // of the reading program
};
void PrintSync(const SyncCost& cost);

}  // namespace cordon::bench

#endif  // CORDON_TESTS_BENCH_SYNC_LOG_H_
