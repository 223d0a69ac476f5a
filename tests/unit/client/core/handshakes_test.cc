#include "client/core/handshakes.h"

#include <array>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/role.h"
#include "crypto/codec/writer.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/proposal.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/room_peer.h"
#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::testing::kOperation;
using ::cordon::testing::RoomPeer;
using ::cordon::testing::RoomTown;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class HandshakesTest : public ::testing::Test {
 protected:
  HandshakesTest() {
    EXPECT_OK(chief_.Admit(room_));
    town_.CatchUp();
  }

  // Appends a handshake message as `peer`, whatever its own client would say.
  absl::StatusOr<LogSeq> Append(RoomPeer& peer, AppendCall call) {
    return peer.Run(AppendAs(peer, std::move(call)));
  }
  Task<absl::StatusOr<LogSeq>> AppendAs(RoomPeer& peer, AppendCall call) {
    co_return co_await Ask<LogSeq>([&](Done<LogSeq> done) {
      peer.relay().Append(std::move(call), std::move(done));
    });
  }
  // Appends a commit with these proposals.
  absl::StatusOr<LogSeq> CommitAs(RoomPeer& peer,
                                  std::vector<mls::Proposal> proposals) {
    mls::Group& group = peer.group(room_);
    auto made = group.Commit(
        {.proposals = std::move(proposals), .tree = mls::TreePlace::kBeside},
        peer.trust().services());
    EXPECT_OK(made);
    return Append(
        peer,
        {.room = room_,
         .envelope = EnvelopeId(std::array<uint8_t, 16>{3}),
         .kind = EntryKind::kCommit,
         .epoch = group.epoch(),
         .sealed = made->commit,
         .group_info = codec::Serialize(mls::MlsMessage(made->group_info))});
  }
  // Has `peer` propose to be taken out.
  absl::Status AskToLeave(RoomPeer& peer, uint8_t envelope) {
    absl::StatusOr<Bytes> proposal =
        peer.group(room_).Propose(RemoveOf(peer), {}, peer.trust().services());
    if (!proposal.ok()) return proposal.status();
    peer.shelf().Forget(room_);
    return Append(peer,
                  {.room = room_,
                   .envelope = EnvelopeId(std::array<uint8_t, 16>{envelope}),
                   .kind = EntryKind::kProposal,
                   .epoch = Epoch{1},
                   .sealed = *std::move(proposal)})
        .status();
  }
  mls::Remove RemoveOf(RoomPeer& peer) {
    return {.removed = *chief_.group(room_).tree().FindDevice(peer.device())};
  }

  RoomTown town_;
  RoomPeer& chief_ =
      town_.Add("ocu.authority/chief/desk", {cert::Role::kCoordinator});
  RoomPeer& alice_ =
      town_.Add("fr.customs/alice/laptop", {cert::Role::kContactPoint});
  RoomPeer& bob_ = town_.Add("de.customs/bob/phone", {cert::Role::kOfficer});
  RoomId room_ = chief_.OpenGeneral();
};

TEST_F(HandshakesTest, JoinerKnowsOperationAndRoomAndWhereItBegins) {
  EXPECT_EQ(alice_.row(room_).title, "general");
  EXPECT_EQ(alice_.row(room_).operation, kOperation);
  EXPECT_EQ(alice_.row(room_).cursor.seq, LogSeq{1});
  EXPECT_EQ(alice_.row(room_).cursor.hash, chief_.row(room_).cursor.hash);
  const auto* const joined = std::get_if<RoomJoined>(&alice_.told().at(0));
  ASSERT_NE(joined, nullptr);
  EXPECT_EQ(joined->room, "stop3/general");
}

TEST_F(HandshakesTest, WelcomeThatComesAgainChangesNothing) {
  const InboxItem item = town_.world().rooms.InboxOf(alice_.device()).at(0);
  ASSERT_OK(chief_.Run(
      chief_.commits().Change(room_, RoomChange{.renew_keys = true})));
  alice_.CatchUp();
  const Epoch before = alice_.row(room_).epoch;

  EXPECT_OK(alice_.Run(alice_.handshakes().TakeInbox(item)));

  EXPECT_EQ(alice_.row(room_).epoch, before);
}

// The relay of this test asks no policy, and the newcomer sees no commit.
TEST_F(HandshakesTest, WelcomeOfWhoMayNotAdmitIsRefusedAndNamed) {
  RoomPeer& dora = town_.Add("de.customs/dora/phone", {cert::Role::kOfficer});
  const auto claimed = town_.world().Claim(dora.device());
  ASSERT_OK_AND_ASSIGN(mls::KeyPackage package,
                       mls::ParseKeyPackage(claimed.key_package));
  RoomChange change;
  change.adds.push_back(
      {.device = dora.device(), .key_package = std::move(package)});
  ASSERT_OK(bob_.Run(bob_.commits().Change(room_, std::move(change))));

  const std::vector<std::string> findings = dora.CatchUp();

  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0],
              HasSubstr("a Welcome of de.customs/bob/phone is refused"));
  EXPECT_THAT(dora.told(), IsEmpty());
  EXPECT_THAT(dora.vault()->Read([this](const vault::VaultTxn& txn) {
    return txn.rooms().GetRoom(room_).status();
  }),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(HandshakesTest, CommitThatThePolicyForbidsStopsTheRoomAndNamesWho) {
  // An officer takes a colleague out; the relay of this test asks no policy.
  ASSERT_OK(CommitAs(bob_, {RemoveOf(alice_)}));

  const std::vector<std::string> findings = chief_.CatchUp();

  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0], HasSubstr("de.customs/bob/phone"));
  EXPECT_EQ(chief_.row(room_).state, vault::RoomState::kStopped);
  EXPECT_EQ(chief_.group(room_).epoch(), Epoch{1});
}

