#ifndef CORDON_TESTS_INTEGRATION_RELAY_FAULTS_H_
#define CORDON_TESTS_INTEGRATION_RELAY_FAULTS_H_

// The relay's promises on a disk that stops after every single change: nothing
// is answered before everything it promises is synced, and after a power cut
// whatever was answered is there, once. And on one that fills before every
// single write: nothing has changed, and it is done whole once there is room.
// The real lane, core and stores; no network.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/role.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_policy.h"
#include "server/core/fanout.h"
#include "server/core/follow_item.h"
#include "server/core/publications.h"
#include "server/lane.h"
#include "storage/relay/delivery_log.h"
#include "tests/support/faulty_files.h"
#include "tests/support/notification.h"
#include "tests/support/relay_rooms.h"
#include "tests/support/room_device.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::server {

inline constexpr RoomId kRoom({7});
inline constexpr uint64_t kChangesMax = 200;

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
  testing::FaultyFiles& disk() { return relay_.store().disk(); }

  // Ask runs a step on a lane and gives what it answered. At that moment there
  // is nothing on the disk that a power cut would take.
  absl::Status Ask(Lane::Step step) {
    absl::Status outcome;
    bool unsynced = true;
    testing::Notification answered;
    Lane lane({.db = &relay_.store().db(),
               .publications = &publications_,
               .fanout = &fanout_,
               // A disk that stopped cannot be read again: memory follows with
               // the restart.
               .on_step_end =
                   [this](bool kept) {
                     const absl::Status ended = relay_.EndStep(kept);
                     EXPECT_TRUE(ended.ok() || disk().stopped()) << ended;
                   },
               .on_batch_lost =
                   [this](const absl::Status&) {
                     const absl::Status reloaded = relay_.LoseBatch();
                     EXPECT_TRUE(reloaded.ok() || disk().stopped()) << reloaded;
                   }},
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

  // Fills the disk before each write that `promise` makes, until it makes them
  // all; `prepare` comes before each. Nothing restarts: once there is room the
  // same is promised again. `check` is told whether it has been answered OK.
  void FillEverywhere(absl::FunctionRef<void()> prepare,
                      absl::FunctionRef<absl::Status()> promise,
                      absl::FunctionRef<void(bool answered)> check) {
    for (uint64_t writes = 0; writes < kChangesMax; ++writes) {
      SCOPED_TRACE(writes);
      prepare();
      disk().FillAfter(writes);
      const absl::Status full = promise();
      disk().FreeUp();
      check(full.ok());
      if (HasFailure()) return;
      if (full.ok()) {
        EXPECT_GT(writes, 1U);
        return;
      }
      EXPECT_THAT(full,
                  testing::StatusIs(absl::StatusCode::kResourceExhausted));
      EXPECT_OK(promise());
      check(true);
      if (HasFailure()) return;
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

  testing::TestPki pki_;
  testing::RelayRooms relay_{&pki_};
  testing::RoomDevice eva_{
      &pki_.Device("ocu.authority/eva/desk", {cert::Role::kCoordinator}),
      &pki_};
  testing::RoomDevice alice_{
      &pki_.Device("fr.customs/alice/laptop", {cert::Role::kOfficer}), &pki_};
  testing::RoomDevice bruno_{
      &pki_.Device("fr.customs/bruno/laptop", {cert::Role::kOfficer}), &pki_};
  Publications publications_;
  NoEncoder encoder_;
  Fanout fanout_{&encoder_};
};

}  // namespace cordon::server

#endif  // CORDON_TESTS_INTEGRATION_RELAY_FAULTS_H_
