// Rooms of a real cordond: who opens them, how their members change, and what
// is refused with which sentence, leaving everything as it was.

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/directory.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/cert/role.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/proposal.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "server/core/append_input.h"
#include "server/core/blobs.h"
#include "tests/integration/server/room_fixture.h"
#include "tests/support/fake_clock.h"
#include "tests/support/relay_client.h"
#include "tests/support/room_device.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

using server::AppendInput;
using ::testing::SizeIs;

constexpr RoomId kRoom({7});
constexpr auto kInvalid = grpc::INVALID_ARGUMENT;
constexpr auto kDenied = grpc::PERMISSION_DENIED;

// The message of `input`, changed and signed again by its author. No member
// would take it, for its tags; the relay cannot know.
AppendInput Forged(AppendInput input, RoomDevice& author,
                   const std::function<void(mls::Commit&)>& change) {
  auto message = mls::ParseAs<mls::PublicMessage>(input.sealed);
  EXPECT_OK(message);
  change(std::get<mls::Commit>(message->content.content.content));
  mls::Sign(author.device().identity_key,
            codec::Serialize(author.group().context()), message->content);
  input.sealed = codec::Serialize(mls::MlsMessage(*std::move(message)));
  return input;
}

// The first proposal's key package, replaced.
std::function<void(mls::Commit&)> Adding(const mls::KeyPackage& package) {
  return [&package](mls::Commit& commit) {
    auto& proposal = std::get<mls::Proposal>(commit.proposals.at(0));
    std::get<mls::Add>(proposal).key_package = package;
  };
}

class RoomsTest : public RoomFixture {
 protected:
  // The refusal's sentence, and that it changed nothing.
  void ExpectRefused(Participant& by, const AppendInput& input,
                     grpc::StatusCode code, const std::string& words) {
    const std::string before = Snapshot();
    EXPECT_THAT(Append(by, input), Refuses(code, words));
    EXPECT_EQ(Snapshot(), before);
  }
  mls::Proposal PolicyThatOfficersAdmit() {
    policy::RoomPolicy wider = policy_;
    wider.admit_any = policy::MaskOf({cert::Role::kOfficer});
    return mls::GroupContextExtensions{
        policy::RoomExtensions(wider, RelayKey())};
  }
};

// ---- opening

TEST_F(RoomsTest, RelayDescribesItself) {
  Start();
  grpc::ClientContext context;
  wire::DescribeAnswer answer;

  ASSERT_THAT(alice_->client.delivery().Describe(&context, {}, &answer),
              HasCode(grpc::OK));

  EXPECT_THAT(answer.mls_public_key(), SizeIs(32));
  EXPECT_EQ(answer.file_bytes_max(), server::kSealedFileBytesMax);
  EXPECT_EQ(answer.envelope_bytes_max(), kEnvelopeBytesMax);
}

TEST_F(RoomsTest, RoomIsOpenedOnceAndItsCreatorIsInIt) {
  Start();
  const Bytes info =
      eva_->room.Create(kRoom, policy::RoomExtensions(policy_, RelayKey()));

  EXPECT_THAT(CreateRoom(*eva_, kRoom, info), HasCode(grpc::OK));
  EXPECT_THAT(CreateRoom(*eva_, kRoom, info), HasCode(grpc::OK));
  EXPECT_THAT(CreateRoom(*carla_, kRoom, info), HasCode(grpc::ALREADY_EXISTS));

  const wire::BackfillAnswer log = ReadLog(*eva_, kRoom);
  EXPECT_EQ(log.head().epoch(), 0);
  EXPECT_THAT(log.entries(), SizeIs(0));
}

