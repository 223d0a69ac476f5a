#include "tests/integration/server/room_fixture.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/directory.pb.h"
#include "cordon/wire/v1/enrolment.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/cert/role.h"
#include "crypto/codec/writer.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/key_package.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "server/core/append_input.h"
#include "tests/support/fake_clock.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"
#include "tests/support/room_device.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

constexpr RoomId kRoom({7});

wire::EntryKind KindOf(EntryKind kind) {
  switch (kind) {
    case EntryKind::kApplication:
      return wire::ENTRY_KIND_APPLICATION;
    case EntryKind::kProposal:
      return wire::ENTRY_KIND_PROPOSAL;
    case EntryKind::kCommit:
      return wire::ENTRY_KIND_COMMIT;
  }
  return wire::ENTRY_KIND_UNSPECIFIED;
}

wire::AppendRequest RequestOf(const server::AppendInput& input) {
  wire::AppendRequest request;
  request.set_room_id(ToString(input.room.span()));
  wire::Envelope& envelope = *request.mutable_envelope();
  envelope.set_envelope_id(ToString(input.envelope_id.span()));
  envelope.set_kind(KindOf(input.kind));
  envelope.set_epoch(input.epoch.value);
  envelope.set_sealed(ToString(input.sealed));
  request.set_group_info(ToString(input.group_info));
  if (!input.welcome.has_value()) return request;
  wire::WelcomeUpload& welcome = *request.mutable_welcome();
  welcome.set_encrypted_group_info(
      ToString(input.welcome->encrypted_group_info));
  welcome.set_ratchet_tree(ToString(input.welcome->ratchet_tree));
  for (const server::JoinerSecrets& joiner : input.welcome->joiners) {
    wire::JoinerSecrets& out = *welcome.add_joiners();
    out.set_device_id(ToString(joiner.device.span()));
    out.set_secrets(ToString(joiner.secrets));
  }
  return request;
}

}  // namespace

Participant::Participant(const TestDevice& device, TestPki& pki,
                         RelayProcess& relay)
    : room(&device, &pki), client(relay.address(), relay.pin(), &device) {}

RoomFixture::RoomFixture()
    : pki_(1, FakeClock(SystemClock().Now())),
      policy_(policy::PolicyFor(policy::RoomKind::kAlerts, OperationId({5}))) {}

Participant RoomFixture::Connect(absl::string_view name,
                                 const cert::RoleSet& roles) {
  return {pki_.Device(name, roles), pki_, relay_};
}

void RoomFixture::Start() {
  using cert::Role;
  relay_.Start();
  const auto connect = [this](absl::string_view name, Role role) {
    return std::make_unique<Participant>(pki_.Device(name, {role}), pki_,
                                         relay_);
  };
  eva_ = connect("ocu.authority/eva/desk", Role::kCoordinator);
  carla_ = connect("fr.customs/carla/desk", Role::kContactPoint);
  alice_ = connect("fr.customs/alice/laptop", Role::kOfficer);
  bruno_ = connect("fr.customs/bruno/laptop", Role::kOfficer);
  ASSERT_THAT(
      eva_->client.SetUp(relay_.setup_code(), pki_, eva_->room.device()),
      HasCode(grpc::OK));
  for (Participant* each : {carla_.get(), alice_.get(), bruno_.get()}) {
    ASSERT_THAT(each->client.Enter(each->room.device()), HasCode(grpc::OK));
  }
}

void RoomFixture::StartWithRoom() {
  ASSERT_NO_FATAL_FAILURE(Start());
  const Bytes info =
      eva_->room.Create(kRoom, policy::RoomExtensions(policy_, RelayKey()));
  ASSERT_THAT(CreateRoom(*eva_, kRoom, info), HasCode(grpc::OK));
  ASSERT_THAT(Append(*eva_, eva_->room.Commit(
                                {AddOf(carla_->room), AddOf(alice_->room)})),
              HasCode(grpc::OK));
  eva_->room.Adopt();
  for (Participant* each : {carla_.get(), alice_.get()}) {
    FollowStream stream = each->client.Follow();
    ASSERT_NO_FATAL_FAILURE(JoinBy(*each, stream));
  }
}

Bytes RoomFixture::RelayKey() {
  grpc::ClientContext context;
  wire::DescribeAnswer answer;
  EXPECT_THAT(eva_->client.delivery().Describe(&context, {}, &answer),
              HasCode(grpc::OK));
  return ToBytes(AsBytes(answer.mls_public_key()));
}

grpc::Status RoomFixture::CreateRoom(Participant& by, const RoomId& room,
                                     const Bytes& group_info) {
  wire::CreateRoomRequest request;
  request.set_room_id(ToString(room.span()));
  request.set_group_info(ToString(group_info));
  grpc::ClientContext context;
  wire::CreateRoomAnswer answer;
  return by.client.delivery().CreateRoom(&context, request, &answer);
}

grpc::Status RoomFixture::Append(Participant& by,
                                 const server::AppendInput& input) {
  uint64_t seq = 0;
  return by.client.Append(RequestOf(input), seq);
}

