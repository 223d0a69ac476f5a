// The client's side of the wire against a real cordond: calls, streams, a relay
// that goes away and comes back, one that is another, one that does not answer.

#include "client/net/grpc_relay.h"

#include <sys/wait.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/delivery_types.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core_thread.h"
#include "client/net/grpc_log.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/mailbox.h"
#include "crypto/base/number.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "crypto/log/chain_hash.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/fake_clock.h"
#include "tests/support/ids.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ChainOf;
using ::cordon::testing::FakeClock;
using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RelayClient;
using ::cordon::testing::RelayProcess;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;

constexpr RoomId kRoom({7});
constexpr Epoch kEpoch{3};
constexpr absl::Duration kShort = absl::Seconds(2);
constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr absl::Duration kMoment = absl::Milliseconds(100);
constexpr int kTriesMax = 300;

// The core's thread is the test's.
class TestCore final : public CoreThread {
 public:
  void Post(Job job) override { CORDON_CHECK(jobs_.Post(std::move(job)).ok()); }
  // Pause lets others go on for a moment.
  void Pause() {
    const absl::Time deadline = SystemClock().Now() + kMoment;
    for (Job& job : jobs_.TakeAll(deadline)) std::move(job)();
  }
  // Await gives what `ask`, which is handed a Done, is answered.
  template <typename T, typename Asking>
  absl::StatusOr<T> Await(Asking ask) {
    std::optional<absl::StatusOr<T>> got;
    ask(Done<T>([&got](absl::StatusOr<T> answer) { got = std::move(answer); }));
    const absl::Time deadline = SystemClock().Now() + kPatience;
    while (!got.has_value()) {
      for (Job& job : jobs_.TakeAll(deadline)) std::move(job)();
      CORDON_CHECK(SystemClock().Now() < deadline);
    }
    return *std::move(got);
  }

 private:
  Mailbox<Job> jobs_{1000};
};

class GrpcRelayTest : public ::testing::Test {
 protected:
  GrpcRelayTest() : pki_(1, FakeClock(SystemClock().Now())) {
    process_.Edit([this](relay::Stores& stores, sqlite::Transaction& txn) {
      ASSERT_OK(stores.log.OpenRoom(txn, {.room = kRoom,
                                          .kind = 1,
                                          .creator = Eva().name.id(),
                                          .epoch = kEpoch}));
      ASSERT_OK(stores.groups.Put(txn, kRoom, {.epoch = kEpoch}));
      ASSERT_OK(stores.groups.AddMember(
          txn, kRoom, {.leaf = 0, .device = Eva().name.id()}));
    });
    process_.Start();
    EXPECT_TRUE(RelayClient(process_.address(), process_.pin())
                    .SetUp(process_.setup_code(), pki_, Eva())
                    .ok());
    relay_.Connect(Call({process_.pin()}));
  }

  const TestDevice& Eva() {
    return pki_.Device("ocu.authority/eva/desk", {cert::Role::kCoordinator});
  }
  ConnectCall Call(std::vector<cert::Pin> pins) {
    return {.address = process_.address(),
            .pins = std::move(pins),
            .identity =
                TransportIdentity{.transport = Eva().transport,
                                  .issuing = Eva().issuing,
                                  .key = Eva().transport_key.CloneSecret()}};
  }
  absl::StatusOr<LogSeq> Append(uint32_t n) {
    return core_.Await<LogSeq>([&](Done<LogSeq> done) {
      relay_.Append({.room = kRoom,
                     .envelope = IdOf<EnvelopeId>(n),
                     .epoch = kEpoch,
                     .sealed = Bytes(100, 1)},
                    std::move(done));
    });
  }
  // Until a connection is made anew.
  absl::StatusOr<LogSeq> AppendOnceItIsBack(uint32_t n) {
    absl::StatusOr<LogSeq> placed = absl::UnavailableError("");
    for (int tries = 0;
         tries < kTriesMax && absl::IsUnavailable(placed.status()); ++tries) {
      core_.Pause();
      placed = Append(n);
    }
    return placed;
  }
  absl::StatusOr<std::vector<FollowItem>> Read(FollowStream& stream) {
    return core_.Await<std::vector<FollowItem>>(
        [&](auto done) { stream.Read(std::move(done)); });
  }
  // Reads until `entries` more have come; their places.
  std::vector<uint64_t> Entries(FollowStream& stream, size_t entries) {
    std::vector<uint64_t> places;
    while (places.size() < entries) {
      const auto batch = Read(stream);
      EXPECT_OK(batch);
      if (!batch.ok()) break;
      for (const FollowItem& item : *batch) {
        const auto* entry = std::get_if<LogEntry>(&item);
        if (entry != nullptr) places.push_back(entry->seq.value);
      }
    }
    return places;
  }

  TestPki pki_;
  RelayProcess process_;
  TestCore core_;
  GrpcRelay relay_{&core_, kShort};
};