TEST_F(RoomsTest, RoomThatDoesNotHoldIsNotOpened) {
  Start();
  const Bytes key = RelayKey();
  mls::Extensions no_policy = policy::RoomExtensions(policy_, key);
  no_policy.pop_back();
  const Bytes other_key(32, 9);

  EXPECT_THAT(CreateRoom(*eva_, kRoom, eva_->room.Create(kRoom, no_policy)),
              Refuses(kInvalid, "has no policy"));
  EXPECT_THAT(CreateRoom(*eva_, kRoom,
                         eva_->room.Create(kRoom, policy::RoomExtensions(
                                                      policy_, other_key))),
              Refuses(kInvalid, "another relay's key"));
  EXPECT_THAT(CreateRoom(*eva_, RoomId({8}),
                         eva_->room.Create(
                             kRoom, policy::RoomExtensions(policy_, key))),
              Refuses(kInvalid, "its id being its group's"));
  EXPECT_THAT(CreateRoom(*eva_, kRoom,
                         carla_->room.Create(
                             kRoom, policy::RoomExtensions(policy_, key))),
              Refuses(kDenied, "its creator in it, and nobody else"));
  EXPECT_THAT(CreateRoom(*eva_, kRoom, ToBytes("no group info")),
              HasCode(kInvalid));
  wire::FetchGroupInfoAnswer infos;
  EXPECT_THAT(FetchInfos(*eva_, kRoom, infos), HasCode(grpc::NOT_FOUND));
}

// Its own rules would let it claim anybody's key packages and add anybody.
TEST_F(RoomsTest, RoomWhoseOpenerMayDoAnythingIsNotOpened) {
  Start();
  policy::RoomPolicy own =
      policy::PolicyFor(policy::RoomKind::kChannel, policy_.operation);
  own.admit_any = policy::MaskOf({cert::Role::kContactPoint});

  EXPECT_THAT(CreateRoom(*carla_, kRoom,
                         carla_->room.Create(
                             kRoom, policy::RoomExtensions(own, RelayKey()))),
              Refuses(kInvalid, "goes beyond what its kind of room allows"));
  wire::FetchGroupInfoAnswer infos;
  EXPECT_THAT(FetchInfos(*carla_, kRoom, infos), HasCode(grpc::NOT_FOUND));
}

TEST_F(RoomsTest, OfficerOpensNoRoom) {
  Start();
  const Bytes info =
      alice_->room.Create(kRoom, policy::RoomExtensions(policy_, RelayKey()));

  EXPECT_THAT(CreateRoom(*alice_, kRoom, info),
              Refuses(kDenied, "no role that opens such a room"));
}

// ---- members

TEST_F(RoomsTest, AddedDeviceFindsItsWelcomeAndWhatComesAfter) {
  StartWithRoom();
  FollowStream live = bruno_->client.Follow();
  live.ReadBacklog();

  ASSERT_THAT(Append(*eva_, eva_->room.Commit({AddOf(bruno_->room)})),
              HasCode(grpc::OK));
  eva_->room.Adopt();
  ASSERT_NO_FATAL_FAILURE(JoinBy(*bruno_, live));
  ASSERT_THAT(Append(*eva_, eva_->room.Commit({})), HasCode(grpc::OK));
  eva_->room.Adopt();

  wire::FollowItem item;
  while (live.Next(item) && !item.has_entry()) {
  }
  EXPECT_EQ(item.entry().kind(), wire::ENTRY_KIND_COMMIT);
  EXPECT_EQ(item.entry().epoch(), 2);
  EXPECT_TRUE(bruno_->room.Process(AsBytes(item.entry().sealed())));
  EXPECT_EQ(ToHex(bruno_->room.group().EpochAuthenticator()),
            ToHex(eva_->room.group().EpochAuthenticator()));
  // What was before it is not for the newcomer.
  EXPECT_THAT(ReadLog(*bruno_, kRoom).entries(), SizeIs(1));
}

TEST_F(RoomsTest, MembersFollowACommitAndGoOn) {
  StartWithRoom();

  ASSERT_THAT(Append(*alice_, alice_->room.Commit({})), HasCode(grpc::OK));
  alice_->room.Adopt();
  CatchUp(*eva_);
  CatchUp(*carla_);
  ASSERT_THAT(Append(*carla_, carla_->room.Commit({})), HasCode(grpc::OK));

  EXPECT_EQ(ReadLog(*eva_, kRoom).head().epoch(), 3);
}

TEST_F(RoomsTest, RepeatedCommitAnswersWithItsFirstPlace) {
  StartWithRoom();
  const AppendInput commit = alice_->room.Commit({});
  ASSERT_THAT(Append(*alice_, commit), HasCode(grpc::OK));
  const std::string before = Snapshot();

  EXPECT_THAT(Append(*alice_, commit), HasCode(grpc::OK));

  EXPECT_EQ(Snapshot(), before);
}

