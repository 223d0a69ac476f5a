// Ciphertext files at a real cordond over real TLS: who may, how much, what
// survives, what goes.

#include <grpcpp/support/status.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/random.h"
#include "crypto/cert/role.h"
#include "crypto/prim/hash.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/blob_client.h"
#include "tests/support/fake_clock.h"
#include "tests/support/grpc_matchers.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr RoomId kIntake({1});   // the coordinator, the rights holder
constexpr RoomId kLibrary({2});  // the coordinator, the officer
constexpr Epoch kEpoch{0};
constexpr size_t kMiB = size_t{1024} * 1024;

std::string RandomText(size_t size) {
  Bytes bytes(size);
  SystemRandom().Fill(MutableByteSpan(bytes));
  return ToString(bytes);
}

std::string NewId() {
  return ToString(BlobId::Random(SystemRandom()).span());
}

class BlobsTest : public ::testing::Test {
 protected:
  BlobsTest() : pki_(1, FakeClock(SystemClock().Now())) {
    relay_.Edit([this](relay::Stores& stores, sqlite::Transaction& txn) {
      OpenRoom(stores, txn, kIntake, Holder());
      OpenRoom(stores, txn, kLibrary, Officer());
    });
  }

  const TestDevice& Coordinator() {
    return pki_.Device("ocu.authority/eva/desk", {cert::Role::kCoordinator});
  }
  const TestDevice& Officer() {
    return pki_.Device("fr.customs/alice/laptop", {cert::Role::kOfficer});
  }
  const TestDevice& Holder() {
    return pki_.Device("brand.rightsholder/rita/pc");
  }

  void OpenRoom(relay::Stores& stores, sqlite::Transaction& txn,
                const RoomId& room, const TestDevice& other) {
    ASSERT_OK(stores.log.OpenRoom(txn, {.room = room,
                                        .kind = 1,
                                        .creator = Coordinator().name.id(),
                                        .epoch = kEpoch}));
    ASSERT_OK(stores.groups.Put(txn, room, {.epoch = kEpoch}));
    ASSERT_OK(stores.groups.AddMember(
        txn, room, {.leaf = 0, .device = Coordinator().name.id()}));
    ASSERT_OK(stores.groups.AddMember(txn, room,
                                      {.leaf = 1, .device = other.name.id()}));
  }
  void Start(const std::vector<std::string>& more = {}) {
    relay_.Start(more);
    ASSERT_THAT(RelayClient(relay_.address(), relay_.pin())
                    .SetUp(relay_.setup_code(), pki_, Coordinator()),
                HasCode(grpc::OK));
    for (const TestDevice* device : {&Officer(), &Holder()}) {
      ASSERT_THAT(
          RelayClient(relay_.address(), relay_.pin(), device).Enter(*device),
          HasCode(grpc::OK));
    }
  }
  BlobClient Connect(const TestDevice& device) { return {relay_, &device}; }

  // The names in the relay's folder of files.
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry :
         std::filesystem::directory_iterator(relay_.data() + "/blobs", error)) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
  uint64_t BytesOnDisk() const {
    uint64_t bytes = 0;
    std::error_code error;
    for (const std::string& name : Files()) {
      bytes +=
          std::filesystem::file_size(relay_.data() + "/blobs/" + name, error);
    }
    return bytes;
  }
  // Until what the relay does in its own time has happened; the test's timeout
  // is the limit.
  template <typename Condition>
  static void Await(Condition condition) {
    while (!condition()) std::this_thread::yield();
  }
  uint64_t Received(BlobClient& client, const std::string& blob) {
    wire::StatAnswer answer;
    EXPECT_THAT(client.Stat(blob, answer), HasCode(grpc::OK));
    return answer.received();
  }

  TestPki pki_;
  RelayProcess relay_;
};

TEST_F(BlobsTest, FileComesBackAsItWasSent) {
  Start();
  const std::string content = RandomText(3 * kMiB + 17);
  const std::string blob = NewId();
  BlobClient eva = Connect(Coordinator());
  BlobClient alice = Connect(Officer());
  std::string got;

  ASSERT_THAT(eva.Put(blob, kLibrary, content), HasCode(grpc::OK));
  EXPECT_EQ(AsBytes(eva.sha256()), ByteSpan(Sha256(AsBytes(content))));
  ASSERT_THAT(alice.Get(blob, got), HasCode(grpc::OK));
  EXPECT_TRUE(got == content);
  EXPECT_EQ(alice.size(), content.size());
  ASSERT_THAT(alice.Get(blob, got, kMiB), HasCode(grpc::OK));
  EXPECT_TRUE(got == content.substr(kMiB));
  ASSERT_THAT(alice.Get(blob, got, content.size()), HasCode(grpc::OK));
  EXPECT_EQ(got, "");
  EXPECT_THAT(alice.Get(blob, got, content.size() + 1),
              HasCode(grpc::INVALID_ARGUMENT));
}

