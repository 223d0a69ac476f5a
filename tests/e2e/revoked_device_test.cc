// One device of a user is revoked, and only that: the relay cuts its stream,
// refuses its calls and proposes to remove it from its rooms; any member that
// is awake commits that. The user's other device goes on as before.

#include <gmock/gmock.h>
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/directory.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/framing.h"
#include "tests/e2e/answer.h"
#include "tests/e2e/conversation.h"
#include "tests/e2e/device_calls.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"
#include "tests/support/blob_client.h"
#include "tests/support/grpc_matchers.h"
#include "tests/support/relay_client.h"
#include "tests/support/status_matchers.h"

namespace cordon::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr auto kDenied = grpc::PERMISSION_DENIED;
constexpr char kRoom[] = "stop3/general";
constexpr char kDesk[] = "fr.customs/bob/desk";
constexpr char kLaptop[] = "fr.customs/bob/laptop";

bool IsDone(const Json& answer) {
  return answer.is_object() && answer.value("ok", false);
}

std::vector<std::string> MembersSeenBy(Conversation& session) {
  const Json answer = session.Ask({{"verb", "room show"}, {"room", kRoom}});
  std::vector<std::string> members;
  if (!IsDone(answer)) return members;
  for (const Json& member : answer["result"]["members"]) {
    members.push_back(member.value("device", ""));
  }
  return members;
}

bool IsWithoutTheLaptop(Conversation& session) {
  const std::vector<std::string> members = MembersSeenBy(session);
  return std::ranges::count(members, kDesk) == 1 &&
         std::ranges::count(members, kLaptop) == 0;
}

void Say(Conversation& session, const std::string& text) {
  const Json said =
      session.Ask({{"verb", "send"}, {"room", kRoom}, {"text", text}});
  EXPECT_TRUE(IsDone(said)) << said;
  EXPECT_TRUE(AwaitSent(session));
}

// Texts with the device that said each.
std::vector<std::string> TextsReadBy(Conversation& session) {
  EXPECT_TRUE(AwaitSent(session));
  const Json answer = session.Ask({{"verb", "read"}, {"room", kRoom}});
  std::vector<std::string> texts;
  EXPECT_TRUE(IsDone(answer)) << answer;
  for (const Json& record : answer["result"]["records"]) {
    if (record.value("kind", "") != "text") continue;
    texts.push_back(record["author"].value("device", "") + ": " +
                    record["content"].value("text", ""));
  }
  return texts;
}

class RevokedDeviceTest : public ::testing::Test {
 protected:
  RevokedDeviceTest() {
    stop3_.Invite(alice_, "fr.customs", "alice");
    Bring(desk_, "bob", "desk");
    Bring(laptop_, "bob", "laptop");
    Bring(dora_, "dora", "desk");
    stop3_.Create();
    for (Person* person : {&desk_, &laptop_, &dora_}) Works(*person, {"sync"});
    const std::string room =
        Works(dora_, {"room", "show", kRoom})["room"].value("id", "");
    room_ = RoomId::Parse(FromHex(room).value()).value();
  }

  void Bring(Person& officer, const std::string& user,
             const std::string& device) {
    TestOperation::Redeem(officer,
                          TestOperation::OfferUser(alice_, user, "officer"),
                          alice_, device);
  }
  // A list says in whole seconds since when.
  void RevokeTheLaptop() {
    const absl::Time now = absl::Now();
    ASSERT_TRUE(Until([now] { return absl::Now() - now > absl::Seconds(1); }));
    const Json revoked =
        Works(alice_, {"revoke", kLaptop, "--reason", "left in a train"});
    ASSERT_THAT(revoked["names"], ElementsAre(kLaptop));
  }
  // What a device's list says is wrong with another.
  static std::string TroubleWith(Person& person, const std::string& device) {
    const std::string lines = person.Cordon({"device", "list"}).out;
    const size_t name = lines.find("\"name\":\"" + device + "\"");
    if (name == std::string::npos) return "it is not listed";
    return Parsed(lines.substr(lines.rfind('\n', name) + 1))
        .value("trouble", "");
  }

  TestOperation stop3_;
  Person& alice_ = stop3_.alice();
  Person& desk_ = stop3_.bea();
  Person laptop_{"laptop"};
  Person dora_{"dora"};
  RoomId room_;
};