TEST_F(RoomsTest, RemovedDeviceIsToldAndReadsNoMore) {
  StartWithRoom();
  FollowStream live = alice_->client.Follow();
  live.ReadBacklog();

  ASSERT_THAT(Append(*carla_, carla_->room.Commit(
                                  {RemoveOf(carla_->room, alice_->room)})),
              HasCode(grpc::OK));

  wire::FollowItem item;
  ASSERT_TRUE(live.Next(item));
  ASSERT_TRUE(item.has_entry());
  EXPECT_FALSE(alice_->room.Process(AsBytes(item.entry().sealed())));
  ASSERT_TRUE(live.Next(item));
  EXPECT_EQ(item.room_left().room_id(), ToString(kRoom.span()));
  EXPECT_THAT(Append(*alice_, eva_->room.Commit({})), HasCode(kDenied));
  // Also if it was away.
  wire::FollowRequest request;
  request.add_cursors()->set_room_id(ToString(kRoom.span()));
  FollowStream later = alice_->client.Follow(request);
  ASSERT_TRUE(later.Next(item));
  EXPECT_EQ(item.room_left().room_id(), ToString(kRoom.span()));
}

TEST_F(RoomsTest, ProposalOfAMemberIsCommittedByAnother) {
  StartWithRoom();
  ASSERT_THAT(Append(*alice_, alice_->room.Propose(
                                  RemoveOf(alice_->room, alice_->room))),
              HasCode(grpc::OK));
  CatchUp(*carla_);

  const AppendInput commit = carla_->room.Commit({AddOf(bruno_->room)});
  ASSERT_TRUE(commit.welcome.has_value());
  EXPECT_THAT(commit.welcome->joiners, SizeIs(1));
  EXPECT_THAT(Append(*carla_, commit), HasCode(grpc::OK));
  carla_->room.Adopt();

  FollowStream stream = bruno_->client.Follow();
  ASSERT_NO_FATAL_FAILURE(JoinBy(*bruno_, stream));
  EXPECT_EQ(ToHex(bruno_->room.group().EpochAuthenticator()),
            ToHex(carla_->room.group().EpochAuthenticator()));
  EXPECT_THAT(Append(*alice_, eva_->room.Commit({})),
              Refuses(kDenied, "not in that room"));
}

TEST_F(RoomsTest, DeviceThatLostItsStateComesBackByAnExternalCommit) {
  StartWithRoom();
  wire::FetchGroupInfoAnswer infos;
  ASSERT_THAT(FetchInfos(*alice_, kRoom, infos), HasCode(grpc::OK));
  ASSERT_THAT(infos.group_infos(), SizeIs(1));

  const AppendInput rejoin =
      alice_->room.Rejoin(ToBytes(AsBytes(infos.group_infos(0))),
                          ToBytes(AsBytes(infos.ratchet_tree())));
  ASSERT_THAT(Append(*alice_, rejoin), HasCode(grpc::OK));
  alice_->room.Adopt();
  CatchUp(*eva_);

  EXPECT_EQ(ToHex(alice_->room.group().EpochAuthenticator()),
            ToHex(eva_->room.group().EpochAuthenticator()));
  ASSERT_THAT(Append(*alice_, alice_->room.Commit({})), HasCode(grpc::OK));
}

TEST_F(RoomsTest, CoordinatorChangesThePolicyAndItCounts) {
  StartWithRoom();
  policy::RoomPolicy narrower = policy_;
  narrower.admit_own = policy::RoleMask{0};
  ASSERT_THAT(
      Append(*eva_, eva_->room.Commit({mls::GroupContextExtensions{
                        policy::RoomExtensions(narrower, RelayKey())}})),
      HasCode(grpc::OK));
  CatchUp(*carla_);

  EXPECT_THAT(Append(*carla_, carla_->room.Commit({AddOf(bruno_->room)})),
              Refuses(kDenied, "does not let this device admit that one"));
}

TEST_F(RoomsTest, PolicyBeyondTheDefaultsIsRefusedToACoordinatorToo) {
  StartWithRoom();

  ExpectRefused(*eva_, eva_->room.Commit({PolicyThatOfficersAdmit()}), kInvalid,
                "goes beyond what its kind of room allows");
}

