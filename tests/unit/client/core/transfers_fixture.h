#ifndef CORDON_TESTS_UNIT_CLIENT_CORE_TRANSFERS_FIXTURE_H_
#define CORDON_TESTS_UNIT_CLIENT_CORE_TRANSFERS_FIXTURE_H_

// One device with two rooms at a relay in memory, a real vault, and the real
// file work in a folder of its own: what the tests of transfers, uploads and
// downloads stand on.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

#include "client/core/command/record.h"
#include "client/core/event.h"
#include "client/core/model/record.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core/timers.h"
#include "client/core/transfers.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/role.h"
#include "crypto/mls/credential.h"
#include "storage/vault/blob_store.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/fake_blobs.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_file_lane.h"
#include "tests/support/fake_relay.h"
#include "tests/support/ids.h"
#include "tests/support/mls_room.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"
#include "tests/support/test_pki.h"
#include "tests/support/vault_device.h"

namespace cordon::client {

inline const RoomId kRoom = testing::IdOf<RoomId>(1);
inline const RoomId kOther = testing::IdOf<RoomId>(2);
inline const RoomId kStrange =
    testing::IdOf<RoomId>(3);  // the relay has no such room
inline const vault::RecordName kRecord{.room = kRoom,
                                       .id = testing::IdOf<RecordId>(0xabc)};
inline constexpr uint64_t kCommand = 7;
// Ten chunks on the wire and a piece.
inline constexpr size_t kFileBytes = 10 * kBlobWireChunkBytesMax + 333;

// Every leaf is the one device of these tests.
class OneDevice final : public mls::CredentialChecker {
 public:
  explicit OneDevice(DeviceId device) : device_(device) {}
  absl::StatusOr<DeviceId> Identify(const mls::Credential& credential,
                                    ByteSpan signature_key,
                                    const mls::CheckAt& at) const override;
  absl::Status CheckSuccessor(const mls::Credential& old,
                              const mls::Credential& next) const override;
  absl::Status CheckLifetime(const mls::Lifetime& lifetime,
                             const mls::CheckAt& at) const override;

 private:
  const DeviceId device_;
};

class TransfersFixture : public ::testing::Test, public EventSink {
 protected:
  void SetUp() override {
    testing::BecomeDevice(*vault_, pki_, "fr.customs/alice/laptop",
                          {cert::Role::kOfficer});
    ASSERT_OK_AND_ASSIGN(const OwnDevice own, OwnDevice::Load(*vault_));
    checker_ = std::make_unique<OneDevice>(own.name().id());
    world_.clock = &clock_;
    world_.checker = checker_.get();
    relay_.Connect(own.Connection());
    for (const RoomId room : {kRoom, kOther}) ASSERT_OK(MakeRoom(room));
    Restart();
  }

  // A room at the relay, with this device alone in it.
  absl::Status MakeRoom(RoomId room);

  // A new core over the same vault and cache, as after a crash.
  void Restart() {
    tasks_.emplace();
    transfers_.reset();
    timers_.emplace(&clock_);
    transfers_.emplace(Parts{.vault = &*vault_,
                             .relay = &relay_,
                             .root_key = nullptr,
                             .files = &files_,
                             .clock = &clock_,
                             .random = &random_,
                             .events = this},
                       &*timers_);
  }

  void Emit(Event event) override {
    if (const auto* progress = std::get_if<Progress>(&event)) {
      progress_.push_back(*progress);
      if (on_progress_) on_progress_(*progress);
    } else if (auto* refused = std::get_if<RecordRefused>(&event)) {
      refused_.push_back(std::move(*refused));
    }
  }

  // Run gives the result of a flow; naps are slept through.
  template <typename T>
  T Run(Task<T> task) {
    std::optional<T> result;
    tasks_->Spawn(std::move(task),
                  [&result](T got) { result.emplace(std::move(got)); });
    relay_.Run();
    for (int naps = 0; !result.has_value() && naps < 20; ++naps) {
      clock_.Advance(absl::Minutes(1));
      timers_->Wake();
      relay_.Run();
    }
    tasks_->Reap();
    EXPECT_TRUE(result.has_value());
    return *std::move(result);
  }

  Bytes Content(size_t size = kFileBytes) { return RandomBytes(random_, size); }
  absl::StatusOr<Attachment> AttachOne(const std::string& name,
                                       ByteSpan content) {
    std::vector<FileToAttach> files;
    files.push_back({.path = files_.WriteSource(name, content)});
    CORDON_ASSIGN_OR_RETURN(
        std::vector<Attachment> sealed,
        Run(transfers_->Attach(std::move(files), kCommand)));
    return std::move(sealed.front());
  }
  // What Composer does: the record waits, with its files.
  absl::Status Enter(const Attachment& file, const vault::RecordName& record);
  // A file at the relay, no longer in this device's cache.
  absl::StatusOr<BlobId> PutAtRelay(const std::string& name, ByteSpan content) {
    CORDON_ASSIGN_OR_RETURN(const Attachment file, AttachOne(name, content));
    CORDON_RETURN_IF_ERROR(Enter(file, kRecord));
    CORDON_RETURN_IF_ERROR(Run(transfers_->Pump()));
    CORDON_RETURN_IF_ERROR(Forget(file.blob.id()));
    return file.blob.id();
  }
  absl::Status Forget(BlobId blob) {
    files_.Erase(blob, [](const absl::StatusOr<Unit>&) {});
    return vault_->Update([blob](vault::VaultTxn& txn) {
      return txn.blobs().SetTransfer(blob, vault::BlobState::kRemote, 0);
    });
  }
  absl::StatusOr<FilesWritten> Get(const std::string& record) {
    return Run(transfers_->Get({.record = record, .folder = Out()}, kCommand));
  }
  static std::string Digits(BlobId blob) { return ToHex(blob.span()); }
  std::string Out() const { return files_.Folder("out"); }
  testing::FakeBlobs::Blob& AtRelay(BlobId blob) {
    return world_.blobs.blobs.at(blob);
  }

  absl::StatusOr<vault::Blob> Row(BlobId blob) {
    return vault_.Read([blob](const vault::VaultTxn& txn) {
      return txn.blobs().GetBlob(blob);
    });
  }
  absl::StatusOr<uint64_t> Unsent() {
    return vault_.Read([](const vault::VaultTxn& txn) {
      return txn.blobs().CountUnsent(kRecord);
    });
  }
  absl::StatusOr<vault::OutboxRow> OutboxRow(const vault::RecordName& record) {
    return vault_.Read([&record](const vault::VaultTxn& txn) {
      return txn.outbox().Get(record);
    });
  }
  uint64_t CachedBlobs() {
    uint64_t count = 0;
    files_.List([&count](const absl::StatusOr<std::vector<BlobId>>& all) {
      count = all->size();
    });
    return count;
  }

  testing::TestPki pki_;
  testing::TempVault vault_;
  testing::FakeClock clock_;
  testing::SeededRandom random_{3};
  testing::MlsRoom mls_{/*seed=*/4};
  std::unique_ptr<OneDevice> checker_;
  testing::RelayWorld world_;
  testing::FakeRelay relay_{&world_};
  testing::FakeFileLane files_;
  std::vector<Progress> progress_;
  std::vector<RecordRefused> refused_;
  std::function<void(const Progress&)> on_progress_;
  std::optional<Timers> timers_;
  std::optional<Transfers> transfers_;
  std::optional<TaskSet> tasks_;
};

}  // namespace cordon::client

#endif  // CORDON_TESTS_UNIT_CLIENT_CORE_TRANSFERS_FIXTURE_H_
