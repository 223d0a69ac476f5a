#ifndef CORDON_TESTS_SUPPORT_RELAY_ROOMS_H_
#define CORDON_TESTS_SUPPORT_RELAY_ROOMS_H_

// The part of the relay's core that rooms need, on a database that a test can
// restart, without threads: a call's turns are taken one after the other, each
// call in a transaction of its own.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/sign_ed25519.h"
#include "server/core/append_input.h"
#include "server/core/caller.h"
#include "server/core/handshake_check.h"
#include "server/core/handshakes.h"
#include "server/core/memory.h"
#include "server/core/publications.h"
#include "server/core/removals.h"
#include "server/core/room_groups.h"
#include "server/core/room_log.h"
#include "server/core/rooms.h"
#include "server/core/trust.h"
#include "storage/relay/delivery_log.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/room_device.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {

class RelayRooms {
 public:
  // Borrows `pki`, and believes its root.
  explicit RelayRooms(TestPki* pki, const server::DeliveryLimits& limits = {});

  // Restart is a power cut: what is in memory is made anew from the store.
  void Restart();

  static server::Caller CallerOf(const RoomDevice& device);
  ByteSpan relay_key() const { return key_.public_key(); }

  absl::Status Create(const RoomDevice& by, const RoomId& room, Bytes info);
  // Check takes the first two turns of an append.
  absl::StatusOr<server::CheckedHandshake> Check(const RoomDevice& by,
                                                 server::AppendInput input);
  absl::StatusOr<LogSeq> Finish(const RoomDevice& by,
                                server::CheckedHandshake checked);
  absl::StatusOr<LogSeq> Append(const RoomDevice& by,
                                server::AppendInput input);
  // OpenRoom: `by` creates a room with this policy and adds the others, who
  // join by what is in their inboxes.
  void OpenRoom(const RoomId& room, const policy::RoomPolicy& policy,
                RoomDevice& by, const std::vector<RoomDevice*>& others);
  // The same for a room of the kind that alerts are sent to.
  void OpenAlerts(const RoomId& room, RoomDevice& by,
                  const std::vector<RoomDevice*>& others);
  // JoinBy takes the newest item of the device's inbox.
  void JoinBy(RoomDevice& joiner);
  // EndStep and LoseBatch are what the lane says of steps and batches.
  absl::Status EndStep(bool kept) { return core_->memory.EndStep(kept); }
  absl::Status LoseBatch() { return core_->memory.LoseBatch(); }
  // Revoke puts the device on its organisation's list, as Revocation would.
  absl::Status Revoke(const TestDevice& device);
  // Reconsider looks at the device once more, as any later list would.
  absl::Status Reconsider(const DeviceId& device);
  absl::Status ProposeExpired();

  std::vector<relay::LogEntry> Log(const RoomId& room);
  relay::Room Room(const RoomId& room);
  std::vector<server::Publication> TakePublications() {
    return core_->publications.TakeAll();
  }

  RelayOnDisk& store() { return store_; }
  server::RoomGroups& groups() { return core_->groups; }
  server::Rooms& rooms() { return core_->rooms; }
  server::RoomLog& log() { return core_->log; }
  server::Handshakes& handshakes() { return core_->handshakes; }
  server::Trust& trust() { return *core_->trust; }
  server::Callers& callers() { return core_->callers; }
  server::Removals& removals() { return core_->removals; }

 private:
  struct Core {
    Core(RelayOnDisk& store, TestPki& pki, const Ed25519PrivateKey& key,
         const server::DeliveryLimits& limits);

    server::Publications publications;
    std::unique_ptr<server::Trust> trust;
    server::Callers callers;
    server::RoomLog log;
    server::RoomGroups groups;
    server::Memory memory;
    server::Removals removals;
    server::Handshakes handshakes;
    server::Rooms rooms;
  };

  void Open();

  TestPki* const pki_;
  const server::DeliveryLimits limits_;
  Ed25519PrivateKey key_;
  RelayOnDisk store_;
  std::unique_ptr<Core> core_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_RELAY_ROOMS_H_