TEST_F(RoomsTest, ThreeSignersGroupInfosAreKeptAndOnlyOfThisEpoch) {
  StartWithRoom();
  const Bytes evas = eva_->room.ExportInfo();

  EXPECT_THAT(PutInfo(*carla_, kRoom, carla_->room.ExportInfo()),
              HasCode(grpc::OK));
  EXPECT_THAT(PutInfo(*alice_, kRoom, alice_->room.ExportInfo()),
              HasCode(grpc::OK));
  EXPECT_THAT(PutInfo(*alice_, kRoom, evas),
              Refuses(kDenied, "did not sign it"));
  EXPECT_THAT(PutInfo(*bruno_, kRoom, evas), HasCode(kDenied));

  wire::FetchGroupInfoAnswer infos;
  ASSERT_THAT(FetchInfos(*alice_, kRoom, infos), HasCode(grpc::OK));
  EXPECT_THAT(infos.group_infos(), SizeIs(3));
  EXPECT_THAT(FetchInfos(*bruno_, kRoom, infos), HasCode(kDenied));
  ASSERT_THAT(Append(*alice_, alice_->room.Commit({})), HasCode(grpc::OK));
  EXPECT_THAT(PutInfo(*eva_, kRoom, evas), HasCode(kInvalid));
}

TEST_F(RoomsTest, KilledRelayKeepsRoomsMembersAndInboxes) {
  StartWithRoom();
  ASSERT_THAT(Append(*eva_, eva_->room.Commit({AddOf(bruno_->room)})),
              HasCode(grpc::OK));
  eva_->room.Adopt();
  ASSERT_THAT(
      Append(*eva_, eva_->room.Propose(RemoveOf(eva_->room, alice_->room))),
      HasCode(grpc::OK));
  const std::string before = Snapshot();
  relay_.Kill();
  relay_.Start();
  for (auto* each : {&eva_, &carla_, &alice_, &bruno_}) {
    (*each)->client =
        RelayClient(relay_.address(), relay_.pin(), &(*each)->room.device());
  }

  EXPECT_EQ(Snapshot(), before);
  FollowStream stream = bruno_->client.Follow();
  ASSERT_NO_FATAL_FAILURE(JoinBy(*bruno_, stream));
  CatchUp(*carla_);
  // The proposal from before is known to the relay, and committed.
  EXPECT_THAT(Append(*carla_, carla_->room.Commit({})), HasCode(grpc::OK));
  EXPECT_THAT(Append(*alice_, alice_->room.Commit({})),
              Refuses(kDenied, "not in that room"));
}

// ---- refusals

TEST_F(RoomsTest, CommitWithABadSignatureIsRefused) {
  StartWithRoom();
  AppendInput commit = eva_->room.Commit({});
  auto message = mls::ParseAs<mls::PublicMessage>(commit.sealed);
  ASSERT_OK(message);
  message->content.auth.signature[0] ^= 1;
  commit.sealed = codec::Serialize(mls::MlsMessage(*message));

  ExpectRefused(*eva_, commit, kInvalid, "signature does not verify");
}

TEST_F(RoomsTest, CommitOfAnOldEpochIsRefused) {
  StartWithRoom();
  const AppendInput first = eva_->room.Commit({});
  const AppendInput second = eva_->room.Commit({});
  ASSERT_THAT(Append(*eva_, first), HasCode(grpc::OK));

  ExpectRefused(*eva_, second, grpc::ABORTED, "another epoch");
}

TEST_F(RoomsTest, CommitWithAWrongParentHashIsRefused) {
  StartWithRoom();
  const AppendInput commit =
      Forged(eva_->room.Commit({}), eva_->room, [this](mls::Commit& content) {
        mls::LeafNode& leaf = content.path->leaf_node;
        leaf.parent_hash[0] ^= 1;
        mls::SignLeafNode(
            eva_->room.device().identity_key,
            {.group_id = kRoom.span(), .index = eva_->room.group().self()},
            leaf);
      });

  ExpectRefused(*eva_, commit, kInvalid, "wrong parent hash");
}