TEST_F(BlobsTest, EmptyFileIsAFile) {
  Start();
  const std::string blob = NewId();
  BlobClient eva = Connect(Coordinator());
  std::string got = "x";

  ASSERT_THAT(eva.Put(blob, kLibrary, ""), HasCode(grpc::OK));
  EXPECT_EQ(AsBytes(eva.sha256()), ByteSpan(Sha256({})));
  EXPECT_THAT(eva.Get(blob, got), HasCode(grpc::OK));
  EXPECT_EQ(got, "");
}

TEST_F(BlobsTest, WholeFilePutAgainIsAnsweredAgain) {
  Start();
  const std::string content = RandomText(kMiB);
  const std::string blob = NewId();
  BlobClient eva = Connect(Coordinator());
  ASSERT_THAT(eva.Put(blob, kLibrary, content), HasCode(grpc::OK));
  const std::string hash = eva.sha256();

  EXPECT_THAT(eva.Put(blob, kLibrary, content), HasCode(grpc::OK));

  EXPECT_EQ(eva.sha256(), hash);
  EXPECT_THAT(Connect(Officer()).Put(blob, kLibrary, content),
              HasCode(grpc::ALREADY_EXISTS));
}

TEST_F(BlobsTest, BrokenUploadGoesOnWhereItStopped) {
  Start();
  const std::string content = RandomText(3 * kMiB);
  const std::string blob = NewId();
  BlobClient eva = Connect(Coordinator());
  const std::unique_ptr<Upload> broken =
      eva.Begin(BlobClient::StartOf(blob, kLibrary, content.size()));
  ASSERT_TRUE(broken->Send(absl::string_view(content).substr(0, kMiB)));
  // Bytes are noted when the stream ends; a reset drops what was not read yet.
  Await([this] { return BytesOnDisk() == kMiB; });
  broken->Break();
  wire::StatAnswer stat;
  Await([&] { return eva.Stat(blob, stat).ok() && stat.received() > 0; });
  EXPECT_FALSE(stat.whole());
  EXPECT_EQ(stat.size(), content.size());

  EXPECT_THAT(eva.Put(blob, kLibrary, content, stat.received()),
              HasCode(grpc::OK));

  EXPECT_EQ(AsBytes(eva.sha256()), ByteSpan(Sha256(AsBytes(content))));
  std::string got;
  EXPECT_THAT(Connect(Officer()).Get(blob, got), HasCode(grpc::OK));
  EXPECT_TRUE(got == content);
}

TEST_F(BlobsTest, UploadThatEndsEarlyIsToldAndKept) {
  Start();
  const std::string content = RandomText(2 * kMiB);
  const std::string blob = NewId();
  BlobClient eva = Connect(Coordinator());
  const std::unique_ptr<Upload> early =
      eva.Begin(BlobClient::StartOf(blob, kLibrary, content.size()));
  early->Send(absl::string_view(content).substr(0, kMiB));

  EXPECT_THAT(early->Finish(), HasCode(grpc::INVALID_ARGUMENT));

  EXPECT_EQ(Received(eva, blob), kMiB);
  std::string got;
  EXPECT_THAT(eva.Get(blob, got), HasCode(grpc::NOT_FOUND));
  relay_.Stop();
  relay_.Start();
  BlobClient again = Connect(Coordinator());
  EXPECT_EQ(Received(again, blob), kMiB);
  EXPECT_THAT(again.Put(blob, kLibrary, content, kMiB), HasCode(grpc::OK));
  EXPECT_EQ(AsBytes(again.sha256()), ByteSpan(Sha256(AsBytes(content))));
}

// Two streams of one upload: the second takes over, the first cannot harm it.
TEST_F(BlobsTest, SecondStreamTakesAnUploadOver) {
  Start();
  const std::string content = RandomText(2 * kMiB);
  const std::string other(2 * kMiB, 'x');
  const std::string blob = NewId();
  BlobClient eva = Connect(Coordinator());
  const std::unique_ptr<Upload> first =
      eva.Begin(BlobClient::StartOf(blob, kLibrary, content.size()));
  first->Send(absl::string_view(other).substr(0, kMiB));
  wire::StatAnswer stat;
  Await([&] { return eva.Stat(blob, stat).ok(); });

  EXPECT_THAT(eva.Put(blob, kLibrary, content), HasCode(grpc::OK));
  first->Send(absl::string_view(other).substr(kMiB));

  EXPECT_THAT(first->Finish(), HasCode(grpc::ABORTED));
  std::string got;
  EXPECT_THAT(eva.Get(blob, got), HasCode(grpc::OK));
  EXPECT_TRUE(got == content);
}