TEST_F(RevokedDeviceTest, ItsStreamIsCutAndItsUsersOtherDeviceGoesOn) {
  DeviceCalls calls(laptop_, stop3_.relay());
  Conversation laptop(&laptop_);
  Conversation desk(&desk_);
  Say(laptop, "from the train");
  Say(desk, "from the office");
  for (Conversation* session : {&laptop, &desk}) {
    ASSERT_TRUE(
        IsDone(session->Ask({{"verb", "events"}, {"kinds", {"link"}}})));
  }

  RevokeTheLaptop();

  // Cut without having asked for anything, and it says why.
  const Json link = laptop.HearEvent("link");
  EXPECT_EQ(link.value("link", ""), "offline") << link;
  EXPECT_THAT(link.value("reason", ""), HasSubstr("revoked"));
  const Json refused = laptop.Ask({{"verb", "device list"}});
  EXPECT_EQ(refused["error"].value("code", ""), "permission_denied") << refused;
  laptop.Quit();
  // Past its client it gets no further.
  wire::BackfillAnswer log;
  EXPECT_THAT(calls.Backfill(room_, log), HasCode(kDenied));
  EXPECT_THAT(log.entries(), SizeIs(0));
  wire::ListDevicesAnswer devices;
  EXPECT_THAT(calls.relay().ListDevices(devices), HasCode(kDenied));
  FollowStream stream = calls.relay().Follow();
  EXPECT_THAT(stream.ReadBacklog(), IsEmpty());
  EXPECT_THAT(stream.Finish(), HasCode(kDenied));
  wire::StatAnswer stat;
  EXPECT_THAT(calls.blobs().Stat(std::string(16, 'b'), stat), HasCode(kDenied));

  // The others name it.
  EXPECT_THAT(TroubleWith(dora_, kLaptop), HasSubstr("revoked"));
  EXPECT_THAT(TroubleWith(stop3_.unit(), kLaptop), HasSubstr("revoked"));
  EXPECT_THAT(TroubleWith(dora_, kDesk), IsEmpty());
  // Bob is who he was, on one device.
  EXPECT_THAT(
      dora_.Cordon({"user", "list"}).out,
      HasSubstr(R"("fr.customs/bob","roles":["officer"],"devices":1})"));
  EXPECT_TRUE(Until([&desk] { return IsWithoutTheLaptop(desk); }));
  Say(desk, "still here");
  Conversation dora(&dora_);
  EXPECT_THAT(TextsReadBy(dora),
              ElementsAre("laptop: from the train", "desk: from the office",
                          "desk: still here"));
  for (const Json& event : desk.events()) {
    EXPECT_NE(event.value("link", ""), "offline") << event;
  }
}

// The coordinators and the contact point sleep.
TEST_F(RevokedDeviceTest, OfficerCommitsWhatTheRelayProposes) {
  DeviceCalls unit(stop3_.unit(), stop3_.relay());
  const DeviceCalls dora_calls(dora_, stop3_.relay());
  wire::BackfillAnswer before;
  ASSERT_THAT(unit.Backfill(room_, before), HasCode(grpc::OK));

  RevokeTheLaptop();

  const auto newer = [&] {
    wire::BackfillAnswer log;
    EXPECT_THAT(unit.Backfill(room_, log), HasCode(grpc::OK));
    return std::vector<wire::LogEntry>(
        log.entries().begin() + before.entries_size(), log.entries().end());
  };
  const std::vector<wire::LogEntry> proposed = newer();
  ASSERT_THAT(proposed, SizeIs(1));
  EXPECT_EQ(proposed[0].kind(), wire::ENTRY_KIND_PROPOSAL);
  EXPECT_EQ(proposed[0].author(), ToString(DeviceId().span()));
  const absl::StatusOr<mls::FrameHeader> frame =
      mls::ParseFrameHeader(AsBytes(proposed[0].sealed()));
  ASSERT_OK(frame);
  EXPECT_EQ(frame->sender, mls::Sender(mls::OutsideSender{.index = 0}));

  Conversation dora(&dora_);
  EXPECT_TRUE(Until([&dora] { return IsWithoutTheLaptop(dora); }));

  const std::vector<wire::LogEntry> committed = newer();
  ASSERT_THAT(committed, SizeIs(2));
  EXPECT_EQ(committed[1].kind(), wire::ENTRY_KIND_COMMIT);
  EXPECT_EQ(committed[1].author(), ToString(dora_calls.id().span()));
  // Everybody follows it, and goes on.
  Say(dora, "it is out");
  Conversation desk(&desk_);
  Conversation eva(&stop3_.unit());
  for (Conversation* session : {&dora, &desk, &eva}) {
    EXPECT_THAT(TextsReadBy(*session), ElementsAre("desk: it is out"));
    EXPECT_THAT(MembersSeenBy(*session),
                AllOf(SizeIs(4), Contains(kDesk), Not(Contains(kLaptop))));
  }
  EXPECT_THAT(newer(), SizeIs(3));
}

}  // namespace
}  // namespace cordon::testing