grpc::Status RoomFixture::FetchInfos(Participant& by, const RoomId& room,
                                     wire::FetchGroupInfoAnswer& answer) {
  wire::FetchGroupInfoRequest request;
  request.set_room_id(ToString(room.span()));
  grpc::ClientContext context;
  return by.client.delivery().FetchGroupInfo(&context, request, &answer);
}

grpc::Status RoomFixture::PutInfo(Participant& by, const RoomId& room,
                                  const Bytes& info) {
  wire::PutGroupInfoRequest request;
  request.set_room_id(ToString(room.span()));
  request.set_group_info(ToString(info));
  grpc::ClientContext context;
  wire::PutGroupInfoAnswer answer;
  return by.client.delivery().PutGroupInfo(&context, request, &answer);
}

grpc::Status RoomFixture::Publish(Participant& by,
                                  const mls::KeyPackage& package,
                                  absl::Duration lives) {
  wire::PublishKeyPackagesRequest request;
  wire::KeyPackageUpload& upload = *request.add_key_packages();
  upload.set_reference(ToString(mls::MakeKeyPackageRef(package)));
  upload.set_key_package(ToString(codec::Serialize(package)));
  upload.set_expires_ms(
      absl::ToUnixMillis(absl::FromUnixSeconds(static_cast<int64_t>(
                             package.leaf_node.lifetime.not_after_s)) -
                         absl::Hours(24) + lives));
  grpc::ClientContext context;
  wire::PublishKeyPackagesAnswer answer;
  return by.client.directory().PublishKeyPackages(&context, request, &answer);
}

grpc::Status RoomFixture::Claim(Participant& by, const RoomId& room,
                                const DeviceId& device,
                                wire::ClaimKeyPackagesAnswer& answer) {
  wire::ClaimKeyPackagesRequest request;
  request.set_room_id(ToString(room.span()));
  request.add_device_ids(ToString(device.span()));
  grpc::ClientContext context;
  return by.client.directory().ClaimKeyPackages(&context, request, &answer);
}

void RoomFixture::JoinBy(Participant& joiner, FollowStream& stream) {
  wire::FollowItem item;
  while (stream.Next(item) && !item.has_inbox()) {
  }
  ASSERT_TRUE(item.has_inbox());
  wire::FetchWelcomeRequest request;
  request.set_welcome_id(item.inbox().welcome_id());
  grpc::ClientContext context;
  wire::FetchWelcomeAnswer welcome;
  ASSERT_THAT(
      joiner.client.delivery().FetchWelcome(&context, request, &welcome),
      HasCode(grpc::OK));
  ASSERT_OK(joiner.room.Join(AsBytes(item.inbox().secrets()),
                             AsBytes(welcome.encrypted_group_info()),
                             AsBytes(welcome.ratchet_tree())));
  EXPECT_EQ(joiner.room.group().epoch().value, item.inbox().epoch());
  grpc::ClientContext ack_context;
  wire::AckInboxRequest ack;
  ack.set_through(item.inbox().id());
  wire::AckInboxAnswer acked;
  ASSERT_THAT(joiner.client.delivery().AckInbox(&ack_context, ack, &acked),
              HasCode(grpc::OK));
}

wire::BackfillAnswer RoomFixture::ReadLog(Participant& by, const RoomId& room,
                                          uint64_t after) {
  wire::BackfillRequest request;
  request.set_room_id(ToString(room.span()));
  request.set_after(after);
  request.set_entries_max(100);
  grpc::ClientContext context;
  wire::BackfillAnswer answer;
  EXPECT_THAT(by.client.delivery().Backfill(&context, request, &answer),
              HasCode(grpc::OK));
  return answer;
}

void RoomFixture::CatchUp(Participant& member) {
  const wire::BackfillAnswer log = ReadLog(member, kRoom);
  for (const wire::LogEntry& entry : log.entries()) {
    if (entry.epoch() != member.room.group().epoch().value) continue;
    if (entry.author() == ToString(member.room.id().span())) continue;
    ASSERT_TRUE(member.room.Process(AsBytes(entry.sealed())));
  }
}

std::string RoomFixture::Snapshot() {
  wire::FetchGroupInfoAnswer infos;
  EXPECT_THAT(FetchInfos(*eva_, kRoom, infos), HasCode(grpc::OK));
  return ReadLog(*eva_, kRoom).SerializeAsString() + infos.SerializeAsString();
}

void RoomFixture::Revoke(const TestDevice& device) {
  pki_.Revoke(device);
  for (const TestPki::SignedList& list : pki_.Lists()) {
    wire::RevokeRequest request;
    request.set_crl(ToString(list.crl.der()));
    if (list.issuer != pki_.root().certificate()) {
      request.set_issuing_certificate(ToString(list.issuer.der()));
    }
    grpc::ClientContext context;
    wire::RevokeAnswer answer;
    ASSERT_THAT(eva_->client.enrolment().Revoke(&context, request, &answer),
                HasCode(grpc::OK));
  }
}

}  // namespace cordon::testing
