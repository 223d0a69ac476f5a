// A real cordond over real TLS: who gets in, what is kept, what is told.

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/enrolment.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/join_answer.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "storage/relay/group_store.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/fake_clock.h"
#include "tests/support/grpc_matchers.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr RoomId kRoom({7});
constexpr Epoch kEpoch{3};

wire::AppendRequest Envelope(uint64_t n, const std::string& sealed,
                             uint64_t epoch = kEpoch.value) {
  wire::AppendRequest request;
  request.set_room_id(ToString(kRoom.span()));
  std::string id(EnvelopeId::kBytes, '\0');
  for (size_t i = 0; i < 8; ++i) id[i] = static_cast<char>(n >> (8 * i));
  id[15] = 1;
  request.mutable_envelope()->set_envelope_id(id);
  request.mutable_envelope()->set_kind(wire::ENTRY_KIND_APPLICATION);
  request.mutable_envelope()->set_epoch(epoch);
  request.mutable_envelope()->set_sealed(sealed);
  return request;
}

class RelayTest : public ::testing::Test {
 protected:
  RelayTest() : pki_(1, FakeClock(SystemClock().Now())) {}

  const TestDevice& Coordinator() {
    return pki_.Device("ocu.authority/eva/desk", {cert::Role::kCoordinator});
  }
  const TestDevice& Officer() {
    return pki_.Device("fr.customs/alice/laptop", {cert::Role::kOfficer});
  }
  const TestDevice& ContactPoint() {
    return pki_.Device("fr.customs/carla/desk", {cert::Role::kContactPoint});
  }

  RelayClient Connect(const TestDevice* device = nullptr) {
    return {relay_.address(), relay_.pin(), device};
  }
  // Runs with the coordinator and an officer entered.
  void StartSetUp() {
    relay_.Start();
    ASSERT_THAT(Connect().SetUp(relay_.setup_code(), pki_, Coordinator()),
                HasCode(grpc::OK));
    ASSERT_THAT(Connect(&Officer()).Enter(Officer()), HasCode(grpc::OK));
  }
  // The same, with a room that both are in.
  void StartWithRoom() {
    relay_.Edit([this](relay::Stores& stores, sqlite::Transaction& txn) {
      ASSERT_OK(stores.log.OpenRoom(txn, {.room = kRoom,
                                          .kind = 1,
                                          .creator = Coordinator().name.id(),
                                          .epoch = kEpoch}));
      ASSERT_OK(stores.groups.Put(txn, kRoom, {.epoch = kEpoch}));
      ASSERT_OK(stores.groups.AddMember(
          txn, kRoom, {.leaf = 0, .device = Coordinator().name.id()}));
      ASSERT_OK(stores.groups.AddMember(
          txn, kRoom, {.leaf = 1, .device = Officer().name.id()}));
    });
    StartSetUp();
  }

  TestPki pki_;
  RelayProcess relay_;
};

TEST_F(RelayTest, SecondInitOfOneFolderIsRefused) {
  const Finished again =
      RunCordond({"init", "--data", relay_.data(), "--host", "127.0.0.1"});

  EXPECT_EQ(again.exit_code, 1);
}

