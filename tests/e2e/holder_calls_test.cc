// A rights holder whose client asks what the honest one would not: the calls
// are made over TLS with its own valid certificate, about an alerts room and a
// photo in it. The relay refuses each, and no byte comes.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "cordon/wire/v1/blobs.pb.h"
#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/directory.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "tests/e2e/device_calls.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"
#include "tests/support/blob_client.h"
#include "tests/support/file_text.h"
#include "tests/support/grpc_matchers.h"
#include "tests/support/relay_client.h"
#include "tests/support/status_matchers.h"

namespace cordon::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto kDenied = grpc::PERMISSION_DENIED;
constexpr auto kNotFound = grpc::NOT_FOUND;
constexpr size_t kPhotoBytes = 100'000;

// What programs print of an id, as the wire has it.
std::string OnTheWire(const std::string& hex) {
  const absl::StatusOr<Bytes> bytes = FromHex(hex);
  EXPECT_OK(bytes);
  return bytes.ok() ? ToString(*bytes) : "";
}
RoomId RoomFrom(const std::string& wire) {
  const absl::StatusOr<RoomId> room = RoomId::Parse(AsBytes(wire));
  EXPECT_OK(room);
  return room.ok() ? *room : RoomId();
}
RoomId RoomOf(Person& person, const std::string& name) {
  return RoomFrom(
      OnTheWire(Works(person, {"room", "show", name})["room"].value("id", "")));
}

// All that a member can see of a room's log.
std::string LogOf(DeviceCalls& member, const RoomId& room) {
  wire::BackfillAnswer log;
  EXPECT_THAT(member.Backfill(room, log), HasCode(grpc::OK));
  return log.SerializeAsString();
}

class HolderCallsTest : public ::testing::Test {
 protected:
  HolderCallsTest() {
    stop3_.Invite(alice_, "fr.customs", "alice");
    stop3_.Invite(rita_, "brand.rightsholder", "rita");
    stop3_.Create();
    Works(alice_, {"sync"});
    Works(rita_, {"sync"});
    alice_.WriteFile("photo.jpg", std::string(kPhotoBytes, 'p'));
    Works(alice_,
          {"alert", "send", "stop3", "--file", ExampleFile("alert.json"),
           "--photo", alice_.File("photo.jpg")});
    photo_ =
        OnTheWire(Works(alice_, {"file", "list", "stop3/alerts"})["file"].value(
            "blob", ""));
    alerts_ = RoomOf(alice_, "stop3/alerts");
    intake_ = RoomOf(rita_, "stop3/intake-brand");
    member_ = std::make_unique<DeviceCalls>(alice_, stop3_.relay());
    holder_ = std::make_unique<DeviceCalls>(rita_, stop3_.relay());
  }

  // How many bytes of the photo the calls of a device bring.
  static size_t Fetched(DeviceCalls& by, const std::string& photo) {
    std::string content;
    (void)by.blobs().Get(photo, content);
    return content.size();
  }

  TestOperation stop3_;
  Person& alice_ = stop3_.alice();
  Person& rita_ = stop3_.bea();
  std::string photo_;
  RoomId alerts_;
  RoomId intake_;
  std::unique_ptr<DeviceCalls> member_;
  std::unique_ptr<DeviceCalls> holder_;
};

TEST_F(HolderCallsTest, PhotoOfAnAlertIsNeitherFetchedNorClaimed) {
  BlobClient& blobs = holder_->blobs();
  std::string content;
  wire::StatAnswer stat;

  EXPECT_THAT(blobs.Get(photo_, content), HasCode(kNotFound));
  EXPECT_THAT(content, IsEmpty());
  EXPECT_THAT(blobs.Get(photo_, content, kPhotoBytes / 2), HasCode(kNotFound));
  EXPECT_THAT(content, IsEmpty());
  EXPECT_EQ(blobs.size(), 0);
  EXPECT_THAT(blobs.Stat(photo_, stat), HasCode(kNotFound));
  EXPECT_EQ(stat.size(), 0);
  // Into its own room, and where it lies.
  EXPECT_THAT(blobs.Hold(photo_, intake_), HasCode(kNotFound));
  EXPECT_THAT(blobs.Hold(photo_, alerts_), HasCode(kNotFound));
  EXPECT_THAT(blobs.Forget(photo_, alerts_), HasCode(kDenied));
  EXPECT_THAT(blobs.Forget(photo_, intake_), HasCode(kNotFound));
  // As if it were its own upload.
  EXPECT_THAT(blobs.Put(photo_, intake_, std::string(kPhotoBytes, 'p')),
              HasCode(grpc::ALREADY_EXISTS));
  EXPECT_THAT(blobs.Put(photo_, alerts_, "mine"), HasCode(kDenied));

  // None of it has brought it nearer, and nobody has lost it.
  EXPECT_EQ(Fetched(*holder_, photo_), 0);
  EXPECT_GT(Fetched(*member_, photo_), kPhotoBytes);
  Works(stop3_.unit(), {"sync"});
  Works(stop3_.unit(),
        {"file", "get", ToHex(AsBytes(photo_)), "--out", alice_.File("got")});
}

