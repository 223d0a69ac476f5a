// What the relay promises about rooms and files, on a disk that stops after
// every single change (relay_faults.h).

#include "tests/integration/relay_faults.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/hash.h"
#include "server/core/append_input.h"
#include "server/core/blob_transfer.h"
#include "server/core/blobs.h"
#include "server/core/caller.h"
#include "server/core/delivery.h"
#include "server/core/handshake_check.h"
#include "server/core/room_info_check.h"
#include "storage/blobs/blob_files.h"
#include "storage/relay/group_store.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/ids.h"
#include "tests/support/relay_rooms.h"
#include "tests/support/room_device.h"
#include "tests/support/status_matchers.h"

namespace cordon::server {
namespace {

using ::cordon::testing::AddOf;
using ::cordon::testing::FaultyFileSystem;
using ::cordon::testing::IdOf;
using ::cordon::testing::RelayRooms;
using ::cordon::testing::RoomDevice;

constexpr size_t kPieceBytes = 9000;

TEST_F(RelayFaultsTest, AppendIsSyncedBeforeItsAnswer) {
  uint32_t tries = 0;
  const auto append = [&] {
    AppendInput input{.room = kRoom,
                      .envelope_id = IdOf<EnvelopeId>(++tries),
                      .kind = EntryKind::kApplication,
                      .epoch = Epoch{1},
                      .sealed = Bytes(kPieceBytes, 7)};
    Delivery delivery({.stores = &*relay_.store(), .rooms = &relay_.log()});
    return Ask([&](sqlite::Transaction& txn) {
      return delivery.Append(txn, RelayRooms::CallerOf(alice_), input).status();
    });
  };

  StopEverywhere(append, [&](bool answered) {
    const size_t found = CountOf(IdOf<EnvelopeId>(tries));
    EXPECT_LE(found, 1U);
    EXPECT_TRUE(found == 1 || !answered);
    // What was answered in earlier rounds stays.
    EXPECT_LE(relay_.Log(kRoom).size(), tries + 1);
  });
}

TEST_F(RelayFaultsTest, CommitWithItsWelcomeIsSyncedBeforeItsAnswer) {
  const AppendInput commit = eva_.Commit({AddOf(bruno_)});
  const auto append = [&]() -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(CheckedHandshake checked,
                            relay_.Check(eva_, commit));
    return Ask([&](sqlite::Transaction& txn) {
      return relay_.handshakes()
          .Finish(txn, RelayRooms::CallerOf(eva_), std::move(checked))
          .status();
    });
  };

  StopEverywhere(append, [&](bool answered) {
    const bool there = CountOf(commit.envelope_id) == 1;
    EXPECT_TRUE(there || !answered);
    // The epoch and the newcomer's inbox go with it, or not at all.
    EXPECT_EQ(relay_.Room(kRoom).epoch, Epoch{there ? 2U : 1U});
    EXPECT_EQ(*relay_.store()->inboxes.Count(bruno_.id()), there ? 1U : 0U);
  });
  relay_.JoinBy(bruno_);
}

TEST_F(RelayFaultsTest, NewRoomIsSyncedBeforeItsAnswer) {
  uint32_t tries = 100;
  RoomId room;
  const auto create = [&]() -> absl::Status {
    room = IdOf<RoomId>(++tries);
    RoomDevice maker(&eva_.device(), &pki_);
    const policy::RoomPolicy policy =
        policy::PolicyFor(policy::RoomKind::kChannel, OperationId({5}));
    const Caller eva = RelayRooms::CallerOf(eva_);
    CORDON_ASSIGN_OR_RETURN(
        NewRoomTask task,
        relay_.rooms().BeginCreate(
            eva, room,
            maker.Create(room,
                         policy::RoomExtensions(policy, relay_.relay_key()))));
    CORDON_ASSIGN_OR_RETURN(const CheckedRoom checked,
                            CheckNewRoom(std::move(task)));
    return Ask([&](sqlite::Transaction& txn) {
      return relay_.rooms().FinishCreate(txn, eva, checked);
    });
  };

  StopEverywhere(create, [&](bool answered) {
    const bool there = relay_.store()->log.FindRoom(room).ok();
    EXPECT_TRUE(there || !answered);
    // The room and its maker's membership, or neither.
    ASSERT_OK_AND_ASSIGN(const std::vector<relay::Membership> memberships,
                         relay_.store()->groups.RoomsOf(eva_.id()));
    EXPECT_EQ(absl::c_any_of(
                  memberships,
                  [&](const relay::Membership& m) { return m.room == room; }),
              there);
  });
}

// Of files: the bytes are synced before the row says so, and the row before the
// sender is told. One disk under both, as on a machine.
class BlobFaultsTest : public RelayFaultsTest {
 protected:
  // What stands in memory is made anew after a power cut.
  struct Parts {
    explicit Parts(BlobFaultsTest& test)
        : file_system(&test.disk()),
          files(*blobs::BlobFiles::Open(&file_system, "blobs")),
          blobs({.stores = &*test.relay_.store(),
                 .files = &files,
                 .clock = &test.pki_.clock()},
                {}) {}

