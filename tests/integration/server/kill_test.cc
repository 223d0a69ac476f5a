// kill -9 of a real cordond at seeded moments, while devices append and upload
// as fast as they can, again and again on one folder. Whatever was answered, or
// was sent to a follower, is there once, at its place, and stays there.

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "cordon/wire/v1/blobs.pb.h"
#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/role.h"
#include "crypto/log/chain_hash.h"
#include "crypto/prim/hash.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/blob_client.h"
#include "tests/support/fake_clock.h"
#include "tests/support/grpc_matchers.h"
#include "tests/support/kill_moment.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

constexpr RoomId kRoom({7});
constexpr Epoch kEpoch{3};
constexpr int kMoments = 200;
constexpr uint64_t kStepsMax = 80;  // a burst: some 20 appends, 3 pieces
constexpr size_t kEnvelopeBytes = 1024;
constexpr size_t kPieceBytes = size_t{48} * 1024;
constexpr uint64_t kFileBytesAtMost = uint64_t{160} * 1024;
constexpr std::array<absl::string_view, 3> kSenders = {
    "fr.customs/alice/laptop", "fr.customs/bruno/laptop",
    "fr.customs/dora/laptop"};
constexpr absl::string_view kUploader = "fr.customs/ugo/laptop";
constexpr absl::string_view kReader = "ocu.authority/eva/desk";

std::string RandomText(SeededRandom& random, size_t size) {
  Bytes bytes(size);
  random.Fill(MutableByteSpan(bytes));
  return ToString(bytes);
}

// An envelope, and the place that the relay answered; 0: no answer yet.
struct Sent {
  std::string id;
  std::string sealed;
  uint64_t seq = 0;
};

// One device that appends.
class Sender {
 public:
  Sender(const TestDevice* device, uint64_t seed)
      : device_(device), random_(seed) {}

  // Burst begins with what was not answered, and goes on until the relay is
  // gone.
  void Burst(const RelayProcess& relay, KillMoment& moment) {
    RelayClient client(relay.address(), relay.pin(), device_);
    while (Finish(client)) {
      moment.Step();
      sent_.push_back({.id = RandomText(random_, EnvelopeId::kBytes),
                       .sealed = RandomText(random_, kEnvelopeBytes)});
      moment.Step();
    }
  }
  // Finish has the newest envelope answered; false if the relay is gone.
  bool Finish(RelayClient& client) {
    if (sent_.empty() || sent_.back().seq != 0) return true;
    wire::AppendRequest request;
    request.set_room_id(ToString(kRoom.span()));
    wire::Envelope& envelope = *request.mutable_envelope();
    envelope.set_envelope_id(sent_.back().id);
    envelope.set_kind(wire::ENTRY_KIND_APPLICATION);
    envelope.set_epoch(kEpoch.value);
    envelope.set_sealed(sent_.back().sealed);
    uint64_t seq = 0;
    const grpc::Status status = client.Append(request, seq);
    if (status.ok()) sent_.back().seq = seq;
    EXPECT_TRUE(status.ok() || status.error_code() == grpc::UNAVAILABLE)
        << status.error_message();
    return status.ok();
  }

  const TestDevice* device() const { return device_; }
  const std::vector<Sent>& sent() const { return sent_; }

 private:
  const TestDevice* const device_;
  SeededRandom random_;
  std::vector<Sent> sent_;
};

// A file, and how much of it the relay said to have.
struct Uploaded {
  std::string id;
  std::string content;
  uint64_t received = 0;
  bool whole = false;
};

// One device that uploads files in pieces, each in a call of its own, so that
// every piece is acknowledged.
class Uploader {
 public:
  Uploader(const TestDevice* device, uint64_t seed)
      : device_(device), random_(seed) {}

  void Burst(const RelayProcess& relay, KillMoment& moment) {
    BlobClient client(relay, device_);
    while (true) {
      if (files_.empty() || files_.back().whole) {
        files_.push_back({.id = RandomText(random_, BlobId::kBytes),
                          .content = RandomText(
                              random_, 1 + random_.Below(kFileBytesAtMost))});
      }
      moment.Step();
      if (!SendPiece(client, files_.back())) return;
      moment.Step();
    }
  }

  // What was acknowledged is still there; the place to go on from is the
  // relay's, which may have synced more than it could say.
  void CheckNewest(BlobClient& client) {
    if (files_.empty()) return;
    Uploaded& file = files_.back();
    wire::StatAnswer stat;
    const grpc::Status status = client.Stat(file.id, stat);
    if (status.error_code() == grpc::NOT_FOUND && file.received == 0) return;
    ASSERT_THAT(status, HasCode(grpc::OK));
    EXPECT_GE(stat.received(), file.received);
    EXPECT_TRUE(stat.whole() || !file.whole);
    file.received = stat.received();
  }
  static void CheckWhole(BlobClient& client, const Uploaded& file) {
    std::string got;
    ASSERT_THAT(client.Get(file.id, got), HasCode(grpc::OK));
    EXPECT_TRUE(got == file.content);
  }

