#include "server/core/follow.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "server/core/follow_item.h"
#include "server/core/trust.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/enrolment_store.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::server {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::TestPki;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const DeviceId kEva = IdOf<DeviceId>(1);
const RoomId kRoom = IdOf<RoomId>(1);
constexpr uint32_t kLeaf = 0;
const InvitationId kInvitation = IdOf<InvitationId>(7);

template <typename Item>
std::vector<Item> AllOf(const FollowPortion& portion) {
  std::vector<Item> found;
  for (const FollowItem& item : portion.items) {
    if (const auto* one = std::get_if<Item>(&item)) found.push_back(*one);
  }
  return found;
}

// Eva is in one room, which has an entry that she has not read: her backlog
// takes two portions.
class FollowTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<Trust>> trust = Trust::Load(&*relay_);
    ASSERT_OK(trust);
    trust_ = *std::move(trust);
    trust_->Begin(pki_.root().certificate());
    ASSERT_OK(relay_.Write([this](const sqlite::Transaction& txn) {
      CORDON_RETURN_IF_ERROR(relay_->log.OpenRoom(
          txn, {.room = kRoom, .kind = 1, .creator = kEva}));
      CORDON_RETURN_IF_ERROR(
          relay_->groups.Put(txn, kRoom, {.epoch = Epoch{0}}));
      CORDON_RETURN_IF_ERROR(relay_->groups.AddMember(
          txn, kRoom, {.leaf = kLeaf, .device = kEva}));
      CORDON_RETURN_IF_ERROR(relay_->enrolment.Add(
          txn, {.id = kInvitation,
                .public_key = IdOf<relay::InvitationKey>(5),
                .inviter = kEva,
                .kind = relay::InvitationKind::kUser,
                .expires = pki_.clock().Now() + absl::Hours(1)}));
      return relay_->log
          .Append(txn, {.room = kRoom,
                        .envelope = IdOf<EnvelopeId>(1),
                        .kind = relay::EntryKind::kApplication,
                        .epoch = Epoch{0},
                        .author = kEva,
                        .chain = IdOf<ChainHash>(1),
                        .received = pki_.clock().Now(),
                        .sealed = AsBytes("sealed")})
          .status();
    }));
    follow_ = std::make_unique<Follow>(&*relay_, trust_.get());
    session_.device = kEva;
    session_.cursors[kRoom] = LogSeq{0};
  }
  FollowPortion Next() {
    absl::StatusOr<FollowPortion> portion = follow_->Next(session_);
    EXPECT_OK(portion);
    return portion.ok() ? *std::move(portion) : FollowPortion{};
  }
  absl::Status AskToJoin() {
    return relay_.Write([this](const sqlite::Transaction& txn) {
      return relay_->enrolment.PutRequest(txn, kInvitation, AsBytes("request"),
                                          pki_.clock().Now());
    });
  }
  absl::Status Revoke(absl::string_view device) {
    pki_.Revoke(pki_.Device(device));
    return relay_.Write([this](const sqlite::Transaction& txn) -> absl::Status {
      for (const TestPki::SignedList& list : pki_.Lists()) {
        CrlItem item{.crl = ToBytes(list.crl.der())};
        if (list.issuer != pki_.root().certificate()) {
          item.issuing_certificate = ToBytes(list.issuer.der());
        }
        CORDON_RETURN_IF_ERROR(
            trust_->Adopt(txn, item, pki_.clock().Now()).status());
      }
      return absl::OkStatus();
    });
  }

  TestPki pki_;
  RelayOnDisk relay_;
  std::unique_ptr<Trust> trust_;
  std::unique_ptr<Follow> follow_;
  FollowSession session_;
};

TEST_F(FollowTest, BacklogComesInPortionsAndEndsCaughtUp) {
  const FollowPortion first = Next();
  EXPECT_FALSE(first.last);
  EXPECT_THAT(AllOf<RoomHeadItem>(first), SizeIs(1));
  EXPECT_THAT(AllOf<LogEntry>(first), SizeIs(1));

  const FollowPortion last = Next();
  EXPECT_TRUE(last.last);
  EXPECT_THAT(last.places, SizeIs(1));
  EXPECT_THAT(AllOf<LogEntry>(last), IsEmpty());
  EXPECT_THAT(AllOf<CaughtUpItem>(last), SizeIs(1));
}

TEST_F(FollowTest, WhoAskedToJoinBetweenTwoPortionsIsTold) {
  EXPECT_THAT(AllOf<JoinRequestItem>(Next()), IsEmpty());
  ASSERT_OK(AskToJoin());

  const std::vector<JoinRequestItem> told = AllOf<JoinRequestItem>(Next());

  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].invitation, kInvitation);
}

TEST_F(FollowTest, ListPublishedBetweenTwoPortionsIsToldAndNoneTwice) {
  ASSERT_OK(Revoke("fr.customs/alice/desk"));
  const size_t lists = pki_.Lists().size();
  EXPECT_THAT(AllOf<CrlItem>(Next()), SizeIs(lists));
  ASSERT_OK(Revoke("fr.customs/bob/desk"));

  // Their organisation has a new list, the root has not.
  EXPECT_THAT(AllOf<CrlItem>(Next()), SizeIs(1));
}

TEST_F(FollowTest, WhoWasPutOutBetweenTwoPortionsIsTold) {
  EXPECT_THAT(AllOf<RoomLeftItem>(Next()), IsEmpty());
  ASSERT_OK(relay_.Write([this](const sqlite::Transaction& txn) {
    return relay_->groups.RemoveMember(txn, kRoom, kLeaf);
  }));

  const FollowPortion last = Next();

  EXPECT_TRUE(last.last);
  const std::vector<RoomLeftItem> left = AllOf<RoomLeftItem>(last);
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].room, kRoom);
  EXPECT_THAT(last.places, IsEmpty());
}

}  // namespace
}  // namespace cordon::server
