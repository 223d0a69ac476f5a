// first_sync [RECORDS]: a device that has been away reads a room's log of so
// many records, until each is opened, verified and stored. The real client core
// and a real vault on disk; the relay is the tests' one in memory
// (tests/support/fake_relay.h), so neither network nor TLS is in it.

#include <cstdint>

#include "crypto/base/lock_checks.h"
#include "tests/bench/sync_log.h"

namespace cordon::bench {
namespace {

int Run(uint64_t records) {
  UnreadLog log(records);
  log.Measure([&log] {
    while (!log.IsRead()) log.room().client(kSyncReader).Step();
  });
  return 0;
}

}  // namespace
}  // namespace cordon::bench

int main(int argc, char** argv) {
  cordon::SkipLockChecks();
  return cordon::bench::Run(cordon::bench::RecordsIn(argc, argv));
}