TEST_F(RoomsTest, CommitThatAddsAKeyTwiceIsRefused) {
  StartWithRoom();
  const AppendInput good = eva_->room.Commit({AddOf(bruno_->room)});
  mls::KeyPackage package = bruno_->room.MakeKeyPackage();
  package.leaf_node.encryption_key = alice_->room.group()
                                         .tree()
                                         .Member(alice_->room.group().self())
                                         ->leaf.encryption_key;
  mls::SignKeyPackage(bruno_->room.device().identity_key, package);

  ExpectRefused(*eva_, Forged(good, eva_->room, Adding(package)), kInvalid,
                "key or device is there already");
}

TEST_F(RoomsTest, CommitWithTheGroupInfoOfAnotherTreeIsRefused) {
  StartWithRoom();
  const AppendInput other = eva_->room.Commit({});
  AppendInput commit = eva_->room.Commit({});
  commit.group_info = other.group_info;

  ExpectRefused(*eva_, commit, kInvalid, "of another state or tree");
}

TEST_F(RoomsTest, RemoveByAnOfficerIsRefused) {
  StartWithRoom();

  ExpectRefused(*alice_,
                alice_->room.Commit({RemoveOf(alice_->room, carla_->room)}),
                kDenied, "does not let this device remove that one");
  ExpectRefused(*alice_,
                alice_->room.Propose(RemoveOf(alice_->room, carla_->room)),
                kDenied, "does not let this device remove that one");
}

TEST_F(RoomsTest, AddByAnOfficerIsRefused) {
  StartWithRoom();

  ExpectRefused(*alice_, alice_->room.Commit({AddOf(bruno_->room)}), kDenied,
                "does not let this device admit that one");
}

TEST_F(RoomsTest, AddOfAnOrganisationThatTheRoomIsNotForIsRefused) {
  StartWithRoom();
  Participant brand =
      Connect("acme.rightsholder/bo/desk", {cert::Role::kContactPoint});

  ExpectRefused(*eva_, eva_->room.Commit({AddOf(brand.room)}), kDenied,
                "does not let a device of that organisation in");
}

TEST_F(RoomsTest, PolicyChangeByAnOfficerIsRefused) {
  StartWithRoom();

  ExpectRefused(*alice_, alice_->room.Commit({PolicyThatOfficersAdmit()}),
                kDenied, "does not let this device change it");
}

TEST_F(RoomsTest, AddFromAnotherRootIsRefused) {
  StartWithRoom();
  TestPki other(2, FakeClock(SystemClock().Now()));
  RoomDevice stranger(
      &other.Device("fr.customs/bruno/laptop", {cert::Role::kOfficer}), &other);
  const AppendInput good = eva_->room.Commit({AddOf(bruno_->room)});

  ExpectRefused(*eva_,
                Forged(good, eva_->room, Adding(stranger.MakeKeyPackage())),
                kInvalid, "chain: ");
}

TEST_F(RoomsTest, ExternalCommitByAStrangerIsRefused) {
  StartWithRoom();
  const AppendInput commit = bruno_->room.Rejoin(
      eva_->room.ExportInfo(), codec::Serialize(eva_->room.group().tree()));

  ExpectRefused(*bruno_, commit, kDenied,
                "is for a device that is in the room already");
}

TEST_F(RoomsTest, CommitSentByAnotherIsRefused) {
  StartWithRoom();

  ExpectRefused(*alice_, eva_->room.Commit({}), kDenied,
                "is not the author of what it sends");
  const AppendInput rejoin = carla_->room.Rejoin(
      eva_->room.ExportInfo(), codec::Serialize(eva_->room.group().tree()));
  ExpectRefused(*alice_, rejoin, kDenied, "is not the author of what it sends");
}

TEST_F(RoomsTest, WelcomeThatIsNotForWhoIsAddedIsRefused) {
  StartWithRoom();
  AppendInput none = eva_->room.Commit({AddOf(bruno_->room)});
  AppendInput wrong_tree = none;
  AppendInput wrong_device = none;
  none.welcome.reset();
  wrong_tree.welcome->ratchet_tree.back() ^= 1;
  wrong_device.welcome->joiners[0].device = alice_->room.id();

  ExpectRefused(*eva_, none, kInvalid, "not for the devices that");
  ExpectRefused(*eva_, wrong_tree, kInvalid, "tree is not the one");
  ExpectRefused(*eva_, wrong_device, kInvalid, "not for the key packages");
}

