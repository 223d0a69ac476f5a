// `cordond backup` and `restore` of a real relay.

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "cordon/wire/v1/blobs.grpc.pb.h"
#include "cordon/wire/v1/blobs.pb.h"
#include "cordon/wire/v1/delivery.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/role.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/fake_clock.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

constexpr RoomId kRoom({7});
constexpr Epoch kEpoch{3};
constexpr BlobId kBlob({9});

wire::AppendRequest Envelope(uint64_t n) {
  wire::AppendRequest request;
  request.set_room_id(ToString(kRoom.span()));
  std::string id(EnvelopeId::kBytes, '\1');
  for (size_t i = 0; i < 8; ++i) id[i] = static_cast<char>(n >> (8 * i));
  request.mutable_envelope()->set_envelope_id(id);
  request.mutable_envelope()->set_kind(wire::ENTRY_KIND_APPLICATION);
  request.mutable_envelope()->set_epoch(kEpoch.value);
  request.mutable_envelope()->set_sealed(absl::StrCat("n", n));
  return request;
}

class BackupTest : public ::testing::Test {
 protected:
  BackupTest() : pki_(1, FakeClock(SystemClock().Now())) {
    relay_.Edit([this](relay::Stores& stores, sqlite::Transaction& txn) {
      const DeviceId eva = Eva().name.id();
      ASSERT_OK(stores.log.OpenRoom(
          txn, {.room = kRoom, .kind = 1, .creator = eva, .epoch = kEpoch}));
      ASSERT_OK(stores.groups.Put(txn, kRoom, {.epoch = kEpoch}));
      ASSERT_OK(
          stores.groups.AddMember(txn, kRoom, {.leaf = 0, .device = eva}));
    });
    relay_.Start();
    EXPECT_TRUE(RelayClient(relay_.address(), relay_.pin())
                    .SetUp(relay_.setup_code(), pki_, Eva())
                    .ok());
  }
  const TestDevice& Eva() {
    return pki_.Device("ocu.authority/eva/desk", {cert::Role::kCoordinator});
  }
  std::unique_ptr<wire::Blobs::Stub> Files() {
    return wire::Blobs::NewStub(
        ConnectTo(relay_.address(), relay_.pin(), &Eva()));
  }
  void PutFile(const std::string& content) {
    grpc::ClientContext context;
    wire::PutAnswer answer;
    const std::unique_ptr<wire::Blobs::Stub> stub = Files();
    const std::unique_ptr<grpc::ClientWriter<wire::PutRequest>> writer =
        stub->Put(&context, &answer);
    wire::PutRequest request;
    request.mutable_start()->set_blob_id(ToString(kBlob.span()));
    request.mutable_start()->set_room_id(ToString(kRoom.span()));
    request.mutable_start()->set_size(content.size());
    writer->Write(request);
    request.set_chunk(content);
    writer->Write(request);
    writer->WritesDone();
    ASSERT_TRUE(writer->Finish().ok());
  }
  std::string GetFile() {
    wire::GetRequest request;
    request.set_blob_id(ToString(kBlob.span()));
    grpc::ClientContext context;
    const std::unique_ptr<wire::Blobs::Stub> stub = Files();
    const std::unique_ptr<grpc::ClientReader<wire::GetAnswer>> reader =
        stub->Get(&context, request);
    std::string content;
    wire::GetAnswer answer;
    while (reader->Read(&answer)) content += answer.chunk();
    EXPECT_TRUE(reader->Finish().ok());
    return content;
  }
  std::vector<wire::LogEntry> Log() {
    return RelayClient(relay_.address(), relay_.pin(), &Eva())
        .Follow()
        .ReadBacklog();
  }
  int BackUp(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"backup", to_, "--data", relay_.data()};
    words.insert(words.end(), more.begin(), more.end());
    return RunCordond(words).exit_code;
  }
  int Restore(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"restore", to_, "--data", restored_};
    words.insert(words.end(), more.begin(), more.end());
    return RunCordond(words).exit_code;
  }
  // From here on the restored folder is served.
  void StartRestored(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"serve", "--data", restored_, "--listen",
                                      "127.0.0.1:0"};
    words.insert(words.end(), more.begin(), more.end());
    relay_.StartWith(words);
  }

  TempFolder folder_;
  const std::string to_ = folder_.File("monday");
  const std::string restored_ = folder_.File("restored");
  TestPki pki_;
  RelayProcess relay_;
};