TEST_F(HandshakesTest, WhomThePolicyKeepsInIsNotTakenOut) {
  ASSERT_OK(CommitAs(bob_, {RemoveOf(alice_)}));

  const std::vector<std::string> findings = alice_.CatchUp();

  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0], HasSubstr(bob_.name()));
  EXPECT_EQ(alice_.row(room_).state, vault::RoomState::kStopped);
}

TEST_F(HandshakesTest, WhoTookUsOutIsWhomMlsHasProven) {
  ASSERT_OK(CommitAs(chief_, {RemoveOf(alice_)}));
  LogEntry entry = town_.world().rooms.rooms().at(room_).log.back();
  const RoomHead head{alice_.row(room_).cursor.seq,
                      alice_.row(room_).cursor.hash};
  entry.author = bob_.device();

  ASSERT_OK_AND_ASSIGN(const TakenHandshake lied,
                       alice_.handshakes().Take(entry, {entry.seq, head.hash}));

  ASSERT_TRUE(lied.finding.has_value());
  EXPECT_THAT(*lied.finding, HasSubstr(chief_.name()));
  EXPECT_THAT(*lied.finding, Not(HasSubstr(bob_.name())));
  EXPECT_EQ(alice_.row(room_).state, vault::RoomState::kStopped);
}

TEST_F(HandshakesTest, LeaverChangesTheRoomNoMore) {
  ASSERT_OK(AskToLeave(alice_, 7));
  alice_.CatchUp();

  EXPECT_THAT(alice_.Run(alice_.commits().Change(
                  room_, RoomChange{.renew_keys = true})),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_TRUE(alice_.group(room_).has_proposals());
}

TEST_F(HandshakesTest, RoomThatEverybodyLeavesIsChangedAllTheSame) {
  ASSERT_OK(AskToLeave(alice_, 7));
  ASSERT_OK(AskToLeave(bob_, 8));
  ASSERT_OK(AskToLeave(chief_, 9));
  chief_.CatchUp();

  EXPECT_OK(chief_.Run(
      chief_.commits().Change(room_, RoomChange{.renew_keys = true})));

  EXPECT_EQ(chief_.row(room_).state, vault::RoomState::kJoined);
  EXPECT_FALSE(chief_.group(room_).has_proposals());
}

TEST_F(HandshakesTest, LeaverIsOutWhenAnotherHasCommittedIt) {
  ASSERT_OK(AskToLeave(bob_, 4));
  EXPECT_THAT(alice_.CatchUp(), IsEmpty());
  const auto unfinished = alice_.moves().TakeUnfinished();
  ASSERT_TRUE(unfinished.has_value());
  EXPECT_EQ(unfinished->room, room_);

  ASSERT_OK(alice_.Run(alice_.commits().Change(room_, {})));

  town_.CatchUp();
  EXPECT_EQ(bob_.row(room_).state, vault::RoomState::kLeft);
  EXPECT_THAT(bob_.row(room_).state_reason, HasSubstr(alice_.name()));
  EXPECT_EQ(chief_.members(room_), 2U);
  EXPECT_EQ(chief_.row(room_).state, vault::RoomState::kJoined);
}

TEST_F(HandshakesTest, GarbageInAHandshakesPlaceIsKeptAside) {
  const RoomHead head{chief_.row(room_).cursor.seq,
                      chief_.row(room_).cursor.hash};
  LogEntry entry{.room = room_,
                 .seq = head.seq.Next(),
                 .kind = EntryKind::kProposal,
                 .epoch = Epoch{1},
                 .author = bob_.device(),
                 .envelope = EnvelopeId(std::array<uint8_t, 16>{5}),
                 .sealed = ToBytes("not MLS"),
                 .received = town_.pki().clock().Now()};

  ASSERT_OK_AND_ASSIGN(const TakenHandshake taken,
                       chief_.handshakes().Take(entry, {entry.seq, head.hash}));

  ASSERT_TRUE(taken.finding.has_value());
  EXPECT_THAT(*taken.finding, Not(HasSubstr(bob_.name())));
  EXPECT_EQ(chief_.row(room_).state, vault::RoomState::kJoined);
  EXPECT_EQ(chief_.row(room_).cursor.seq, entry.seq);
}

TEST_F(HandshakesTest, ProposalUnderAnothersNameIsItsMakersAndTheLieIsNamed) {
  mls::Group& group = bob_.group(room_);
  ASSERT_OK_AND_ASSIGN(Bytes proposal, group.Propose(RemoveOf(bob_), {},
                                                     bob_.trust().services()));
  const RoomHead head{chief_.row(room_).cursor.seq,
                      chief_.row(room_).cursor.hash};
  const LogEntry entry{.room = room_,
                       .seq = head.seq.Next(),
                       .kind = EntryKind::kProposal,
                       .epoch = Epoch{1},
                       .author = alice_.device(),
                       .envelope = EnvelopeId(std::array<uint8_t, 16>{6}),
                       .sealed = std::move(proposal),
                       .received = town_.pki().clock().Now()};

  ASSERT_OK_AND_ASSIGN(const TakenHandshake taken,
                       chief_.handshakes().Take(entry, {entry.seq, head.hash}));

  ASSERT_TRUE(taken.finding.has_value());
  EXPECT_THAT(*taken.finding, HasSubstr(bob_.name()));
  EXPECT_THAT(*taken.finding, Not(HasSubstr(alice_.name())));
  EXPECT_TRUE(chief_.group(room_).has_proposals());
}

}  // namespace
}  // namespace cordon::client
