#ifndef CORDON_TESTS_SUPPORT_ROOM_PEER_H_
#define CORDON_TESTS_SUPPORT_ROOM_PEER_H_

// One device of a room, without a Client around it: a vault, a relay in memory,
// and the parts of the core that change rooms. It reads the logs by hand, so
// that a test decides when.
//
//   RoomTown town;
//   RoomPeer& chief = town.Add("ocu.authority/chief/desk", {…});
//   const RoomId room = chief.Open(…);
//   EXPECT_OK(chief.Run(chief.commits().Change(room, …)));

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/core/admitting.h"
#include "client/core/commits.h"
#include "client/core/event.h"
#include "client/core/group_shelf.h"
#include "client/core/handshakes.h"
#include "client/core/key_packages.h"
#include "client/core/parts.h"
#include "client/core/room_moves.h"
#include "client/core/task.h"
#include "client/core/timers.h"
#include "client/core/trust.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/role.h"
#include "crypto/mls/group.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/room_store.h"
#include "tests/support/fake_relay.h"
#include "tests/support/fake_world.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_vault.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {

inline constexpr OperationId kOperation({7});

class RoomPeer final : public client::EventSink {
 public:
  RoomPeer(RelayWorld* world, TestPki* pki, absl::string_view name,
           const cert::RoleSet& roles);

  // Run lets a flow go on, giving answers and reading logs, until it ends;
  // kDeadlineExceeded if nothing moves any more.
  template <typename T>
  T Run(client::Task<T> task) {
    std::optional<T> result;
    tasks_->Spawn(std::move(task),
                  [&result](T given) { result.emplace(std::move(given)); });
    for (int i = 0; i < kTurns && !result.has_value(); ++i) {
      Turn();
    }
    if (result.has_value()) return *std::move(result);
    Restart();
    return T(absl::DeadlineExceededError("the flow still waits"));
  }
  // Begin starts a flow and leaves it where it first waits; Turn gives answers
  // and reads the logs once.
  template <typename T>
  void Begin(client::Task<T> task) {
    tasks_->Spawn(std::move(task), [](const T& /*result*/) {});
  }
  void Turn();
  // Answers only: nothing is read.
  void Answers() { relay_.Run(); }
  // CatchUp reads inbox and logs as far as they go, and says what was wrong.
  std::vector<std::string> CatchUp();
  // A log is not read while it is held.
  void HoldLogs(bool hold) { hold_logs_ = hold; }

  // Restart throws all but vault and relay away, as a crash would.
  void Restart();

  // An operation that is known here; a room that this device opens in it.
  void KnowOperation(const OperationId& id, const std::string& name);
  absl::StatusOr<RoomId> Open(const OperationId& operation,
                              const std::string& name, policy::RoomKind kind);
  // The channel "general" of the operation kOperation, "stop3".
  RoomId OpenGeneral();
  absl::StatusOr<client::Admitted> Admit(RoomId room);

  mls::Group& group(RoomId room);
  vault::Room row(RoomId room);
  size_t members(RoomId room) { return group(room).tree().member_count(); }
  const std::string& name() const { return name_; }
  DeviceId device() const;

  client::Parts parts();
  client::RoomTools tools();
  TempVault& vault() { return vault_; }
  FakeRelay& relay() { return relay_; }
  client::Trust& trust() { return core_->trust; }
  client::GroupShelf& shelf() { return core_->shelf; }
  client::RoomMoves& moves() { return core_->moves; }
  client::Commits& commits() { return core_->commits; }
  client::Admitting& admitting() { return core_->admitting; }
  client::KeyPackages& key_packages() { return core_->key_packages; }
  client::Handshakes& handshakes() { return core_->handshakes; }
  client::Timers& timers() { return core_->timers; }
  std::vector<client::Event>& told() { return told_; }

  void Emit(client::Event event) override { told_.push_back(std::move(event)); }

 private:
  static constexpr int kTurns = 40;

  struct Core {
    explicit Core(RoomPeer& peer);
    client::Timers timers;
    client::Trust trust;
    client::GroupShelf shelf;
    client::RoomMoves moves;
    client::Commits commits;
    client::Admitting admitting;
    client::KeyPackages key_packages;
    client::Handshakes handshakes;
  };

  void ReadInbox(std::vector<std::string>& findings);
  bool ReadOne(RoomId room, std::vector<std::string>& findings);

  RelayWorld* const world_;
  TestPki* const pki_;
  const std::string name_;
  SeededRandom random_;
  TempVault vault_;
  FakeRelay relay_;
  std::vector<client::Event> told_;
  bool hold_logs_ = false;
  uint64_t inbox_after_ = 0;
  std::unique_ptr<Core> core_;
  std::unique_ptr<client::TaskSet> tasks_;
};

// A relay, a root and the devices of one test.
class RoomTown {
 public:
  RoomTown();

  // Add makes a device that has joined, with key packages at the relay, and
  // gives every device the newest revocation lists.
  RoomPeer& Add(absl::string_view name, const cert::RoleSet& roles);
  void GiveLists();
  // All read all there is.
  void CatchUp();

  TestPki& pki() { return pki_; }
  RelayWorld& world() { return world_; }

 private:
  TestPki pki_;
  RelayWorld world_;
  std::vector<std::unique_ptr<RoomPeer>> peers_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_ROOM_PEER_H_