TEST_F(RelayTest, WrongUsageExitsWithTwoAndHelpWithZero) {
  EXPECT_EQ(RunCordond({"serve"}).exit_code, 2);
  const Finished help = RunCordond({"serve", "--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("Example:"));
}

TEST_F(RelayTest, SecondProcessOnOneFolderIsRefused) {
  relay_.Start();

  const Finished second =
      RunCordond({"serve", "--data", relay_.data(), "--listen", "127.0.0.1:0"});

  EXPECT_EQ(second.exit_code, 1);
}

TEST_F(RelayTest, TermStopsCleanly) {
  StartSetUp();
  RelayClient officer = Connect(&Officer());
  FollowStream stream = officer.Follow();
  stream.ReadBacklog();

  EXPECT_EQ(relay_.Stop(), 0);

  wire::FollowItem item;
  EXPECT_FALSE(stream.Next(item));
  EXPECT_THAT(stream.Finish(), HasCode(grpc::UNAVAILABLE));
}

TEST_F(RelayTest, WrongPinNeverConnects) {
  relay_.Start();
  const cert::Pin wrong({9});
  RelayClient client(relay_.address(), wrong);

  EXPECT_THAT(client.SetUp(relay_.setup_code(), pki_, Coordinator()),
              HasCode(grpc::UNAVAILABLE));
}

TEST_F(RelayTest, TlsBefore13IsRefused) {
  relay_.Start();
  const auto handshake = [this](const std::string& version) {
    return std::system(absl::StrCat("openssl s_client -connect ",
                                    relay_.address(), " -alpn h2 ", version,
                                    " </dev/null >/dev/null 2>&1")
                           .c_str());
  };

  EXPECT_NE(handshake("-tls1_2"), 0);
  EXPECT_EQ(handshake("-tls1_3"), 0);
}

TEST_F(RelayTest, SetUpNeedsTheCodeAndTakesOneRoot) {
  relay_.Start();
  TestPki other(2, FakeClock(SystemClock().Now()));
  const TestDevice& stranger =
      other.Device("ocu.authority/eva/desk", {cert::Role::kCoordinator});

  EXPECT_THAT(Connect().SetUp("AAAAA-AAAAA-AAAAA-AAAAA", pki_, Coordinator()),
              HasCode(grpc::PERMISSION_DENIED));
  EXPECT_THAT(Connect().SetUp(relay_.setup_code(), pki_, Coordinator()),
              HasCode(grpc::OK));
  EXPECT_THAT(Connect().SetUp(relay_.setup_code(), pki_, Coordinator()),
              HasCode(grpc::OK));
  EXPECT_THAT(Connect().SetUp(relay_.setup_code(), other, stranger),
              HasCode(grpc::FAILED_PRECONDITION));
}

TEST_F(RelayTest, SetUpByAnOfficerIsRefused) {
  relay_.Start();

  EXPECT_THAT(Connect().SetUp(relay_.setup_code(), pki_, Officer()),
              HasCode(grpc::PERMISSION_DENIED));
}

TEST_F(RelayTest, CallWithoutCertificateIsRefused) {
  StartSetUp();
  wire::ListDevicesAnswer answer;

  EXPECT_THAT(Connect().ListDevices(answer), HasCode(grpc::UNAUTHENTICATED));
  EXPECT_THAT(Connect(&Officer()).ListDevices(answer), HasCode(grpc::OK));
  EXPECT_THAT(answer.devices(), SizeIs(2));
}

TEST_F(RelayTest, DeviceThatWasNotEnteredIsRefusedUntilItIs) {
  StartSetUp();
  wire::ListDevicesAnswer answer;
  RelayClient carla = Connect(&ContactPoint());

  EXPECT_THAT(carla.ListDevices(answer), HasCode(grpc::PERMISSION_DENIED));
  EXPECT_THAT(carla.Enter(Officer()), HasCode(grpc::PERMISSION_DENIED));
  EXPECT_THAT(carla.Enter(ContactPoint()), HasCode(grpc::OK));
  EXPECT_THAT(carla.Enter(ContactPoint()), HasCode(grpc::OK));
  EXPECT_THAT(carla.ListDevices(answer), HasCode(grpc::OK));
}

TEST_F(RelayTest, DeviceOfAnotherRootIsRefused) {
  StartSetUp();
  TestPki other(2, FakeClock(SystemClock().Now()));
  const TestDevice& stranger =
      other.Device("fr.customs/alice/laptop", {cert::Role::kOfficer});

  EXPECT_THAT(Connect(&stranger).Enter(stranger),
              HasCode(grpc::UNAUTHENTICATED));
}

TEST_F(RelayTest, OfficerDoesNotInvite) {
  StartSetUp();
  grpc::ClientContext context;
  wire::InviteAnswer answer;

  EXPECT_THAT(Connect(&Officer()).enrolment().Invite(&context, {}, &answer),
              ::testing::Not(HasCode(grpc::OK)));
}

// Flow C of the house: from an invitation to a device in the directory.
class RelayInvitationTest : public RelayTest {
 protected:
  void SetUp() override {
    StartSetUp();
    ASSERT_THAT(Connect(&ContactPoint()).Enter(ContactPoint()),
                HasCode(grpc::OK));
    pki_.clock().Set(now_);
  }

  cert::Invitation MakeInvitation() {
    absl::StatusOr<cert::Invitation> invitation = cert::Invitation::Create(
        {.kind = cert::InvitationKind::kDevice,
         .relay = relay_.address(),
         .pin = relay_.pin(),
         .root = pki_.root().certificate().fingerprint(),
         .user = *cert::UserName::Parse("fr.customs/bruno"),
         .roles = {cert::Role::kOfficer},
         .expires = now_ + absl::Hours(1)},
        now_, SystemRandom());
    EXPECT_OK(invitation);
    return *std::move(invitation);
  }
  grpc::Status Invite(RelayClient& inviter,
                      const cert::Invitation& invitation) {
    wire::InviteRequest request;
    request.set_invitation_id(ToString(invitation.id().span()));
    request.set_public_key(ToString(invitation.Key().public_key()));
    request.set_expires_ms(absl::ToUnixMillis(invitation.offer().expires));
    request.set_kind(wire::INVITATION_KIND_USER);
    grpc::ClientContext context;
    wire::InviteAnswer answer;
    return inviter.enrolment().Invite(&context, request, &answer);
  }
  Bytes MakeRequest(const cert::Invitation& invitation) {
    const cert::JoinKeys keys =
        cert::JoinKeys::Generate(invitation.offer().kind, SystemRandom());
    const absl::StatusOr<cert::JoinRequest> request =
        cert::JoinRequest::Create(invitation, "laptop", keys, now_);
    EXPECT_OK(request);
    return request->bytes();
  }
  grpc::Status Redeem(const cert::Invitation& invitation, ByteSpan bytes) {
    wire::RedeemRequest request;
    request.set_invitation_id(ToString(invitation.id().span()));
    request.set_request(ToString(bytes));
    grpc::ClientContext context;
    wire::RedeemAnswer answer;
    return Connect().enrolment().Redeem(&context, request, &answer);
  }
  grpc::Status Answer(RelayClient& inviter, const cert::Invitation& invitation,
                      ByteSpan bytes) {
    wire::AnswerRequest request;
    request.set_invitation_id(ToString(invitation.id().span()));
    request.set_answer(ToString(bytes));
    grpc::ClientContext context;
    wire::AnswerAnswer answer;
    return inviter.enrolment().Answer(&context, request, &answer);
  }
  std::string FetchAnswer(const cert::Invitation& invitation) {
    wire::FetchAnswerRequest request;
    request.set_invitation_id(ToString(invitation.id().span()));
    grpc::ClientContext context;
    wire::FetchAnswerAnswer answer;
    EXPECT_THAT(Connect().enrolment().FetchAnswer(&context, request, &answer),
                HasCode(grpc::OK));
    return answer.answer();
  }

  const absl::Time now_ = SystemClock().Now();
};

TEST_F(RelayInvitationTest, InvitedDeviceGetsItsCertificates) {
  RelayClient inviter = Connect(&ContactPoint());
  FollowStream news = inviter.Follow();
  news.ReadBacklog();
  const cert::Invitation invitation = MakeInvitation();
  ASSERT_THAT(Invite(inviter, invitation), HasCode(grpc::OK));

  ASSERT_THAT(Redeem(invitation, MakeRequest(invitation)), HasCode(grpc::OK));
  EXPECT_EQ(FetchAnswer(invitation), "");
  wire::FollowItem item;
  ASSERT_TRUE(news.Next(item));
  ASSERT_OK_AND_ASSIGN(
      const cert::JoinRequest seen,
      cert::JoinRequest::Parse(AsBytes(item.join_request().request())));
  ASSERT_OK_AND_ASSIGN(
      const cert::JoinAnswer answer,
      cert::AnswerDevice(seen, invitation, pki_.root().certificate(),
                         pki_.Org("fr.customs"), pki_.Now()));
  ASSERT_THAT(Answer(inviter, invitation, answer.ToBytes()), HasCode(grpc::OK));

  EXPECT_EQ(FetchAnswer(invitation), ToString(answer.ToBytes()));
  wire::ListDevicesAnswer devices;
  ASSERT_THAT(inviter.ListDevices(devices), HasCode(grpc::OK));
  EXPECT_THAT(devices.devices(), SizeIs(4));
}

TEST_F(RelayInvitationTest, RequestMayBeRepeatedButNotReplacedOrForged) {
  RelayClient inviter = Connect(&ContactPoint());
  const cert::Invitation invitation = MakeInvitation();
  ASSERT_THAT(Invite(inviter, invitation), HasCode(grpc::OK));
  const Bytes request = MakeRequest(invitation);
  Bytes forged = request;
  forged.back() ^= 1;

  EXPECT_THAT(Redeem(invitation, forged), HasCode(grpc::UNAUTHENTICATED));
  EXPECT_THAT(Redeem(invitation, request), HasCode(grpc::OK));
  EXPECT_THAT(Redeem(invitation, request), HasCode(grpc::OK));
  EXPECT_THAT(Redeem(invitation, MakeRequest(invitation)),
              HasCode(grpc::ALREADY_EXISTS));
  EXPECT_THAT(Redeem(MakeInvitation(), request), HasCode(grpc::NOT_FOUND));
}

TEST_F(RelayTest, RevokedDeviceIsCutOffAndRefused) {
  StartSetUp();
  ASSERT_THAT(Connect(&ContactPoint()).Enter(ContactPoint()),
              HasCode(grpc::OK));
  RelayClient officer = Connect(&Officer());
  FollowStream stream = officer.Follow();
  stream.ReadBacklog();
  pki_.Revoke(Officer());
  for (const TestPki::SignedList& list : pki_.Lists()) {
    wire::RevokeRequest request;
    request.set_crl(ToString(list.crl.der()));
    if (list.issuer != pki_.root().certificate()) {
      request.set_issuing_certificate(ToString(list.issuer.der()));
    }
    grpc::ClientContext context;
    wire::RevokeAnswer answer;
    ASSERT_THAT(
        Connect(&ContactPoint()).enrolment().Revoke(&context, request, &answer),
        HasCode(grpc::OK));
  }

  wire::FollowItem item;
  while (stream.Next(item)) {
  }
  EXPECT_THAT(stream.Finish(), HasCode(grpc::PERMISSION_DENIED));
  wire::ListDevicesAnswer devices;
  EXPECT_THAT(officer.ListDevices(devices), HasCode(grpc::PERMISSION_DENIED));
  relay_.Kill();
  relay_.Start();
  EXPECT_THAT(Connect(&Officer()).ListDevices(devices),
              HasCode(grpc::PERMISSION_DENIED));
}

TEST_F(RelayTest, AppendGivesPlacesInOrderAndKnowsARepeatedEnvelope) {
  StartWithRoom();
  RelayClient officer = Connect(&Officer());
  uint64_t seq = 0;

  EXPECT_THAT(officer.Append(Envelope(1, "one"), seq), HasCode(grpc::OK));
  EXPECT_EQ(seq, 1);
  EXPECT_THAT(officer.Append(Envelope(2, "two"), seq), HasCode(grpc::OK));
  EXPECT_EQ(seq, 2);
  EXPECT_THAT(officer.Append(Envelope(1, "one"), seq), HasCode(grpc::OK));
  EXPECT_EQ(seq, 1);
  EXPECT_THAT(officer.Append(Envelope(3, "old", kEpoch.value - 1), seq),
              HasCode(grpc::ABORTED));
  EXPECT_THAT(Connect(&Coordinator()).Append(Envelope(1, "one"), seq),
              HasCode(grpc::ALREADY_EXISTS));
}

TEST_F(RelayTest, WhoIsNotInTheRoomNeitherWritesNorReads) {
  StartWithRoom();
  RelayClient carla = Connect(&ContactPoint());
  ASSERT_THAT(carla.Enter(ContactPoint()), HasCode(grpc::OK));
  uint64_t seq = 0;
  wire::BackfillRequest backfill;
  backfill.set_room_id(ToString(kRoom.span()));
  backfill.set_entries_max(10);
  wire::BackfillAnswer answer;

  EXPECT_THAT(carla.Append(Envelope(1, "one"), seq),
              HasCode(grpc::PERMISSION_DENIED));
  grpc::ClientContext context;
  EXPECT_THAT(carla.delivery().Backfill(&context, backfill, &answer),
              HasCode(grpc::PERMISSION_DENIED));
  wire::AppendRequest unknown = Envelope(1, "one");
  unknown.set_room_id(std::string(16, 'x'));
  EXPECT_THAT(carla.Append(unknown, seq), HasCode(grpc::NOT_FOUND));
}

TEST_F(RelayTest, FollowGivesTheBacklogThenWhatIsNewWithoutGapOrRepeat) {
  StartWithRoom();
  RelayClient officer = Connect(&Officer());
  RelayClient eva = Connect(&Coordinator());
  uint64_t seq = 0;
  for (uint64_t n = 1; n <= 600; ++n) {
    ASSERT_THAT(officer.Append(Envelope(n, "x"), seq), HasCode(grpc::OK));
  }
  // More arrives while the backlog is being read.
  std::thread writer([&officer] {
    uint64_t placed = 0;
    for (uint64_t n = 601; n <= 1200; ++n) {
      EXPECT_THAT(officer.Append(Envelope(n, "y"), placed), HasCode(grpc::OK));
    }
  });

  FollowStream stream = eva.Follow();
  wire::FollowItem item;
  ASSERT_TRUE(stream.Next(item));
  EXPECT_TRUE(item.has_room_head());
  uint64_t last = 0;
  while (last < 1200 && stream.Next(item)) {
    if (!item.has_entry()) continue;
    EXPECT_EQ(item.entry().seq(), last + 1);
    last = item.entry().seq();
  }
  writer.join();

  EXPECT_EQ(last, 1200);
}

TEST_F(RelayTest, ReaderComesBackWithItsCursor) {
  StartWithRoom();
  RelayClient officer = Connect(&Officer());
  uint64_t seq = 0;
  for (uint64_t n = 1; n <= 5; ++n) {
    ASSERT_THAT(officer.Append(Envelope(n, "x"), seq), HasCode(grpc::OK));
  }
  wire::FollowRequest request;
  request.add_cursors()->set_room_id(ToString(kRoom.span()));
  request.mutable_cursors(0)->set_seq(3);

  const std::vector<wire::LogEntry> entries =
      officer.Follow(request).ReadBacklog();

  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].seq(), 4);
  EXPECT_EQ(entries[0].author(), ToString(Officer().name.id().span()));
}

