// The relay's promises on a disk that stops after every single change: nothing
// is answered before everything it promises is synced, and after a power cut
// whatever was answered is there, once. The real lane, core and stores; no
// network.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/role.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/hash.h"
#include "server/core/append_input.h"
#include "server/core/blob_transfer.h"
#include "server/core/blobs.h"
#include "server/core/caller.h"
#include "server/core/delivery.h"
#include "server/core/enrolment.h"
#include "server/core/fanout.h"
#include "server/core/follow_item.h"
#include "server/core/handshake_check.h"
#include "server/core/publications.h"
#include "server/lane.h"
#include "storage/blobs/blob_files.h"
#include "storage/relay/delivery_log.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/faulty_files.h"
#include "tests/support/ids.h"
#include "tests/support/notification.h"
#include "tests/support/relay_rooms.h"
#include "tests/support/room_device.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::server {
namespace {

using cert::Role;
using ::cordon::testing::AddOf;
using ::cordon::testing::FaultyFiles;
using ::cordon::testing::FaultyFileSystem;
using ::cordon::testing::IdOf;
using ::cordon::testing::Notification;
using ::cordon::testing::RelayRooms;
using ::cordon::testing::RoomDevice;
using ::cordon::testing::TestPki;

constexpr RoomId kRoom({7});
constexpr uint64_t kChangesMax = 200;
constexpr size_t kPieceBytes = 9000;

struct NoItem final : EncodedItem {
  size_t size_bytes() const override { return 1; }
};
struct NoEncoder final : ItemEncoder {
  SharedItem Encode(const FollowItem&) const override {
    return std::make_shared<NoItem>();
  }
  SharedItem EncodeEntry(const LogEntry&) const override {
    return std::make_shared<NoItem>();
  }
};

class RelayFaultsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    relay_.OpenRoom(
        kRoom, policy::PolicyFor(policy::RoomKind::kAlerts, OperationId({5})),
        eva_, {&alice_});
  }
  FaultyFiles& disk() { return relay_.store().disk(); }

  // Ask runs a step on a lane and gives what it answered. At that moment there
  // is nothing on the disk that a power cut would take.
  absl::Status Ask(Lane::Step step) {
    absl::Status outcome;
    bool unsynced = true;
    Notification answered;
    Lane lane(
        {.db = &relay_.store().db(),
         .publications = &publications_,
         .fanout = &fanout_,
         .on_step_end = [this](bool kept) { EXPECT_OK(relay_.EndStep(kept)); },
         // Memory follows with the restart.
         .on_batch_lost = [](const absl::Status&) {}},
        {});
    CORDON_RETURN_IF_ERROR(
        lane.Post(std::move(step), [&](const absl::Status& status) {
          outcome = status;
          unsynced = disk().has_unsynced();
          answered.Notify();
        }));
    answered.WaitForNotification();
    if (outcome.ok()) {
      EXPECT_FALSE(unsynced) << "answered before the sync";
    }
    return outcome;
  }

  // Stops the disk after each change that `promise` makes, until it makes them
  // all. After every power cut `check` is told whether it was answered OK.
  void StopEverywhere(absl::FunctionRef<absl::Status()> promise,
                      absl::FunctionRef<void(bool answered)> check) {
    for (uint64_t changes = 0; changes < kChangesMax; ++changes) {
      SCOPED_TRACE(changes);
      disk().StopAfter(changes);
      const bool answered = promise().ok();
      const bool stopped = disk().stopped();
      relay_.Restart();
      check(answered);
      if (HasFailure()) return;
      if (answered && !stopped) {
        EXPECT_GT(changes, 1U);
        return;
      }
    }
    FAIL() << "never came to an end";
  }

  size_t CountOf(EnvelopeId envelope) {
    size_t count = 0;
    for (const relay::LogEntry& entry : relay_.Log(kRoom)) {
      if (entry.envelope == envelope) ++count;
    }
    return count;
  }

  TestPki pki_;
  RelayRooms relay_{&pki_};
  RoomDevice eva_{&pki_.Device("ocu.authority/eva/desk", {Role::kCoordinator}),
                  &pki_};
  RoomDevice alice_{&pki_.Device("fr.customs/alice/laptop", {Role::kOfficer}),
                    &pki_};
  RoomDevice bruno_{&pki_.Device("fr.customs/bruno/laptop", {Role::kOfficer}),
                    &pki_};
  Publications publications_;
  NoEncoder encoder_;
  Fanout fanout_{&encoder_};
};

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

TEST_F(RelayFaultsTest, RequestToJoinIsSyncedBeforeItsAnswer) {
  const absl::Time now = pki_.clock().Now();
  ASSERT_OK_AND_ASSIGN(const cert::Invitation invitation,
                       cert::Invitation::Create(
                           {.kind = cert::InvitationKind::kDevice,
                            .relay = "127.0.0.1:4600",
                            .root = pki_.root().certificate().fingerprint(),
                            .user = *cert::UserName::Parse("fr.customs/dora"),
                            .roles = {Role::kOfficer},
                            .expires = now + absl::Hours(1)},
                           now, pki_.random()));
  const cert::JoinKeys keys =
      cert::JoinKeys::Generate(invitation.offer().kind, pki_.random());
  ASSERT_OK_AND_ASSIGN(
      const cert::JoinRequest request,
      cert::JoinRequest::Create(invitation, "laptop", keys, now));
  const Caller eva = RelayRooms::CallerOf(eva_);
  const auto on_enrolment = [&](auto step) {
    return Ask([&, step](sqlite::Transaction& txn) {
      Enrolment enrolment({.stores = &*relay_.store(),
                           .trust = &relay_.trust(),
                           .publications = &publications_,
                           .clock = &pki_.clock()});
      return step(enrolment, txn);
    });
  };
  ASSERT_OK_AND_ASSIGN(
      const InvitationPublicKey key,
      InvitationPublicKey::Parse(invitation.Key().public_key()));
  const InvitationInput input{.id = invitation.id(),
                              .public_key = key,
                              .kind = InvitedKind::kUser,
                              .expires = invitation.offer().expires};
  ASSERT_OK(on_enrolment([&](Enrolment& enrolment, sqlite::Transaction& txn) {
    return enrolment.Invite(txn, eva, input);
  }));

  StopEverywhere(
      [&] {
        return on_enrolment(
            [&](Enrolment& enrolment, sqlite::Transaction& txn) {
              return enrolment.Redeem(txn, invitation.id(), request.bytes());
            });
      },
      [&](bool answered) {
        ASSERT_OK_AND_ASSIGN(const relay::Invitation found,
                             relay_.store()->enrolment.Find(invitation.id()));
        EXPECT_TRUE(found.state == relay::InvitationState::kRequested ||
                    !answered);
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
