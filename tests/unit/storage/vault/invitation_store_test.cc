#include "storage/vault/invitation_store.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "storage/vault/vault.h"
#include "tests/support/ids.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempVault;
using ::testing::SizeIs;

const auto kId = IdOf<InvitationId>(1);
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

StoredInvitation Invitation(InvitationId id) {
  StoredInvitation invitation;
  invitation.id = id;
  invitation.secret = SecretBytes::Copy(AsBytes("secret"));
  invitation.offer = ToBytes("officer");
  invitation.made = kNow;
  return invitation;
}

class InvitationStoreTest : public ::testing::Test {
 protected:
  template <typename Fn>
  absl::Status Update(Fn update) {
    return vault_->Update(
        [&](VaultTxn& txn) { return update(txn.invitations()); });
  }
  absl::Status Add(InvitationId id) {
    return Update(
        [&](InvitationStore& store) { return store.Add(Invitation(id)); });
  }
  absl::Status SetRequest(absl::string_view request) {
    return Update([&](InvitationStore& store) {
      return store.SetRequest(kId, AsBytes(request));
    });
  }
  absl::Status Approve() {
    return Update([](InvitationStore& store) { return store.Approve(kId); });
  }
  absl::Status Close() {
    return Update([](InvitationStore& store) { return store.Close(kId); });
  }
  absl::StatusOr<StoredInvitation> Stored() {
    vault_.Reopen();
    return vault_.Read(
        [](const VaultTxn& txn) { return txn.invitations().Get(kId); });
  }
  InvitationState StoredState() {
    const auto stored = Stored();
    EXPECT_OK(stored);
    return stored.ok() ? stored->state : InvitationState::kClosed;
  }

  TempVault vault_;
};

TEST_F(InvitationStoreTest, AnAddedInvitationIsOpen) {
  ASSERT_OK(Add(kId));

  ASSERT_OK_AND_ASSIGN(const StoredInvitation stored, Stored());

  EXPECT_EQ(stored.id, kId);
  EXPECT_EQ(ToString(stored.secret.ExposeSecret()), "secret");
  EXPECT_EQ(stored.offer, ToBytes("officer"));
  EXPECT_EQ(stored.state, InvitationState::kOpen);
  EXPECT_TRUE(stored.request.empty());
  EXPECT_EQ(stored.made, kNow);
}

TEST_F(InvitationStoreTest, AnUnknownInvitationIsNotFoundByEveryCall) {
  const auto not_found = StatusIs(absl::StatusCode::kNotFound);

  EXPECT_THAT(Stored(), not_found);
  EXPECT_THAT(SetRequest("request"), not_found);
  EXPECT_THAT(Approve(), not_found);
  EXPECT_THAT(Close(), not_found);
}

TEST_F(InvitationStoreTest, AKnownInvitationIsNotAddedAgain) {
  ASSERT_OK(Add(kId));
  ASSERT_OK(SetRequest("request"));

  EXPECT_THAT(Add(kId), StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_EQ(StoredState(), InvitationState::kRequested);
}

TEST_F(InvitationStoreTest, ARequestIsTakenOnceAndMayBeRepeated) {
  ASSERT_OK(Add(kId));
  ASSERT_OK(SetRequest("request"));

  EXPECT_OK(SetRequest("request"));
  EXPECT_THAT(SetRequest("another"),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  ASSERT_OK_AND_ASSIGN(const StoredInvitation stored, Stored());
  EXPECT_EQ(stored.request, ToBytes("request"));
  EXPECT_FALSE(stored.secret.empty());
}

TEST_F(InvitationStoreTest, ARequestBeyondItsLimitIsRefused) {
  ASSERT_OK(Add(kId));

  EXPECT_THAT(Update([](InvitationStore& store) {
                return store.SetRequest(kId, Bytes(kRequestBytesMax + 1));
              }),
              StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_EQ(StoredState(), InvitationState::kOpen);
}

TEST_F(InvitationStoreTest, ApprovingARequestErasesTheSecretAlone) {
  ASSERT_OK(Add(kId));
  ASSERT_OK(SetRequest("request"));

  ASSERT_OK(Approve());

  ASSERT_OK_AND_ASSIGN(const StoredInvitation stored, Stored());
  EXPECT_EQ(stored.state, InvitationState::kApproved);
  EXPECT_TRUE(stored.secret.empty());
  EXPECT_EQ(stored.request, ToBytes("request"));
}

TEST_F(InvitationStoreTest, AnOpenInvitationIsNotApproved) {
  ASSERT_OK(Add(kId));

  EXPECT_THAT(Approve(), StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_EQ(StoredState(), InvitationState::kOpen);
}

TEST_F(InvitationStoreTest, ClosingErasesTheSecretFromBothStates) {
  ASSERT_OK(Add(kId));
  ASSERT_OK(Close());
  EXPECT_TRUE(Stored()->secret.empty());
  EXPECT_EQ(StoredState(), InvitationState::kClosed);

  ASSERT_OK(Update([](InvitationStore& store) -> absl::Status {
    const auto id = IdOf<InvitationId>(2);
    CORDON_RETURN_IF_ERROR(store.Add(Invitation(id)));
    CORDON_RETURN_IF_ERROR(store.SetRequest(id, AsBytes("request")));
    return store.Close(id);
  }));
}

TEST_F(InvitationStoreTest, NothingComesAfterTheEnd) {
  const auto refused = StatusIs(absl::StatusCode::kFailedPrecondition);
  ASSERT_OK(Add(kId));
  ASSERT_OK(SetRequest("request"));
  ASSERT_OK(Approve());

  EXPECT_THAT(Approve(), refused);
  EXPECT_THAT(Close(), refused);
  EXPECT_THAT(SetRequest("request"), refused);

  EXPECT_EQ(StoredState(), InvitationState::kApproved);
}

TEST_F(InvitationStoreTest, ListPagesById) {
  ASSERT_OK(Update([](InvitationStore& store) -> absl::Status {
    for (uint32_t i = 1; i <= kInvitationsPerPageMax + 2; ++i) {
      CORDON_RETURN_IF_ERROR(store.Add(Invitation(IdOf<InvitationId>(i))));
    }
    return absl::OkStatus();
  }));
  const auto list = [&](InvitationId after) {
    return vault_.Read(
        [&](const VaultTxn& txn) { return txn.invitations().List(after); });
  };

  ASSERT_OK_AND_ASSIGN(const auto first, list(InvitationId()));
  ASSERT_THAT(first, SizeIs(kInvitationsPerPageMax));
  ASSERT_OK_AND_ASSIGN(const auto rest, list(first.back().id));

  EXPECT_THAT(rest, SizeIs(2));
}

}  // namespace
}  // namespace cordon::vault
