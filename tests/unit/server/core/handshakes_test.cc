#include "server/core/handshakes.h"

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/role.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/group.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_policy.h"
#include "server/core/append_input.h"
#include "server/core/handshake_check.h"
#include "server/core/publications.h"
#include "server/core/room_log.h"
#include "storage/relay/group_store.h"
#include "tests/support/relay_rooms.h"
#include "tests/support/room_device.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::server {
namespace {

using cert::Role;
using ::cordon::testing::AddOf;
using ::cordon::testing::RelayRooms;
using ::cordon::testing::RemoveOf;
using ::cordon::testing::RoomDevice;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestPki;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr RoomId kRoom({7});

class HandshakesTest : public ::testing::Test {
 protected:
  void Open() {
    relay_.OpenAlerts(kRoom, eva_, {&carla_, &alice_});
    relay_.TakePublications();
  }
  // How many publications of one kind there are since the last look.
  template <typename Kind>
  static size_t CountOf(const std::vector<Publication>& publications) {
    size_t count = 0;
    for (const Publication& each : publications) {
      if (std::holds_alternative<Kind>(each)) ++count;
    }
    return count;
  }

  TestPki pki_;
  RelayRooms relay_{&pki_};
  RoomDevice eva_{&pki_.Device("ocu.authority/eva/desk", {Role::kCoordinator}),
                  &pki_};
  RoomDevice carla_{
      &pki_.Device("fr.customs/carla/desk", {Role::kContactPoint}), &pki_};
  RoomDevice alice_{&pki_.Device("fr.customs/alice/laptop", {Role::kOfficer}),
                    &pki_};
  RoomDevice bruno_{&pki_.Device("fr.customs/bruno/laptop", {Role::kOfficer}),
                    &pki_};
};

TEST_F(HandshakesTest, OfTwoCommitsCheckedAtOnceTheFirstBackWins) {
  Open();
  ASSERT_OK_AND_ASSIGN(CheckedHandshake first,
                       relay_.Check(eva_, eva_.Commit({})));
  ASSERT_OK_AND_ASSIGN(CheckedHandshake second,
                       relay_.Check(carla_, carla_.Commit({})));

  EXPECT_OK(relay_.Finish(carla_, std::move(second)));
  relay_.TakePublications();
  EXPECT_THAT(relay_.Finish(eva_, std::move(first)),
              StatusIs(absl::StatusCode::kAborted));

  EXPECT_EQ(relay_.Room(kRoom).epoch, Epoch{2});
  EXPECT_THAT(relay_.Log(kRoom), SizeIs(2));
  EXPECT_THAT(relay_.TakePublications(), IsEmpty());
}

TEST_F(HandshakesTest, TwoProposalsCheckedAtOnceAreBothHeard) {
  Open();
  const AppendInput carlas = carla_.Propose(RemoveOf(carla_, carla_));
  const AppendInput alices = alice_.Propose(RemoveOf(alice_, alice_));
  ASSERT_OK_AND_ASSIGN(CheckedHandshake first, relay_.Check(carla_, carlas));
  ASSERT_OK_AND_ASSIGN(CheckedHandshake second, relay_.Check(alice_, alices));
  ASSERT_OK(relay_.Finish(carla_, std::move(first)));
  ASSERT_OK(relay_.Finish(alice_, std::move(second)));

  // One commit refers to both.
  eva_.Process(carlas.sealed);
  eva_.Process(alices.sealed);
  EXPECT_OK(relay_.Append(eva_, eva_.Commit({})));
}

TEST_F(HandshakesTest, CommitTellsWhoCameAndWhoWent) {
  Open();

  ASSERT_OK(relay_.Append(
      eva_, eva_.Commit({AddOf(bruno_), RemoveOf(eva_, alice_)})));

  const std::vector<Publication> told = relay_.TakePublications();
  EXPECT_EQ(CountOf<EntryAppended>(told), 1U);
  EXPECT_EQ(CountOf<ToDevice>(told), 1U);
  EXPECT_EQ(CountOf<DeviceLeft>(told), 1U);
  EXPECT_EQ(CountOf<DeviceJoined>(told), 1U);
  EXPECT_THAT(relay_.store()->groups.FindMember(kRoom, alice_.id()),
              ::cordon::testing::IsOkAndHolds(std::nullopt));
  ASSERT_OK_AND_ASSIGN(const std::optional<relay::Member> bruno,
                       relay_.store()->groups.FindMember(kRoom, bruno_.id()));
  ASSERT_TRUE(bruno.has_value());
  EXPECT_EQ(bruno->since, LogSeq{2});
}

TEST_F(HandshakesTest, WhoComesBackKeepsWhatItMightRead) {
  Open();
  ASSERT_OK_AND_ASSIGN(const std::optional<relay::Member> before,
                       relay_.store()->groups.FindMember(kRoom, alice_.id()));

  ASSERT_OK(relay_.Append(
      alice_,
      alice_.Rejoin(eva_.ExportInfo(), codec::Serialize(eva_.group().tree()))));

  ASSERT_OK_AND_ASSIGN(const std::optional<relay::Member> after,
                       relay_.store()->groups.FindMember(kRoom, alice_.id()));
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(after->since, before->since);
  const std::vector<Publication> told = relay_.TakePublications();
  EXPECT_EQ(CountOf<DeviceLeft>(told), 0U);
  EXPECT_EQ(CountOf<DeviceJoined>(told), 0U);
}

TEST_F(HandshakesTest, CommitThatIsTakenBackLeavesTheRoomAsItWas) {
  Open();
  const AppendInput lost = eva_.Commit({});
  ASSERT_OK_AND_ASSIGN(CheckedHandshake checked, relay_.Check(eva_, lost));
  relay_.store().disk().StopAfter(0);
  EXPECT_FALSE(relay_.Finish(eva_, std::move(checked)).ok());
  relay_.Restart();

  EXPECT_EQ(relay_.Room(kRoom).epoch, Epoch{1});
  EXPECT_OK(relay_.Append(carla_, carla_.Commit({})));
}

TEST_F(HandshakesTest, RestartKeepsGroupProposalsAndInboxes) {
  Open();
  ASSERT_OK(relay_.Append(alice_, alice_.Propose(RemoveOf(alice_, alice_))));
  relay_.Restart();
  carla_.Process(relay_.Log(kRoom).back().sealed);

  ASSERT_OK(relay_.Append(carla_, carla_.Commit({AddOf(bruno_)})));
  carla_.Adopt();
  relay_.Restart();
  relay_.JoinBy(bruno_);

  EXPECT_EQ(bruno_.group().epoch(), Epoch{2});
  EXPECT_OK(relay_.Append(bruno_, bruno_.Commit({})));
}

// A full room must still be able to put somebody out.
TEST_F(HandshakesTest, FullLogStillTakesCommits) {
  TestPki pki;
  RelayRooms full(&pki, {.room_log_bytes_max = 1});
  RoomDevice eva(&pki.Device("ocu.authority/eva/desk", {Role::kCoordinator}),
                 &pki);
  RoomDevice alice(&pki.Device("fr.customs/alice/laptop", {Role::kOfficer}),
                   &pki);
  full.OpenRoom(kRoom,
                policy::PolicyFor(policy::RoomKind::kAlerts, OperationId({5})),
                eva, {&alice});

  EXPECT_OK(full.Append(eva, eva.Commit({RemoveOf(eva, alice)})));
}

}  // namespace
}  // namespace cordon::server
