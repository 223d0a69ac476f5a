// What an operator has of a real cordond: its settings, health and counters.

#include <grpcpp/support/status.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "cordon/wire/v1/delivery.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/role.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/fake_clock.h"
#include "tests/support/file_text.h"
#include "tests/support/raw_call.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr RoomId kRoom({7});
constexpr Epoch kEpoch{3};

wire::AppendRequest Envelope(char n, uint64_t epoch = kEpoch.value) {
  wire::AppendRequest request;
  request.set_room_id(ToString(kRoom.span()));
  request.mutable_envelope()->set_envelope_id(
      std::string(EnvelopeId::kBytes, n));
  request.mutable_envelope()->set_kind(wire::ENTRY_KIND_APPLICATION);
  request.mutable_envelope()->set_epoch(epoch);
  request.mutable_envelope()->set_sealed("sealed");
  return request;
}

class OperatorTest : public ::testing::Test {
 protected:
  OperatorTest() : pki_(1, FakeClock(SystemClock().Now())) {}

  const TestDevice& Coordinator() {
    return pki_.Device("ocu.authority/eva/desk", {cert::Role::kCoordinator});
  }
  // Runs with a room that the coordinator is in.
  void StartWithRoom(const std::vector<std::string>& more = {}) {
    relay_.Edit([this](relay::Stores& stores, sqlite::Transaction& txn) {
      const DeviceId eva = Coordinator().name.id();
      ASSERT_OK(stores.log.OpenRoom(
          txn, {.room = kRoom, .kind = 1, .creator = eva, .epoch = kEpoch}));
      ASSERT_OK(stores.groups.Put(txn, kRoom, {.epoch = kEpoch}));
      ASSERT_OK(
          stores.groups.AddMember(txn, kRoom, {.leaf = 0, .device = eva}));
    });
    relay_.Start(more);
    ASSERT_TRUE(RelayClient(relay_.address(), relay_.pin())
                    .SetUp(relay_.setup_code(), pki_, Coordinator())
                    .ok());
  }
  RelayClient Connect() {
    return {relay_.address(), relay_.pin(), &Coordinator()};
  }

  TestPki pki_;
  RelayProcess relay_;
};

// Numbers of what was done, and nobody's name.
TEST_F(OperatorTest, MetricsFileCountsWhatWasDone) {
  const std::string path = relay_.data() + "/cordond.prom";
  StartWithRoom({"--metrics-file", path, "--metrics-seconds", "1"});
  RelayClient eva = Connect();
  uint64_t seq = 0;
  ASSERT_TRUE(eva.Append(Envelope('1'), seq).ok());
  ASSERT_EQ(eva.Append(Envelope('2', kEpoch.value - 1), seq).error_code(),
            grpc::ABORTED);
  FollowStream stream = eva.Follow();
  stream.ReadBacklog();

  const std::vector<std::string> expected = {
      "cordond_entries_appended_total 1\n", "cordond_followers 1\n",
      "cordond_calls_ended_total{code=\"ABORTED\"} 1\n"};
  std::string text;
  while (!absl::c_all_of(expected, [&text](const std::string& line) {
    return absl::StrContains(text, line);
  })) {
    text = ReadFile(path);
    std::this_thread::yield();
  }
  EXPECT_THAT(text, Not(HasSubstr("eva")));
  EXPECT_THAT(text, Not(HasSubstr(ToHex(kRoom.span()))));
}

// Health needs no certificate, and says so before the relay is gone. The empty
// request asks for the whole server; an answer is a field 1, a number: 1 is
// SERVING, 2 NOT_SERVING.
TEST_F(OperatorTest, HealthIsServingUntilTheRelayStops) {
  relay_.Start();
  RawCall watch(relay_, "/grpc.health.v1.Health/Watch", "");

  EXPECT_EQ(watch.Read(), "\x08\x01");
  EXPECT_EQ(relay_.Stop(), 0);
  EXPECT_EQ(watch.Read(), "\x08\x02");
}

TEST_F(OperatorTest, SettingsMayStandInAFile) {
  const std::string path = relay_.data() + "/cordond.toml";
  std::ofstream(path) << "[serve]\ndata = \"" << relay_.data()
                      << "\"\nlisten = \"127.0.0.1:0\"\n"
                         "room-log-bytes-max = 8\n";

  relay_.StartWith({"--config", path, "serve"});
  EXPECT_EQ(relay_.Stop(), 0);
  relay_.StartWith({"serve", "--config", path});
  EXPECT_EQ(relay_.Stop(), 0);

  std::ofstream(path, std::ios::app) << "no-such-name = 1\n";
  EXPECT_EQ(RunCordond({"--config", path, "serve"}).exit_code, 2);
}

TEST_F(OperatorTest, ListeningNeedsAPortThatWasNamed) {
  for (const char* const listen :
       {"127.0.0.1", "127.0.0.1:", ":4600", "127.0.0.1:https",
        "127.0.0.1:65536", "::1", "::1:4600"}) {
    SCOPED_TRACE(listen);
    EXPECT_EQ(RunCordond({"serve", "--data", relay_.data(), "--listen", listen})
                  .exit_code,
              2);
  }
}

}  // namespace
}  // namespace cordon::testing
