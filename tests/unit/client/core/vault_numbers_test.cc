#include "client/core/vault_numbers.h"

#include <cstdint>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/model/codes.h"
#include "client/core/model/record.h"
#include "crypto/base/id.h"
#include "crypto/policy/record_kind.h"
#include "storage/vault/record_store.h"
#include "tests/support/ids.h"

namespace cordon::client {
namespace {

using ::cordon::testing::IdOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

RecordBody Referring(policy::RecordKind kind, MsgType type) {
  RecordBody body{
      .msg_type = type,
      .refs = {{.record = IdOf<RecordId>(1)}, {.record = IdOf<RecordId>(1)}}};
  body.header.kind = kind;
  return body;
}

uint32_t KindIn(const std::vector<vault::RecordReference>& references) {
  return references.at(0).kind;
}

TEST(VaultNumbersTest, ReferenceSaysWhatItIsForOnce) {
  const auto update =
      ReferencesOf(Referring(policy::RecordKind::kAlert, MsgType::kUpdate));
  EXPECT_THAT(update, SizeIs(1));
  EXPECT_EQ(KindIn(update), static_cast<uint32_t>(ReferenceKind::kUpdates));
  EXPECT_EQ(
      KindIn(ReferencesOf(Referring(policy::RecordKind::kAck, MsgType::kAck))),
      static_cast<uint32_t>(ReferenceKind::kAcknowledges));
  EXPECT_EQ(KindIn(ReferencesOf(
                Referring(policy::RecordKind::kText, MsgType::kAlert))),
            static_cast<uint32_t>(ReferenceKind::kRepliesTo));

  RecordBody cancel = Referring(policy::RecordKind::kAlert, MsgType::kCancel);
  cancel.content = Cancel{.reason = "a mistake"};
  EXPECT_EQ(KindIn(ReferencesOf(cancel)),
            static_cast<uint32_t>(ReferenceKind::kCancels));
}

TEST(VaultNumbersTest, EachFlagIsOneWarning) {
  EXPECT_THAT(WarningsOf(0), IsEmpty());
  EXPECT_THAT(WarningsOf(BitOf(RecordFlag::kLogForked) |
                         BitOf(RecordFlag::kCrlWithheld)),
              SizeIs(2));
}

TEST(VaultNumbersTest, RefusalOfANewerClientIsNamedAsSuch) {
  EXPECT_THAT(RefusalText(static_cast<Refusal>(999)), HasSubstr("newer"));
}

}  // namespace
}  // namespace cordon::client