// A stream that nobody reads must not fill the relay's memory: it is ended,
// and its device loses nothing.
TEST_F(RelayTest, ReaderThatCannotKeepUpIsCutOffAndComesBack) {
  StartWithRoom();
  RelayClient officer = Connect(&Officer());
  RelayClient eva = Connect(&Coordinator());
  FollowStream stream = eva.Follow();
  stream.ReadBacklog();
  const std::string big(200 * 1024, 'x');
  uint64_t seq = 0;

  for (uint64_t n = 1; n <= 200; ++n) {
    ASSERT_THAT(officer.Append(Envelope(n, big), seq), HasCode(grpc::OK));
  }
  wire::FollowItem item;
  uint64_t last = 0;
  while (stream.Next(item)) last = item.entry().seq();

  EXPECT_THAT(stream.Finish(), HasCode(grpc::RESOURCE_EXHAUSTED));
  EXPECT_LT(last, 200);
  wire::FollowRequest request;
  request.add_cursors()->set_room_id(ToString(kRoom.span()));
  request.mutable_cursors(0)->set_seq(last);
  EXPECT_THAT(eva.Follow(request).ReadBacklog(), SizeIs(200 - last));
}

// What was answered is there, once, whatever happens to the process.
TEST_F(RelayTest, KilledRelayKeepsWhatItAcknowledged) {
  StartWithRoom();
  std::atomic<uint64_t> acknowledged{0};
  constexpr uint64_t kAtLeast = 50;
  for (int round = 0; round < 5; ++round) {
    std::thread writer([this, &acknowledged] {
      RelayClient officer = Connect(&Officer());
      uint64_t seq = 0;
      while (true) {
        const uint64_t n = acknowledged + 1;
        const grpc::Status status =
            officer.Append(Envelope(n, absl::StrCat("n", n)), seq);
        if (!status.ok()) return;
        EXPECT_EQ(seq, n);
        acknowledged = n;
      }
    });
    const uint64_t target = acknowledged + kAtLeast;
    while (acknowledged < target) std::this_thread::yield();
    relay_.Kill();
    writer.join();
    relay_.Start();

    const std::vector<wire::LogEntry> entries =
        Connect(&Officer()).Follow().ReadBacklog();
    // At most the one without an answer is there beyond those with one.
    ASSERT_GE(entries.size(), acknowledged);
    ASSERT_LE(entries.size(), acknowledged + 1);
    for (size_t i = 0; i < entries.size(); ++i) {
      ASSERT_EQ(entries[i].seq(), i + 1);
      ASSERT_EQ(entries[i].sealed(), absl::StrCat("n", i + 1));
    }
  }
}

}  // namespace
}  // namespace cordon::testing
