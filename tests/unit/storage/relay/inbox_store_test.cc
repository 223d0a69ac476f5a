#include "storage/relay/inbox_store.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/status_matchers.h"

namespace cordon::relay {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const DeviceId kAlice = IdOf<DeviceId>(1);
const DeviceId kBruno = IdOf<DeviceId>(2);

class InboxStoreTest : public ::testing::Test {
 protected:
  absl::StatusOr<InboxItemId> Put(
      DeviceId device, absl::string_view payload,
      std::optional<SharedPayloadId> shared = std::nullopt) {
    InboxItemId id;
    CORDON_RETURN_IF_ERROR(
        relay_.Write([&](const sqlite::Transaction& txn) -> absl::Status {
          CORDON_ASSIGN_OR_RETURN(
              id, relay_->inboxes.Put(txn, {.device = device,
                                            .kind = 7,
                                            .payload = AsBytes(payload),
                                            .shared = shared}));
          return absl::OkStatus();
        }));
    return id;
  }
  SharedPayloadId PutShared(absl::string_view payload) {
    SharedPayloadId id;
    EXPECT_OK(relay_.Write([&](const sqlite::Transaction& txn) -> absl::Status {
      CORDON_ASSIGN_OR_RETURN(id,
                              relay_->inboxes.PutShared(txn, AsBytes(payload)));
      return absl::OkStatus();
    }));
    return id;
  }
  absl::Status Ack(DeviceId device, InboxItemId through) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->inboxes.Ack(txn, device, through);
    });
  }
  std::vector<InboxItem> Take(DeviceId device, InboxItemId after = {},
                              const ReadLimits& limits = {}) {
    auto items = relay_->inboxes.TakeAfter(device, after, limits);
    EXPECT_OK(items);
    return items.ok() ? *items : std::vector<InboxItem>();
  }

  RelayOnDisk relay_;
};

TEST_F(InboxStoreTest, ItemIsThereAfterRestart) {
  ASSERT_OK_AND_ASSIGN(const InboxItemId id, Put(kAlice, "welcome"));
  ASSERT_OK(relay_.Restart());

  const std::vector<InboxItem> items = Take(kAlice);

  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].id, id);
  EXPECT_EQ(items[0].kind, 7);
  EXPECT_EQ(items[0].payload, ToBytes("welcome"));
  EXPECT_EQ(items[0].shared, std::nullopt);
}

TEST_F(InboxStoreTest, EmptyInboxGivesNothing) {
  EXPECT_THAT(Take(kAlice), IsEmpty());
  EXPECT_THAT(relay_->inboxes.Count(kAlice), IsOkAndHolds(0U));
}

TEST_F(InboxStoreTest, DeviceSeesItsOwnItemsAlone) {
  ASSERT_OK(Put(kAlice, "for alice"));
  ASSERT_OK(Put(kBruno, "for bruno"));

  const std::vector<InboxItem> items = Take(kBruno);

  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].payload, ToBytes("for bruno"));
}

TEST_F(InboxStoreTest, TakingDeletesNothing) {
  ASSERT_OK(Put(kAlice, "one"));

  EXPECT_THAT(Take(kAlice), SizeIs(1));
  EXPECT_THAT(Take(kAlice), SizeIs(1));
}

TEST_F(InboxStoreTest, TakeGoesOnBehindTheCursorAndKeepsItsLimits) {
  ASSERT_OK_AND_ASSIGN(const InboxItemId first, Put(kAlice, "one"));
  ASSERT_OK(Put(kAlice, "two"));
  ASSERT_OK(Put(kAlice, "three"));

  EXPECT_THAT(Take(kAlice, first), SizeIs(2));
  EXPECT_THAT(Take(kAlice, {}, {.entries_max = 2}), SizeIs(2));
  EXPECT_THAT(Take(kAlice, {}, {.bytes_max = 6}), SizeIs(2));
  EXPECT_THAT(Take(kAlice, {}, {.bytes_max = 1}), SizeIs(1));
}

TEST_F(InboxStoreTest, AckDeletesUpToTheItemForThatDevice) {
  ASSERT_OK(Put(kAlice, "one"));
  ASSERT_OK(Put(kBruno, "bruno's"));
  ASSERT_OK_AND_ASSIGN(const InboxItemId second, Put(kAlice, "two"));
  ASSERT_OK(Put(kAlice, "three"));

  ASSERT_OK(Ack(kAlice, second));
  ASSERT_OK(relay_.Restart());

  ASSERT_THAT(Take(kAlice), SizeIs(1));
  EXPECT_EQ(Take(kAlice)[0].payload, ToBytes("three"));
  EXPECT_THAT(Take(kBruno), SizeIs(1));
  EXPECT_OK(Ack(kAlice, second));
  EXPECT_THAT(relay_->inboxes.Count(kAlice), IsOkAndHolds(1U));
}

TEST_F(InboxStoreTest, NumbersNeverComeBack) {
  ASSERT_OK_AND_ASSIGN(const InboxItemId first, Put(kAlice, "one"));
  ASSERT_OK(Ack(kAlice, first));
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const InboxItemId second, Put(kAlice, "two"));

  EXPECT_GT(second, first);
}

TEST_F(InboxStoreTest, SharedPayloadIsReadThroughEveryItem) {
  const SharedPayloadId shared = PutShared("tree");
  ASSERT_OK(Put(kAlice, "alice's secrets", shared));
  ASSERT_OK(Put(kBruno, "bruno's secrets", shared));
  ASSERT_OK(relay_.Restart());

  EXPECT_EQ(Take(kAlice)[0].shared, shared);
  EXPECT_EQ(Take(kBruno)[0].shared, shared);
  EXPECT_THAT(relay_->inboxes.ReadShared(shared),
              IsOkAndHolds(ToBytes("tree")));
}

TEST_F(InboxStoreTest, SharedPayloadGoesWithItsLastItem) {
  const SharedPayloadId shared = PutShared("tree");
  ASSERT_OK_AND_ASSIGN(const InboxItemId a, Put(kAlice, "a", shared));
  ASSERT_OK_AND_ASSIGN(const InboxItemId b, Put(kBruno, "b", shared));

  ASSERT_OK(Ack(kAlice, a));
  EXPECT_OK(relay_->inboxes.ReadShared(shared));

  ASSERT_OK(Ack(kBruno, b));
  EXPECT_THAT(relay_->inboxes.ReadShared(shared),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(InboxStoreTest, AckOfNothingKeepsASharedPayloadJustPut) {
  const SharedPayloadId shared = PutShared("tree");

  ASSERT_OK(Ack(kAlice, InboxItemId{99}));

  EXPECT_OK(relay_->inboxes.ReadShared(shared));
}

TEST_F(InboxStoreTest, ItemOfAnUnknownSharedPayloadIsRefusedWhole) {
  EXPECT_THAT(Put(kAlice, "a", SharedPayloadId{5}),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(Take(kAlice), IsEmpty());
}

TEST_F(InboxStoreTest, FullDiskLeavesTheInboxAsItWas) {
  ASSERT_OK_AND_ASSIGN(const InboxItemId first, Put(kAlice, "one"));
  relay_.disk().FillAfter(0);

  EXPECT_THAT(Put(kAlice, "two"),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(Ack(kAlice, first),
              StatusIs(absl::StatusCode::kResourceExhausted));

  relay_.disk().FreeUp();
  EXPECT_THAT(Take(kAlice), SizeIs(1));
}

}  // namespace
}  // namespace cordon::relay