TEST_F(BlobsTest, WrongOffsetIsRefused) {
  Start();
  const std::string content = RandomText(kMiB);
  BlobClient eva = Connect(Coordinator());

  EXPECT_THAT(eva.Put(NewId(), kLibrary, content, 100),
              HasCode(grpc::FAILED_PRECONDITION));
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(BlobsTest, WhatIsOverALimitIsRefusedAndLeavesNothing) {
  Start({"--file-bytes-max", absl::StrCat(kMiB), "--room-file-bytes-max",
         absl::StrCat(3 * kMiB / 2)});
  BlobClient eva = Connect(Coordinator());
  const std::string large = NewId();
  const std::string third = NewId();
  wire::StatAnswer stat;

  EXPECT_THAT(eva.Put(large, kLibrary, RandomText(kMiB + 1)),
              HasCode(grpc::RESOURCE_EXHAUSTED));
  EXPECT_THAT(eva.Stat(large, stat), HasCode(grpc::NOT_FOUND));
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_THAT(eva.Put(NewId(), kLibrary, RandomText(kMiB)), HasCode(grpc::OK));
  EXPECT_THAT(eva.Put(third, kLibrary, RandomText(kMiB)),
              HasCode(grpc::RESOURCE_EXHAUSTED));
  EXPECT_THAT(eva.Stat(third, stat), HasCode(grpc::NOT_FOUND));
  EXPECT_THAT(Files(), SizeIs(1));
}

TEST_F(BlobsTest, MoreThanAnnouncedIsRefused) {
  Start();
  const std::string blob = NewId();
  BlobClient eva = Connect(Coordinator());
  const std::unique_ptr<Upload> upload =
      eva.Begin(BlobClient::StartOf(blob, kLibrary, 10));
  upload->Send("0123456789x");

  EXPECT_THAT(upload->Finish(), HasCode(grpc::INVALID_ARGUMENT));
  EXPECT_EQ(Received(eva, blob), 0);
}

TEST_F(BlobsTest, StrangerToItsRoomsFindsNoFile) {
  Start();
  const std::string blob = NewId();
  ASSERT_THAT(Connect(Coordinator()).Put(blob, kLibrary, "guide"),
              HasCode(grpc::OK));
  BlobClient rita = Connect(Holder());
  std::string got;
  wire::StatAnswer stat;

  EXPECT_THAT(rita.Get(blob, got), HasCode(grpc::NOT_FOUND));
  EXPECT_THAT(rita.Stat(blob, stat), HasCode(grpc::NOT_FOUND));
  EXPECT_THAT(rita.Hold(blob, kIntake), HasCode(grpc::NOT_FOUND));
  EXPECT_THAT(rita.Put(NewId(), kLibrary, "mine"),
              HasCode(grpc::PERMISSION_DENIED));
  EXPECT_THAT(rita.Forget(blob, kLibrary), HasCode(grpc::PERMISSION_DENIED));
  EXPECT_THAT(BlobClient(relay_, nullptr).Get(blob, got),
              HasCode(grpc::UNAUTHENTICATED));
}

// Flow B of the house: from an intake room to the library.
TEST_F(BlobsTest, HoldTakesAFileToAnotherRoom) {
  Start();
  const std::string content = RandomText(kMiB);
  const std::string blob = NewId();
  ASSERT_THAT(Connect(Holder()).Put(blob, kIntake, content), HasCode(grpc::OK));
  BlobClient alice = Connect(Officer());
  std::string got;
  EXPECT_THAT(alice.Get(blob, got), HasCode(grpc::NOT_FOUND));

  EXPECT_THAT(Connect(Holder()).Hold(blob, kLibrary),
              HasCode(grpc::PERMISSION_DENIED));
  EXPECT_THAT(Connect(Coordinator()).Hold(blob, kLibrary), HasCode(grpc::OK));
  EXPECT_THAT(Connect(Coordinator()).Hold(blob, kLibrary), HasCode(grpc::OK));

  EXPECT_THAT(alice.Get(blob, got), HasCode(grpc::OK));
  EXPECT_TRUE(got == content);
}

TEST_F(BlobsTest, ForgottenFileGoesAfterItsGraceTime) {
  Start({"--unheld-file-seconds", "0", "--file-sweep-seconds", "1"});
  const std::string blob = NewId();
  const std::string kept = NewId();
  BlobClient eva = Connect(Coordinator());
  ASSERT_THAT(eva.Put(blob, kLibrary, "guide"), HasCode(grpc::OK));
  ASSERT_THAT(eva.Put(kept, kLibrary, "another"), HasCode(grpc::OK));
  ASSERT_THAT(eva.Hold(blob, kIntake), HasCode(grpc::OK));

  EXPECT_THAT(Connect(Officer()).Forget(blob, kLibrary),
              HasCode(grpc::PERMISSION_DENIED));
  EXPECT_THAT(eva.Forget(blob, kLibrary), HasCode(grpc::OK));
  std::string got;
  EXPECT_THAT(Connect(Officer()).Get(blob, got), HasCode(grpc::NOT_FOUND));
  EXPECT_THAT(Connect(Holder()).Get(blob, got), HasCode(grpc::OK));
  EXPECT_THAT(eva.Forget(blob, kIntake), HasCode(grpc::OK));

  Await([this] { return Files().size() == 1; });
  EXPECT_THAT(eva.Get(kept, got), HasCode(grpc::OK));
  wire::StatAnswer stat;
  EXPECT_THAT(eva.Stat(blob, stat), HasCode(grpc::NOT_FOUND));
}

TEST_F(BlobsTest, DeadUploadIsSweptAndGivesItsRoomBack) {
  Start({"--stalled-upload-seconds", "0", "--file-sweep-seconds", "1",
         "--room-file-bytes-max", absl::StrCat(kMiB)});
  BlobClient eva = Connect(Coordinator());
  const std::unique_ptr<Upload> dead =
      eva.Begin(BlobClient::StartOf(NewId(), kLibrary, kMiB));
  dead->Send("some");
  dead->Break();

  Await([this] { return Files().empty(); });
  Await([&] {
    return Connect(Coordinator()).Put(NewId(), kLibrary, RandomText(kMiB)).ok();
  });
}

// A file without a row, as a power cut between the two leaves it.
TEST_F(BlobsTest, LeftoverIsRemovedAtStart) {
  Start();
  ASSERT_THAT(Connect(Coordinator()).Put(NewId(), kLibrary, "guide"),
              HasCode(grpc::OK));
  relay_.Stop();
  ASSERT_THAT(Files(), SizeIs(1));
  const std::string folder = relay_.data() + "/blobs/";
  std::filesystem::copy(folder + Files().front(),
                        folder + std::string(32, 'a') + ".part");

  relay_.Start();

  Await([this] { return Files().size() == 1; });
}

TEST_F(BlobsTest, KilledRelayResumesWhereItHadSynced) {
  Start();
  const std::string content = RandomText(24 * kMiB);
  const std::string blob = NewId();
  {
    BlobClient eva = Connect(Coordinator());
    const std::unique_ptr<Upload> upload =
        eva.Begin(BlobClient::StartOf(blob, kLibrary, content.size()));
    ASSERT_TRUE(upload->Send(absl::string_view(content).substr(0, 20 * kMiB)));
    wire::StatAnswer stat;
    Await([&] { return eva.Stat(blob, stat).ok() && stat.received() > 0; });
    relay_.Kill();
    EXPECT_THAT(upload->Finish(), HasCode(grpc::UNAVAILABLE));
  }
  relay_.Start();

  BlobClient eva = Connect(Coordinator());
  const uint64_t received = Received(eva, blob);
  EXPECT_GE(received, 8 * kMiB);
  ASSERT_THAT(eva.Put(blob, kLibrary, content, received), HasCode(grpc::OK));

  std::string got;
  EXPECT_THAT(Connect(Officer()).Get(blob, got), HasCode(grpc::OK));
  EXPECT_TRUE(got == content);
}

// What was answered OK is there, whatever happens to the process.
TEST_F(BlobsTest, KilledRelayHasEveryFileItAcknowledged) {
  Start();
  std::vector<std::string> acknowledged;
  for (int round = 0; round < 5; ++round) {
    const size_t target = Files().size() + 20;
    std::thread killer([this, target] {
      Await([this, target] { return Files().size() >= target; });
      relay_.Kill();
    });
    BlobClient eva = Connect(Coordinator());
    for (int n = 0; n < 1000; ++n) {
      const std::string blob = NewId();
      if (!eva.Put(blob, kLibrary, blob).ok()) break;
      acknowledged.push_back(blob);
    }
    killer.join();
    relay_.Start();
    BlobClient alice = Connect(Officer());
    for (const std::string& blob : acknowledged) {
      std::string got;
      ASSERT_THAT(alice.Get(blob, got), HasCode(grpc::OK));
      ASSERT_EQ(got, blob);
    }
  }
}

}  // namespace
}  // namespace cordon::testing
