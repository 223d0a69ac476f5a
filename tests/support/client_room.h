#ifndef CORDON_TESTS_SUPPORT_CLIENT_ROOM_H_
#define CORDON_TESTS_SUPPORT_CLIENT_ROOM_H_

// Client cores in one room of one relay in memory, made by hand: without
// enrolment, and without the commits that bring people in.
//
//   ClientRoom room(policy::RoomKind::kChannel, {kChief, kAlice});
//   room.client(1).Do(client::SendText{.room = room.name(), .body = "hello"});
//   room.Settle();
//
// The first device is a coordinator and makes the room; the others are contact
// points. A client without checks is played by Header, Sign and Post.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "client/core/delivery_types.h"
#include "client/core/model/record.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "crypto/record/record_header.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_rooms.h"
#include "tests/support/fake_world.h"
#include "tests/support/test_client.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {

// The devices of most rooms.
inline constexpr char kChief[] = "ocu.authority/chief/desk";
inline constexpr char kAlice[] = "fr.customs/alice/laptop";
inline constexpr char kBob[] = "de.customs/bob/phone";

class ClientRoom {
 public:
  // The second device's vault is on `file_layer` (temp_vault.h).
  explicit ClientRoom(policy::RoomKind kind,
                      const std::vector<std::string>& devices = {kChief, kAlice,
                                                                 kBob},
                      const std::string& file_layer = "",
                      const FakeClock& clock = FakeClock());

  TestClient& client(size_t index) { return *clients_.at(index); }
  const std::string& device(size_t index) const { return names_.at(index); }
  DeviceId device_id(size_t index) const;
  // Its keys and certificates.
  const TestDevice& test_device(size_t index);
  const RoomId& id() const { return id_; }
  std::string name() const { return "stop3/room"; }
  const OperationId& operation() const { return operation_; }
  RelayWorld& world() { return world_; }
  FakeClock& clock() { return clock_; }
  TestPki& pki() { return pki_; }
  const std::vector<client::LogEntry>& log() const {
    return world_.rooms.rooms().at(id_).log;
  }

  // Settle steps everybody until what one of them does has reached all.
  void Settle();
  // Wait lets time pass in steps, and settles after each.
  void Wait(absl::Duration span);

  // RenewKeys has the device move the room into its next epoch.
  void RenewKeys(size_t index);

  // A header as an honest client would write it now.
  record::RecordHeader Header(size_t index, policy::RecordKind kind,
                              uint64_t counter);
  // A text under such a header.
  client::RecordBody TextBy(size_t index, const std::string& body,
                            uint64_t counter);
  // Sign signs whatever `body` says, with the device's own key.
  Bytes Sign(size_t index, const client::RecordBody& body);
  // Seal uses up the device's next message key; its core is made anew.
  client::AppendCall Seal(size_t index, const Bytes& signed_bytes);
  // SealForgotten leaves the vault as it was, as one put back to an older state
  // would be.
  client::AppendCall SealForgotten(size_t index, const Bytes& signed_bytes);
  // SealAhead seals for the epoch after the next commit, which it does not
  // send.
  client::AppendCall SealAhead(size_t index, const Bytes& signed_bytes);
  void Append(size_t index, client::AppendCall call);
  // Misplace has the relay take it whatever epoch it is of.
  void Misplace(size_t index, const client::AppendCall& call);
  void Post(size_t index, const Bytes& signed_bytes) {
    Append(index, Seal(index, signed_bytes));
  }

  // Texts that a device's room shows, in order.
  std::vector<std::string> TextsAt(size_t index);
  // Why the vault has put aside what it has.
  std::vector<client::Refusal> RefusalsAt(size_t index);
  // What the device was told of the room.
  std::vector<std::string> FindingsAt(size_t index);

 private:
  void MakeRoom(policy::RoomKind kind);

  FakeClock clock_;
  RelayWorld world_;
  TestPki pki_;
  RoomId id_;
  OperationId operation_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<TestClient>> clients_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_CLIENT_ROOM_H_