// Made while everybody works, it has whatever was acknowledged before.
TEST_F(BackupTest, BackupOfARunningRelayHasWhatWasAcknowledgedBefore) {
  PutFile("sealed guide");
  std::atomic<uint64_t> acknowledged{0};
  std::atomic<bool> stop{false};
  std::thread writer([this, &acknowledged, &stop] {
    RelayClient eva(relay_.address(), relay_.pin(), &Eva());
    uint64_t seq = 0;
    while (!stop && eva.Append(Envelope(acknowledged + 1), seq).ok()) {
      ++acknowledged;
    }
  });
  while (acknowledged < 50) std::this_thread::yield();
  const uint64_t before = acknowledged;

  EXPECT_EQ(BackUp({"--with-key"}), 0);

  stop = true;
  writer.join();
  relay_.Kill();
  ASSERT_EQ(Restore(), 0);
  StartRestored();
  const std::vector<wire::LogEntry> log = Log();
  ASSERT_GE(log.size(), before);
  for (size_t i = 0; i < log.size(); ++i) {
    ASSERT_EQ(log[i].seq(), i + 1);
    ASSERT_EQ(log[i].sealed(), absl::StrCat("n", i + 1));
  }
  EXPECT_EQ(GetFile(), "sealed guide");
}

TEST_F(BackupTest, StoppedRelayIsBackedUpAndItsKeyStaysOutside) {
  PutFile("sealed guide");
  ASSERT_EQ(relay_.Stop(), 0);
  const std::string key = relay_.data() + "/database.key";

  ASSERT_EQ(BackUp(), 0);

  EXPECT_FALSE(std::filesystem::exists(to_ + "/database.key"));
  EXPECT_EQ(Restore(), 1);
  EXPECT_FALSE(std::filesystem::exists(restored_ + "/relay.db"));
  ASSERT_EQ(Restore({"--key-file", key}), 0);
  StartRestored({"--key-file", key});
  EXPECT_EQ(GetFile(), "sealed guide");
}

TEST_F(BackupTest, NothingIsOverwritten) {
  ASSERT_EQ(BackUp({"--with-key"}), 0);
  EXPECT_EQ(BackUp({"--with-key"}), 1);
  ASSERT_EQ(Restore(), 0);
  EXPECT_EQ(Restore(), 1);
  EXPECT_FALSE(std::filesystem::exists(to_ + ".part"));
}

TEST_F(BackupTest, DamagedBackupMakesNoRelay) {
  PutFile("sealed guide");
  ASSERT_EQ(BackUp({"--with-key"}), 0);
  const std::string file = to_ + "/blobs/" + ToHex(kBlob.span());
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary) << "S";

  EXPECT_EQ(Restore(), 1);

  EXPECT_FALSE(std::filesystem::exists(restored_ + "/relay.db"));
  EXPECT_FALSE(std::filesystem::exists(restored_ + "/blobs"));
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary) << "s";
  EXPECT_EQ(Restore(), 0);
}

TEST_F(BackupTest, KeyOfAnotherRelayIsRefused) {
  ASSERT_EQ(BackUp(), 0);
  const std::string other = folder_.File("other.key");
  std::ofstream(other) << std::string(32, 'x');

  EXPECT_EQ(Restore({"--key-file", other}), 1);

  EXPECT_FALSE(std::filesystem::exists(restored_ + "/relay.db"));
}

}  // namespace
}  // namespace cordon::testing
