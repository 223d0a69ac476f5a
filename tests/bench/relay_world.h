#ifndef CORDON_TESTS_BENCH_RELAY_WORLD_H_
#define CORDON_TESTS_BENCH_RELAY_WORLD_H_

// A real cordond that any number of devices are in the directory of, and in one
// room of. They are entered into its database before it starts, as enrolment
// and commits would have left it; the room has no MLS group, which the relay
// does not look at for application messages.
// Failures end the program.

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "storage/relay/directory_store.h"
#include "tests/support/relay_process.h"
#include "tests/support/test_pki.h"

namespace cordon::bench {

inline constexpr RoomId kRoom({7});
inline constexpr Epoch kEpoch{1};

// DirectoryRow is a device as the relay's directory keeps it.
relay::Device DirectoryRow(const testing::TestDevice& device, absl::Time since);

class RelayWorld {
 public:
  // Of `devices` that follow, and one more that sends.
  explicit RelayWorld(size_t devices);

  testing::RelayProcess& relay() { return relay_; }
  const testing::TestDevice& sender() const { return *sender_; }
  const std::vector<const testing::TestDevice*>& devices() const {
    return devices_;
  }

 private:
  void EnterAll();

  testing::TestPki pki_;
  const testing::TestDevice* sender_;
  std::vector<const testing::TestDevice*> devices_;
  testing::RelayProcess relay_;
};

}  // namespace cordon::bench

#endif  // CORDON_TESTS_BENCH_RELAY_WORLD_H_
