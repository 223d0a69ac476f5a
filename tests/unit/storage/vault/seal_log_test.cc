#include "storage/vault/seal_log.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/vault/vault.h"
#include "tests/support/ids.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempVault;
using ::testing::IsEmpty;

const MessageKeyName kKey{
    .room = IdOf<RoomId>(1), .epoch = Epoch{3}, .leaf = 2, .generation = 5};
const auto kEnvelope = IdOf<EnvelopeId>(1);
const auto kOtherEnvelope = IdOf<EnvelopeId>(2);

class SealLogTest : public ::testing::Test {
 protected:
  absl::Status NoteSealed(const MessageKeyName& key, EnvelopeId envelope) {
    return vault_->Update(
        [&](VaultTxn& txn) { return txn.seals().NoteSealed(key, envelope); });
  }
  absl::Status NoteOpened(const MessageKeyName& key, EnvelopeId envelope) {
    return vault_->Update(
        [&](VaultTxn& txn) { return txn.seals().NoteOpened(key, envelope); });
  }
  absl::StatusOr<KeyUse> Stored(const MessageKeyName& key) {
    vault_.Reopen();
    return vault_.Read(
        [&](const VaultTxn& txn) { return txn.seals().Get(key); });
  }
  absl::StatusOr<std::vector<KeyUse>> List(
      RoomId room, const std::optional<MessageKeyName>& after) {
    return vault_.Read(
        [&](const VaultTxn& txn) { return txn.seals().List(room, after); });
  }

  TempVault vault_;
};

TEST_F(SealLogTest, WhatWasNotedIsThereAfterReopening) {
  MessageKeyName next = kKey;
  ++next.generation;
  ASSERT_OK(NoteSealed(kKey, kEnvelope));
  ASSERT_OK(NoteOpened(next, kOtherEnvelope));

  ASSERT_OK_AND_ASSIGN(const KeyUse sealed, Stored(kKey));
  ASSERT_OK_AND_ASSIGN(const KeyUse opened, Stored(next));

  EXPECT_EQ(sealed.key, kKey);
  EXPECT_EQ(sealed.envelope, kEnvelope);
  EXPECT_TRUE(sealed.own);
  EXPECT_EQ(opened.envelope, kOtherEnvelope);
  EXPECT_FALSE(opened.own);
}

TEST_F(SealLogTest, AKeyThatWasNeverUsedIsNotFound) {
  EXPECT_THAT(Stored(kKey), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(SealLogTest, NoKeyIsUsedTwiceWhateverFor) {
  ASSERT_OK(NoteSealed(kKey, kEnvelope));

  EXPECT_THAT(NoteSealed(kKey, kOtherEnvelope),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(NoteSealed(kKey, kEnvelope),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(NoteOpened(kKey, kOtherEnvelope),
              StatusIs(absl::StatusCode::kAlreadyExists));

  ASSERT_OK_AND_ASSIGN(const KeyUse use, Stored(kKey));
  EXPECT_EQ(use.envelope, kEnvelope);
  EXPECT_TRUE(use.own);
}

TEST_F(SealLogTest, KeysThatDifferInOneFieldAreDifferent) {
  ASSERT_OK(NoteSealed(kKey, kEnvelope));
  MessageKeyName room = kKey;
  room.room = IdOf<RoomId>(2);
  MessageKeyName epoch = kKey;
  ++epoch.epoch.value;
  MessageKeyName leaf = kKey;
  ++leaf.leaf;
  MessageKeyName generation = kKey;
  ++generation.generation;

  for (const MessageKeyName& key : {room, epoch, leaf, generation}) {
    EXPECT_OK(NoteOpened(key, kOtherEnvelope));
  }
}

TEST_F(SealLogTest, ListPagesThroughARoomInTheOrderOfItsKeys) {
  constexpr uint32_t kUses = kKeyUsesPerPageMax + 10;
  ASSERT_OK(vault_->Update([](VaultTxn& txn) -> absl::Status {
    for (uint32_t i = 0; i < kUses; ++i) {
      MessageKeyName key = kKey;
      key.leaf = i % 2;
      key.generation = i / 2;
      CORDON_RETURN_IF_ERROR(txn.seals().NoteOpened(key, kEnvelope));
    }
    MessageKeyName elsewhere = kKey;
    elsewhere.room = IdOf<RoomId>(2);
    return txn.seals().NoteOpened(elsewhere, kEnvelope);
  }));

  ASSERT_OK_AND_ASSIGN(const auto first, List(kKey.room, std::nullopt));
  ASSERT_EQ(first.size(), kKeyUsesPerPageMax);
  ASSERT_OK_AND_ASSIGN(const auto rest, List(kKey.room, first.back().key));

  ASSERT_EQ(rest.size(), size_t{10});
  EXPECT_EQ(first.front().key.leaf, 0U);
  EXPECT_EQ(first.front().key.generation, 0U);
  EXPECT_EQ(rest.back().key.leaf, 1U);
  EXPECT_EQ(rest.back().key.generation, kUses / 2 - 1);
  EXPECT_THAT(List(IdOf<RoomId>(3), std::nullopt), IsOkAndHolds(IsEmpty()));
}

}  // namespace
}  // namespace cordon::vault