TEST_F(HolderCallsTest, AlertsRoomShowsNothing) {
  const std::string before = LogOf(*member_, alerts_);
  const std::string room = ToString(alerts_.span());

  wire::BackfillAnswer log;
  EXPECT_THAT(holder_->Backfill(alerts_, log), HasCode(kDenied));
  EXPECT_THAT(log.entries(), SizeIs(0));
  EXPECT_FALSE(log.has_head());
  grpc::ClientContext fetching;
  wire::FetchGroupInfoRequest infos;
  infos.set_room_id(room);
  wire::FetchGroupInfoAnswer group;
  EXPECT_THAT(
      holder_->relay().delivery().FetchGroupInfo(&fetching, infos, &group),
      HasCode(kDenied));
  EXPECT_THAT(group.SerializeAsString(), IsEmpty());
  // A stream that names it says only that it is not there.
  wire::FollowRequest following;
  following.add_cursors()->set_room_id(room);
  FollowStream stream = holder_->relay().Follow(following);
  wire::FollowItem item;
  bool left = false;
  while (stream.Next(item) && !item.has_caught_up()) {
    if (item.has_room_left()) {
      left = left || item.room_left().room_id() == room;
    } else {
      EXPECT_EQ(item.SerializeAsString().find(room), std::string::npos);
    }
  }
  EXPECT_TRUE(left);

  EXPECT_EQ(LogOf(*member_, alerts_), before);
}

TEST_F(HolderCallsTest, AlertsRoomTakesNothing) {
  const std::string before = LogOf(*member_, alerts_);
  const std::string room = ToString(alerts_.span());
  wire::BackfillAnswer log;
  ASSERT_THAT(member_->Backfill(alerts_, log), HasCode(grpc::OK));

  // An entry of its own, and one that a member has sealed.
  wire::AppendRequest append;
  append.set_room_id(room);
  append.mutable_envelope()->set_envelope_id(std::string(16, 'e'));
  append.mutable_envelope()->set_kind(wire::ENTRY_KIND_APPLICATION);
  append.mutable_envelope()->set_epoch(log.head().epoch());
  append.mutable_envelope()->set_sealed("sealed");
  uint64_t seq = 0;
  EXPECT_THAT(holder_->relay().Append(append, seq), HasCode(kDenied));
  append.mutable_envelope()->set_sealed(log.entries().rbegin()->sealed());
  EXPECT_THAT(holder_->relay().Append(append, seq), HasCode(kDenied));
  // Keys to bring somebody in by, and itself.
  for (const DeviceId& device : {member_->id(), holder_->id()}) {
    grpc::ClientContext claiming;
    wire::ClaimKeyPackagesRequest claim;
    claim.set_room_id(room);
    claim.add_device_ids(ToString(device.span()));
    wire::ClaimKeyPackagesAnswer claimed;
    EXPECT_THAT(holder_->relay().directory().ClaimKeyPackages(&claiming, claim,
                                                              &claimed),
                HasCode(kDenied));
    EXPECT_THAT(claimed.claimed(), SizeIs(0));
  }

  EXPECT_EQ(LogOf(*member_, alerts_), before);
}

TEST_F(HolderCallsTest, DirectoryShowsItsOwnOrganisationOnly) {
  grpc::ClientContext listing;
  wire::ListDevicesRequest list;
  list.set_organisation("fr.customs");
  wire::ListDevicesAnswer devices;
  EXPECT_THAT(
      holder_->relay().directory().ListDevices(&listing, list, &devices),
      HasCode(kDenied));
  EXPECT_THAT(devices.devices(), SizeIs(0));

  ASSERT_THAT(holder_->relay().ListDevices(devices), HasCode(grpc::OK));

  ASSERT_THAT(devices.devices(), SizeIs(1));
  EXPECT_EQ(devices.devices(0).device_id(), ToString(holder_->id().span()));
}

}  // namespace
}  // namespace cordon::testing