  const TestDevice* device() const { return device_; }
  const std::vector<Uploaded>& files() const { return files_; }

 private:
  bool SendPiece(BlobClient& client, Uploaded& file) {
    const std::unique_ptr<Upload> upload = client.Begin(BlobClient::StartOf(
        file.id, kRoom, file.content.size(), file.received));
    upload->Send(
        absl::string_view(file.content).substr(file.received, kPieceBytes));
    const grpc::Status status = upload->Finish();
    if (status.ok()) {
      EXPECT_EQ(AsBytes(upload->sha256()),
                ByteSpan(Sha256(AsBytes(file.content))));
      file.received = file.content.size();
      file.whole = true;
      return true;
    }
    // It ended before the file did: told, and kept.
    if (status.error_code() != grpc::INVALID_ARGUMENT) return false;
    wire::StatAnswer stat;
    if (!client.Stat(file.id, stat).ok()) return false;
    EXPECT_GE(stat.received(), file.received + 1);
    file.received = stat.received();
    return true;
  }

  const TestDevice* const device_;
  SeededRandom random_;
  std::vector<Uploaded> files_;
};

// A room's log as one reader has it: every entry chained to those before.
class ReadLog {
 public:
  // ReadOn takes what is new and compares the relay's head with ours.
  void ReadOn(RelayClient& client) {
    wire::BackfillAnswer page;
    do {
      wire::BackfillRequest request;
      request.set_room_id(ToString(kRoom.span()));
      request.set_after(head_.seq.value);
      request.set_entries_max(256);
      grpc::ClientContext context;
      page.Clear();
      ASSERT_THAT(client.delivery().Backfill(&context, request, &page),
                  HasCode(grpc::OK));
      for (const wire::LogEntry& entry : page.entries()) {
        ASSERT_NO_FATAL_FAILURE(Take(entry));
      }
    } while (!page.entries().empty());
    EXPECT_EQ(page.head().seq(), head_.seq.value);
    EXPECT_EQ(AsBytes(page.head().chain_hash()), head_.hash.span());
  }

  uint64_t end() const { return head_.seq.value; }
  // HasAt: this envelope, with these bytes, lies there and nowhere else.
  bool HasAt(uint64_t seq, const Sent& sent) const {
    const auto found = places_.find(sent.id);
    return found != places_.end() && found->second.first == seq &&
           found->second.second == Sha256(AsBytes(sent.sealed));
  }
  bool HasIdAt(uint64_t seq, const std::string& id) const {
    const auto found = places_.find(id);
    return found != places_.end() && found->second.first == seq;
  }
  size_t size() const { return places_.size(); }

 private:
  void Take(const wire::LogEntry& entry) {
    ASSERT_EQ(entry.seq(), head_.seq.value + 1);
    ASSERT_EQ(entry.kind(), wire::ENTRY_KIND_APPLICATION);
    const auto author = DeviceId::Parse(AsBytes(entry.author()));
    const auto envelope = EnvelopeId::Parse(AsBytes(entry.envelope_id()));
    ASSERT_OK(author);
    ASSERT_OK(envelope);
    const Digest digest = Sha256(AsBytes(entry.sealed()));
    head_ = ChainNext(head_, {.seq = LogSeq{entry.seq()},
                              .kind = EntryKind::kApplication,
                              .epoch = Epoch{entry.epoch()},
                              .author = *author,
                              .envelope_id = *envelope,
                              .sealed_digest = digest});
    EXPECT_TRUE(
        places_.emplace(entry.envelope_id(), std::pair(entry.seq(), digest))
            .second)
        << "twice in the log";
  }

  RoomHead head_ = ChainStart(kRoom);
  std::map<std::string, std::pair<uint64_t, Digest>> places_;
};

class RelayKillTest : public ::testing::Test {
 protected:
  RelayKillTest()
      : series_(KillSeries::FromEnvironment(kMoments)),
        pki_(1, FakeClock(SystemClock().Now())),
        uploader_(&Device(kUploader), series_.seed + 100) {
    for (const absl::string_view name : kSenders) {
      senders_.emplace_back(&Device(name), series_.seed + senders_.size());
    }
  }

  const TestDevice& Device(absl::string_view name) {
    return pki_.Device(name, {name == kReader ? cert::Role::kCoordinator
                                              : cert::Role::kOfficer});
  }
  void SetUpRelay() {
    relay_.Edit([this](relay::Stores& stores, sqlite::Transaction& txn) {
      ASSERT_OK(stores.log.OpenRoom(txn, {.room = kRoom,
                                          .kind = 1,
                                          .creator = Device(kReader).name.id(),
                                          .epoch = kEpoch}));
      ASSERT_OK(stores.groups.Put(txn, kRoom, {.epoch = kEpoch}));
      uint32_t leaf = 0;
      for (const TestDevice* device : Everybody()) {
        ASSERT_OK(stores.groups.AddMember(
            txn, kRoom, {.leaf = leaf++, .device = device->name.id()}));
      }
    });
    relay_.Start();
    ASSERT_THAT(RelayClient(relay_.address(), relay_.pin())
                    .SetUp(relay_.setup_code(), pki_, Device(kReader)),
                HasCode(grpc::OK));
    for (const TestDevice* device : Everybody()) {
      if (device == &Device(kReader)) continue;
      ASSERT_THAT(
          RelayClient(relay_.address(), relay_.pin(), device).Enter(*device),
          HasCode(grpc::OK));
    }
  }
  std::vector<const TestDevice*> Everybody() {
    std::vector<const TestDevice*> all = {&Device(kReader), &Device(kUploader)};
    for (const absl::string_view name : kSenders) all.push_back(&Device(name));
    return all;
  }

