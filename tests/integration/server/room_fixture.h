#ifndef CORDON_TESTS_INTEGRATION_SERVER_ROOM_FIXTURE_H_
#define CORDON_TESTS_INTEGRATION_SERVER_ROOM_FIXTURE_H_

// A real cordond with devices that are members of a real MLS group, talking to
// it over TLS.

#include <grpcpp/support/status.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/directory.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/cert/role.h"
#include "crypto/policy/room_policy.h"
#include "server/core/append_input.h"
#include "tests/support/grpc_matchers.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"
#include "tests/support/room_device.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {

// One device with its connection.
struct Participant {
  Participant(const TestDevice& device, TestPki& pki, RelayProcess& relay);

  RoomDevice room;
  RelayClient client;
};

class RoomFixture : public ::testing::Test {
 protected:
  RoomFixture();

  // Runs, is set up, and everybody is in the directory.
  void Start();
  // Start, and a room of Eva, Carla and Alice at epoch 1.
  void StartWithRoom();
  Participant Connect(absl::string_view name, const cert::RoleSet& roles);

  Bytes RelayKey();
  grpc::Status CreateRoom(Participant& by, const RoomId& room,
                          const Bytes& group_info);
  static grpc::Status Append(Participant& by, const server::AppendInput& input);
  static grpc::Status FetchInfos(Participant& by, const RoomId& room,
                                 wire::FetchGroupInfoAnswer& answer);
  static grpc::Status PutInfo(Participant& by, const RoomId& room,
                              const Bytes& info);
  static grpc::Status Publish(Participant& by, const mls::KeyPackage& package,
                              absl::Duration lives = absl::Hours(24));
  static grpc::Status Claim(Participant& by, const RoomId& room,
                            const DeviceId& device,
                            wire::ClaimKeyPackagesAnswer& answer);
  // Waits for the device's Welcome in `stream` and joins by it.
  static void JoinBy(Participant& joiner, FollowStream& stream);
  // Everything in the room's log after `after`.
  static wire::BackfillAnswer ReadLog(Participant& by, const RoomId& room,
                                      uint64_t after = 0);
  // `member` takes what it has not read from the log.
  void CatchUp(Participant& member);
  // All that a member can see of the room, for "nothing has changed".
  std::string Snapshot();
  void Revoke(const TestDevice& device);

  TestPki pki_;
  RelayProcess relay_;
  std::unique_ptr<Participant> eva_;    // coordinator
  std::unique_ptr<Participant> carla_;  // contact point of France
  std::unique_ptr<Participant> alice_;  // officer of France
  std::unique_ptr<Participant> bruno_;  // another, in no room
  policy::RoomPolicy policy_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_INTEGRATION_SERVER_ROOM_FIXTURE_H_