    FaultyFileSystem file_system;
    blobs::BlobFiles files;
    Blobs blobs;
  };

  // One piece of the file, from where the relay says; what it acknowledges is
  // noted.
  absl::Status SendPiece(const BlobId& blob) {
    Parts parts(*this);
    const Caller caller = RelayRooms::CallerOf(alice_);
    absl::StatusOr<BlobProgress> known = parts.blobs.Stat(caller, blob);
    const uint64_t from = known.ok() ? known->received_bytes : 0;
    std::optional<PutStart> start;
    CORDON_RETURN_IF_ERROR(Ask([&](sqlite::Transaction& txn) -> absl::Status {
      CORDON_ASSIGN_OR_RETURN(
          start, parts.blobs.BeginPut(txn, caller,
                                      {.blob = blob,
                                       .room = kRoom,
                                       .size_bytes = content_.size(),
                                       .offset = from}));
      return absl::OkStatus();
    }));
    if (start->whole.has_value()) return absl::OkStatus();
    CORDON_ASSIGN_OR_RETURN(const bool whole, start->upload->Open());
    if (!whole) {
      CORDON_RETURN_IF_ERROR(
          start->upload->Append(ByteSpan(content_).subspan(from, kPieceBytes)));
    }
    if (whole || from + kPieceBytes >= content_.size()) {
      CORDON_ASSIGN_OR_RETURN(const BlobHash hash, start->upload->Finish());
      return Ask([&](sqlite::Transaction& txn) {
        return parts.blobs.Complete(txn, caller, *start->upload, hash);
      });
    }
    CORDON_ASSIGN_OR_RETURN(const uint64_t synced, start->upload->Sync());
    const absl::Status noted = Ask([&](sqlite::Transaction& txn) {
      return parts.blobs.Advance(txn, caller, *start->upload, synced);
    });
    if (noted.ok()) acknowledged_ = synced;
    return noted;
  }

  const Bytes content_ = Bytes(2 * kPieceBytes, 5);
  uint64_t acknowledged_ = 0;
};

TEST_F(BlobFaultsTest, EveryPieceIsSyncedBeforeItsAnswer) {
  uint32_t tries = 0;
  BlobId blob;
  const Caller caller = RelayRooms::CallerOf(alice_);
  const auto send_all = [&]() -> absl::Status {
    blob = IdOf<BlobId>(++tries);
    acknowledged_ = 0;
    CORDON_RETURN_IF_ERROR(SendPiece(blob));
    return SendPiece(blob);
  };

  StopEverywhere(send_all, [&](bool answered) {
    Parts parts(*this);
    const absl::StatusOr<BlobProgress> stat = parts.blobs.Stat(caller, blob);
    if (!stat.ok()) {
      EXPECT_EQ(acknowledged_, 0);
      return;
    }
    EXPECT_GE(stat->received_bytes, acknowledged_);
    EXPECT_TRUE(stat->whole || !answered);
    ASSERT_OK_AND_ASSIGN(const uint64_t here, parts.files.BytesHere(blob));
    EXPECT_GE(here, stat->received_bytes) << "said, and not there";
    if (!stat->whole) return;
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<BlobDownload> download,
                         parts.blobs.BeginGet(caller, blob));
    ASSERT_OK_AND_ASSIGN(const Bytes got, download->Read(0, content_.size()));
    EXPECT_TRUE(got == content_);
  });
}

}  // namespace
}  // namespace cordon::server
