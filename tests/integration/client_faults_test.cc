// A device's vault on a disk that stops after every single change, under the
// whole core: composing, sealing, and filing what comes back. After the power
// cut the vault opens, what was accepted is with everybody once, and no sealed
// byte has left before the name of its key was synced.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command/record.h"
#include "client/core/delivery_types.h"
#include "crypto/base/id.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/seal_log.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/client_room.h"
#include "tests/support/faulty_files.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientRoom;
using ::cordon::testing::FaultyFiles;
using ::cordon::testing::FaultyVfs;
using ::cordon::testing::kAlice;
using ::cordon::testing::kBob;
using ::cordon::testing::kChief;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::TestClient;
using ::testing::IsEmpty;

constexpr uint64_t kChangesMax = 300;
// Longer than a device waits before it tries once more.
constexpr absl::Duration kSoon = absl::Seconds(5);

// Whether a power cut keeps some of what was not synced, by chance.
class ClientFaultsTest : public ::testing::TestWithParam<bool> {
 protected:
  void CutPower() {
    disk_.StopAfter(0);
    alice_.RestartAfter(
        [this] { disk_.Restart(GetParam() ? &luck_ : nullptr); });
  }
  static size_t CountOf(const std::vector<std::string>& texts,
                        const std::string& text) {
    return static_cast<size_t>(std::count(texts.begin(), texts.end(), text));
  }
  // The envelopes whose keys Alice's vault names; each key has one.
  std::set<EnvelopeId> Named() {
    std::set<EnvelopeId> envelopes;
    const auto uses = alice_.vault().Read([this](const vault::VaultTxn& txn) {
      return txn.seals().List(room_.id(), std::nullopt);
    });
    EXPECT_OK(uses);
    for (const vault::KeyUse& use : *uses) envelopes.insert(use.envelope);
    EXPECT_EQ(envelopes.size(), uses->size());
    return envelopes;
  }
  void ExpectEveryOwnKeyIsNamed() {
    const std::set<EnvelopeId> named = Named();
    for (const LogEntry& entry : room_.log()) {
      if (entry.author != room_.device_id(1)) continue;
      EXPECT_TRUE(named.contains(entry.envelope))
          << "left before its key was noted: " << entry.seq.value;
    }
  }
  void ExpectNothingOdd() {
    for (const size_t device : {0U, 1U, 2U}) {
      EXPECT_THAT(room_.FindingsAt(device), IsEmpty());
      EXPECT_THAT(room_.RefusalsAt(device), IsEmpty());
    }
  }

  SeededRandom luck_{8};
  FaultyFiles disk_;
  FaultyVfs vfs_{&disk_};
  ClientRoom room_{
      policy::RoomKind::kChannel, {kChief, kAlice, kBob}, vfs_.name()};
  TestClient& alice_ = room_.client(1);
};

TEST_P(ClientFaultsTest, WhatWasAcceptedIsSentOnceWhereverTheDiskStops) {
  for (uint64_t changes = 0; changes < kChangesMax; ++changes) {
    SCOPED_TRACE(changes);
    const std::string text = absl::StrCat("text ", changes);
    disk_.StopAfter(changes);
    const bool accepted =
        alice_.Do(SendText{.room = room_.name(), .body = text}).ok();
    room_.Settle();
    const bool stopped = disk_.stopped();

    CutPower();

    ExpectEveryOwnKeyIsNamed();
    room_.Wait(kSoon);
    ExpectEveryOwnKeyIsNamed();
    ExpectNothingOdd();
    for (const size_t device : {0U, 1U, 2U}) {
      const size_t shown = CountOf(room_.TextsAt(device), text);
      EXPECT_TRUE(shown == 1 || (shown == 0 && !accepted)) << shown;
    }
    if (HasFailure()) return;
    if (!stopped) {
      EXPECT_TRUE(accepted);
      EXPECT_GT(changes, 10U);
      return;
    }
  }
  FAIL() << "never came to an end";
}

TEST_P(ClientFaultsTest, WhatOthersSendIsFiledOnceWhereverTheDiskStops) {
  uint64_t sent = 0;
  for (uint64_t changes = 0; changes < kChangesMax; ++changes) {
    SCOPED_TRACE(changes);
    disk_.StopAfter(changes);
    ASSERT_OK(room_.client(0).Do(
        SendText{.room = room_.name(), .body = absl::StrCat("text ", sent++)}));
    room_.Settle();
    const bool stopped = disk_.stopped();

    CutPower();

    room_.Wait(kSoon);
    ExpectNothingOdd();
    EXPECT_EQ(room_.TextsAt(1), room_.TextsAt(2));
    EXPECT_EQ(room_.TextsAt(1).size(), sent);
    (void)Named();
    if (HasFailure()) return;
    if (!stopped) {
      EXPECT_GT(changes, 1U);
      return;
    }
  }
  FAIL() << "never came to an end";
}

INSTANTIATE_TEST_SUITE_P(UnsyncedBytes, ClientFaultsTest, ::testing::Bool(),
                         [](const auto& run) {
                           return std::string(run.param ? "KeptByChance"
                                                        : "Lost");
                         });

}  // namespace
}  // namespace cordon::client