  // Everybody is busy until the relay is killed in the midst of it.
  void BurstAndKill(uint64_t seed) {
    SeededRandom random(seed);
    KillMoment moment(random, {.steps_max = kStepsMax});
    std::vector<std::thread> threads;
    for (Sender& sender : senders_) {
      threads.emplace_back([&] { sender.Burst(relay_, moment); });
    }
    threads.emplace_back([&] { uploader_.Burst(relay_, moment); });
    threads.emplace_back([this] { FollowToTheEnd(); });
    moment.Await();
    relay_.Kill();
    for (std::thread& thread : threads) thread.join();
  }
  // Notes what a follower was sent: it may tell a person at once.
  void FollowToTheEnd() {
    RelayClient client(relay_.address(), relay_.pin(), &Device(kReader));
    wire::FollowRequest request;
    wire::Cursor& cursor = *request.add_cursors();
    cursor.set_room_id(ToString(kRoom.span()));
    cursor.set_seq(log_.end());
    FollowStream stream = client.Follow(request);
    wire::FollowItem item;
    while (stream.Next(item)) {
      if (!item.has_entry()) continue;
      followed_[item.entry().seq()] = item.entry().envelope_id();
    }
  }

  void CheckKept() {
    RelayClient reader(relay_.address(), relay_.pin(), &Device(kReader));
    ASSERT_NO_FATAL_FAILURE(log_.ReadOn(reader));
    for (const Sender& sender : senders_) CheckSent(sender, log_);
    for (const auto& [seq, id] : followed_) {
      EXPECT_TRUE(log_.HasIdAt(seq, id)) << "a follower was sent " << seq;
    }
    BlobClient files(relay_, uploader_.device());
    uploader_.CheckNewest(files);
    for (; files_checked_ < uploader_.files().size(); ++files_checked_) {
      const Uploaded& file = uploader_.files()[files_checked_];
      if (!file.whole) break;
      Uploader::CheckWhole(files, file);
    }
  }
  static void CheckSent(const Sender& sender, const ReadLog& log) {
    uint64_t last = 0;
    for (const Sent& sent : sender.sent()) {
      if (sent.seq == 0) continue;
      EXPECT_TRUE(log.HasAt(sent.seq, sent)) << "answered: " << sent.seq;
      EXPECT_GT(sent.seq, last) << "in the order of sending";
      last = sent.seq;
    }
  }

  const KillSeries series_;
  TestPki pki_;
  RelayProcess relay_;
  std::vector<Sender> senders_;
  Uploader uploader_;
  ReadLog log_;
  std::map<uint64_t, std::string> followed_;
  size_t files_checked_ = 0;
};

TEST_F(RelayKillTest, WhatWasAcknowledgedIsThereOnceAtEveryMoment) {
  std::cout << "moments from seed " << series_.seed << '\n';
  ASSERT_NO_FATAL_FAILURE(SetUpRelay());
  for (int n = 0; n < series_.moments; ++n) {
    SCOPED_TRACE(series_.Repeat(n));
    ASSERT_NO_FATAL_FAILURE(BurstAndKill(series_.SeedOf(n)));
    relay_.Start();
    ASSERT_NO_FATAL_FAILURE(CheckKept());
    ASSERT_FALSE(HasFailure());
  }

  // What was never answered is sent again, and nothing was answered twice.
  size_t sent = 0;
  for (Sender& sender : senders_) {
    RelayClient client(relay_.address(), relay_.pin(), sender.device());
    EXPECT_TRUE(sender.Finish(client));
    sent += sender.sent().size();
  }
  ReadLog whole;
  RelayClient reader(relay_.address(), relay_.pin(), &Device(kReader));
  ASSERT_NO_FATAL_FAILURE(whole.ReadOn(reader));
  EXPECT_EQ(whole.size(), sent);
  for (const Sender& sender : senders_) CheckSent(sender, whole);
  BlobClient files(relay_, uploader_.device());
  for (const Uploaded& file : uploader_.files()) {
    if (file.whole) Uploader::CheckWhole(files, file);
  }
  RecordProperty("envelopes", static_cast<int>(sent));
  std::cout << sent << " envelopes, " << uploader_.files().size() << " files, "
            << followed_.size() << " followed\n";
}

}  // namespace
}  // namespace cordon::testing
