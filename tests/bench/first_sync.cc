// first_sync [RECORDS]: a device that has been away reads a room's log of so
// many records, until each is opened, verified and stored. The real client core
// and a real vault on disk; the relay is the tests' one in memory
// (tests/support/fake_relay.h), so neither network nor TLS is in it.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/time/time.h"

#include "crypto/base/check.h"
#include "crypto/base/lock_checks.h"
#include "crypto/base/number.h"
#include "crypto/policy/room_policy.h"
#include "tests/bench/process_usage.h"
#include "tests/bench/sync_log.h"
#include "tests/support/client_room.h"

namespace cordon::bench {
namespace {

int Run(uint64_t records) {
  testing::ClientRoom room(
      policy::RoomKind::kChannel,
      {"ocu.authority/chief/desk", "fr.customs/alice/laptop"});
  const LogSeq end{CursorOf(room).value + records};
  const size_t sealed_bytes = FillLog(room, records);
  const int64_t start = Ticks();
  const absl::Duration cpu = CpuTime(getpid());
  while (CursorOf(room) < end) room.client(kSyncReader).Step();
  CORDON_CHECK(room.RefusalsAt(kSyncReader).empty());
  PrintSync({.records = records,
             .sealed_bytes = sealed_bytes,
             .seconds = static_cast<double>(Ticks() - start) / 1e9,
             .cpu_seconds = absl::ToDoubleSeconds(CpuTime(getpid()) - cpu)});
  return 0;
}

}  // namespace
}  // namespace cordon::bench

int main(int argc, char** argv) {
  cordon::SkipLockChecks();
  return cordon::bench::Run(argc > 1 ? std::strtoull(argv[1], nullptr, 10)
                                     : cordon::bench::kSyncRecords);
}