TEST_F(GrpcRelayTest, FollowGivesWhatIsThereAndWhatComes) {
  ASSERT_THAT(Append(1), IsOkAndHolds(LogSeq{1}));
  const std::unique_ptr<FollowStream> stream = relay_.Follow({});
  EXPECT_THAT(Entries(*stream, 1), ::testing::ElementsAre(1));

  ASSERT_THAT(Append(2), IsOkAndHolds(LogSeq{2}));
  EXPECT_THAT(Append(2), IsOkAndHolds(LogSeq{2})) << "the same envelope";
  ASSERT_THAT(Append(3), IsOkAndHolds(LogSeq{3}));

  EXPECT_THAT(Entries(*stream, 2), ::testing::ElementsAre(2, 3));
}

TEST_F(GrpcRelayTest, FileGoesUpAndComesDownInChunks) {
  const BlobId blob = IdOf<BlobId>(1);
  const Bytes chunk(kBlobWireChunkBytesMax, 9);
  {
    const std::unique_ptr<BlobUpload> upload = relay_.PutBlob(
        {.blob = blob, .room = kRoom, .size_bytes = 2 * chunk.size()});
    for (int n = 0; n < 2; ++n) {
      ASSERT_OK(core_.Await<Unit>(
          [&](Done<Unit> done) { upload->Write(chunk, std::move(done)); }));
    }
    EXPECT_THAT(core_.Await<Digest>([&](Done<Digest> done) {
      upload->Finish(std::move(done));
    }),
                IsOkAndHolds(Sha256(Bytes(2 * chunk.size(), 9))));
  }

  const std::unique_ptr<BlobDownload> download =
      relay_.GetBlob(blob, chunk.size());
  size_t got = 0;
  while (true) {
    const absl::StatusOr<Bytes> piece = core_.Await<Bytes>(
        [&](Done<Bytes> done) { download->Read(std::move(done)); });
    ASSERT_OK(piece);
    if (piece->empty()) break;
    got += piece->size();
  }
  EXPECT_EQ(got, chunk.size());
}

TEST_F(GrpcRelayTest, RelayThatWasRestartedIsFoundAgain) {
  ASSERT_THAT(Append(1), IsOkAndHolds(LogSeq{1}));
  const std::unique_ptr<FollowStream> stream = relay_.Follow({});
  EXPECT_THAT(Entries(*stream, 1), ::testing::ElementsAre(1));
  const std::string address = process_.address();

  process_.Kill();
  EXPECT_THAT(
      Read(*stream).status().code(),
      ::testing::AnyOf(absl::StatusCode::kUnavailable, absl::StatusCode::kOk));
  EXPECT_THAT(Append(2), StatusIs(absl::StatusCode::kUnavailable));
  process_.StartWith({"serve", "--data", process_.data(), "--listen", address});

  EXPECT_THAT(AppendOnceItIsBack(2), IsOkAndHolds(LogSeq{2}));
  const std::unique_ptr<FollowStream> again =
      relay_.Follow({.cursors = {{.room = kRoom, .seq = LogSeq{1}}}});
  EXPECT_THAT(Entries(*again, 1), ::testing::ElementsAre(2));
}

TEST_F(GrpcRelayTest, AnotherKeyThanThePinnedIsRefused) {
  const cert::Pin other = IdOf<cert::Pin>(5);
  relay_.Connect(Call({other}));
  EXPECT_THAT(Append(1), StatusIs(absl::StatusCode::kUnauthenticated));

  // The pin that is announced for later counts too.
  relay_.Connect(Call({other, process_.pin()}));
  EXPECT_THAT(Append(1), IsOkAndHolds(LogSeq{1}));
}

// Standard error is where people read their answers.
TEST_F(GrpcRelayTest, RefusedHandshakeIsAStatusAndNoLineOfGrpc) {
  relay_.Connect(Call({IdOf<cert::Pin>(5)}));

  QuietGrpc();
  ::testing::internal::CaptureStderr();
  EXPECT_THAT(Append(1), StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST_F(GrpcRelayTest, RelayThatDoesNotAnswerMeetsTheDeadline) {
  ASSERT_THAT(Append(1), IsOkAndHolds(LogSeq{1}));
  ASSERT_EQ(kill(process_.pid(), SIGSTOP), 0);
  int state = 0;  // it answers until it really stands
  ASSERT_EQ(waitpid(process_.pid(), &state, WUNTRACED), process_.pid());
  ASSERT_TRUE(WIFSTOPPED(state));

  EXPECT_THAT(Append(2), StatusIs(absl::StatusCode::kDeadlineExceeded));

  ASSERT_EQ(kill(process_.pid(), SIGCONT), 0);
  // Whether it was taken or not: the same envelope has one place.
  EXPECT_THAT(Append(2), IsOkAndHolds(LogSeq{2}));
}

TEST_F(GrpcRelayTest, BeforeConnectNothingIsSent) {
  GrpcRelay unconnected(&core_);

  EXPECT_THAT(core_.Await<RelayFacts>(
                  [&](auto done) { unconnected.Describe(std::move(done)); }),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace cordon::client