TEST_F(RoomsTest, WhatIsNoHandshakeMessageIsRefused) {
  StartWithRoom();
  AppendInput noise = eva_->room.Commit({});
  noise.sealed = ToBytes("noise");
  AppendInput kind = eva_->room.Commit({});
  kind.kind = EntryKind::kProposal;
  kind.group_info.clear();

  ExpectRefused(*eva_, noise, kInvalid, "framing");
  ExpectRefused(*eva_, kind, kInvalid, "kind is not its message's");
}

// ---- key packages

TEST_F(RoomsTest, KeyPackagesAreCheckedWhenTheyArePublished) {
  Start();
  const mls::KeyPackage good = bruno_->room.MakeKeyPackage();
  mls::KeyPackage forged = good;
  forged.signature[0] ^= 1;

  EXPECT_THAT(Publish(*bruno_, good), HasCode(grpc::OK));
  EXPECT_THAT(Publish(*bruno_, forged),
              Refuses(kInvalid, "signature does not verify"));
  EXPECT_THAT(Publish(*alice_, good),
              Refuses(kDenied, "it is another device's"));
  EXPECT_THAT(Publish(*bruno_, good, absl::Hours(25)),
              Refuses(kInvalid, "kept longer than it lives"));
}

TEST_F(RoomsTest, KeyPackagesAreForWhoMayAdmit) {
  StartWithRoom();
  ASSERT_THAT(Publish(*bruno_, bruno_->room.MakeKeyPackage()),
              HasCode(grpc::OK));
  const DeviceId bruno = bruno_->room.id();
  const DeviceId eva = eva_->room.id();
  wire::ClaimKeyPackagesAnswer answer;

  EXPECT_THAT(Claim(*alice_, kRoom, bruno, answer),
              Refuses(kDenied, "does not let this device admit that one"));
  EXPECT_THAT(Claim(*carla_, kRoom, eva, answer), HasCode(kDenied));
  EXPECT_THAT(Claim(*bruno_, kRoom, bruno, answer), HasCode(kDenied));
  EXPECT_THAT(Claim(*alice_, RoomId({9}), bruno, answer),
              Refuses(kDenied, "no role that opens rooms"));
  EXPECT_THAT(Claim(*carla_, RoomId({9}), eva, answer), HasCode(kDenied));
  ASSERT_THAT(Claim(*carla_, kRoom, bruno, answer), HasCode(grpc::OK));
  EXPECT_FALSE(answer.claimed(0).key_package().empty());
  ASSERT_THAT(Claim(*eva_, RoomId({9}), bruno, answer), HasCode(grpc::OK));
  EXPECT_TRUE(answer.claimed(0).key_package().empty());
}

// ---- revocation

TEST_F(RoomsTest, RevokedMemberIsProposedForRemovalUntilItIsGone) {
  StartWithRoom();
  ASSERT_NO_FATAL_FAILURE(Revoke(alice_->room.device()));

  const wire::BackfillAnswer log = ReadLog(*eva_, kRoom, 1);
  ASSERT_THAT(log.entries(), SizeIs(1));
  EXPECT_EQ(log.entries(0).kind(), wire::ENTRY_KIND_PROPOSAL);
  EXPECT_EQ(log.entries(0).author(), std::string(32, '\0'));
  // Carla has not seen it, and commits something else.
  ASSERT_THAT(Append(*carla_, carla_->room.Commit({})), HasCode(grpc::OK));
  CatchUp(*eva_);
  EXPECT_TRUE(eva_->room.group().has_proposals());
  EXPECT_THAT(ReadLog(*eva_, kRoom, 1).entries(), SizeIs(3));

  ASSERT_THAT(Append(*eva_, eva_->room.Commit({})), HasCode(grpc::OK));
  eva_->room.Adopt();

  EXPECT_FALSE(eva_->room.group().tree().FindDevice(alice_->room.id()));
  EXPECT_THAT(ReadLog(*eva_, kRoom, 1).entries(), SizeIs(4));
}

}  // namespace
}  // namespace cordon::testing
