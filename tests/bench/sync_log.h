#ifndef CORDON_TESTS_BENCH_SYNC_LOG_H_
#define CORDON_TESTS_BENCH_SYNC_LOG_H_

// A room whose log one device has written and another has not read.
// Failures end the program.

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"

#include "crypto/base/number.h"
#include "tests/support/client_room.h"
#include "tests/support/fake_clock.h"

namespace cordon::bench {

inline constexpr size_t kSyncSender = 0;
inline constexpr size_t kSyncReader = 1;

class UnreadLog {
 public:
  // Of so many records, as the sender would append them.
  explicit UnreadLog(uint64_t records, const testing::FakeClock& clock = {});

  testing::ClientRoom& room() { return room_; }
  // IsRead looks into the reader's vault.
  bool IsRead();
  // Measure prints what `read` took, after which all was read and none refused.
  void Measure(absl::FunctionRef<void()> read);

 private:
  LogSeq Cursor();
  void Fill();

  const uint64_t records_;
  testing::ClientRoom room_;
  LogSeq end_;
  size_t sealed_bytes_ = 0;  // of the last one
};

// RecordsIn is how many the one argument asks for, if it is there.
uint64_t RecordsIn(int argc, char** argv);

}  // namespace cordon::bench

#endif  // CORDON_TESTS_BENCH_SYNC_LOG_H_
