#include "crypto/mls/message_protection.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/aead.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kUnauthenticated = absl::StatusCode::kUnauthenticated;
constexpr LeafIndex kSender{2};

Secret Filled(uint8_t byte) {
  return *Secret::Copy(Bytes(kHashBytes, byte));
}

class MessageProtectionTest : public ::testing::Test {
 protected:
  static SecretTree Tree() {
    return SecretTree::Create(LeafCount{4}, Filled(1));
  }
  static AuthenticatedContent Saying(Content content, WireFormat format) {
    return {.wire_format = format,
            .content = {.group_id = {1},
                        .epoch = Epoch{2},
                        .sender = MemberSender{kSender},
                        .authenticated_data = {9},
                        .content = std::move(content)},
            .auth = {.signature = Bytes(64, 5)}};
  }
  static AuthenticatedContent Application(size_t size = 3) {
    return Saying(ApplicationData{Bytes(size, 7)}, WireFormat::kPrivateMessage);
  }
  static AuthenticatedContent Shown() {
    return Saying(Proposal(Remove{LeafIndex{1}}), WireFormat::kPublicMessage);
  }
  absl::StatusOr<SealedPrivate> Seal(const AuthenticatedContent& content) {
    return SealPrivate(content, {sender_data_, sending_}, random_);
  }
  absl::StatusOr<OpenedPrivate> Open(const PrivateMessage& message) {
    return OpenPrivate(message, {sender_data_, receiving_});
  }

  SeededRandom random_{1};
  const Secret sender_data_ = Filled(2);
  const Secret membership_ = Filled(3);
  const Bytes context_ = ToBytes("context");
  SecretTree sending_ = Tree();
  SecretTree receiving_ = Tree();
};

TEST_F(MessageProtectionTest, SealedContentOpensAsItWas) {
  for (const Content& content :
       {Content(ApplicationData{{1, 2}}), Content(Proposal(Remove{kSender})),
        Content(Commit{})}) {
    AuthenticatedContent said = Saying(content, WireFormat::kPrivateMessage);
    if (std::holds_alternative<Commit>(content)) {
      said.auth.confirmation_tag = {4};
    }
    ASSERT_OK_AND_ASSIGN(const SealedPrivate sealed, Seal(said));
    ASSERT_OK_AND_ASSIGN(const OpenedPrivate opened, Open(sealed.message));
    EXPECT_EQ(opened.content, said);
  }
}

TEST_F(MessageProtectionTest, EachMessageHasItsOwnGeneration) {
  ASSERT_OK_AND_ASSIGN(const SealedPrivate first, Seal(Application()));
  ASSERT_OK_AND_ASSIGN(const SealedPrivate second, Seal(Application()));

  EXPECT_EQ(first.generation, 0U);
  EXPECT_EQ(second.generation, 1U);
  EXPECT_NE(first.message.ciphertext, second.message.ciphertext);
}

TEST_F(MessageProtectionTest, HandshakesAndApplicationDataHaveOwnRatchets) {
  ASSERT_OK(Seal(Application()));
  ASSERT_OK_AND_ASSIGN(const SealedPrivate handshake,
                       Seal(Saying(Commit{}, WireFormat::kPrivateMessage)));

  EXPECT_EQ(handshake.generation, 0U);
}

TEST_F(MessageProtectionTest, LengthsShowUpToPaddingOnly) {
  ASSERT_OK_AND_ASSIGN(const SealedPrivate one, Seal(Application(1)));
  ASSERT_OK_AND_ASSIGN(const SealedPrivate more, Seal(Application(30)));
  ASSERT_OK_AND_ASSIGN(const SealedPrivate much, Seal(Application(100)));

  EXPECT_EQ(one.message.ciphertext.size(), more.message.ciphertext.size());
  EXPECT_NE(one.message.ciphertext.size(), much.message.ciphertext.size());
  EXPECT_EQ(
      (one.message.ciphertext.size() - kAeadTagBytes) % kPaddingBlockBytes, 0U);
}

TEST_F(MessageProtectionTest, OpeningConsumesNothingByItself) {
  ASSERT_OK_AND_ASSIGN(const SealedPrivate sealed, Seal(Application()));

  EXPECT_OK(Open(sealed.message));
  ASSERT_OK_AND_ASSIGN(OpenedPrivate again, Open(sealed.message));
  ASSERT_OK(receiving_.Consume(std::move(again.lease)));

  EXPECT_THAT(Open(sealed.message),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(MessageProtectionTest, EveryVisibleFieldIsAuthenticated) {
  ASSERT_OK_AND_ASSIGN(const SealedPrivate sealed, Seal(Application()));
  const auto changed = [&](auto change) {
    PrivateMessage copy = sealed.message;
    change(copy);
    return Open(copy);
  };

  EXPECT_THAT(changed([](auto& m) { m.group_id = {2}; }), StatusIs(kInvalid));
  EXPECT_THAT(changed([](auto& m) { m.epoch = Epoch{3}; }), StatusIs(kInvalid));
  EXPECT_THAT(changed([](auto& m) { m.content_type = ContentType::kProposal; }),
              StatusIs(kInvalid));
  EXPECT_THAT(changed([](auto& m) { m.authenticated_data = {8}; }),
              StatusIs(kInvalid));
  EXPECT_THAT(changed([](auto& m) { m.encrypted_sender_data[0] ^= 1; }),
              StatusIs(kInvalid));
  EXPECT_THAT(changed([](auto& m) { m.ciphertext.back() ^= 1; }),
              StatusIs(kInvalid));
  EXPECT_THAT(changed([](auto& m) { m.ciphertext.clear(); }),
              StatusIs(kInvalid));
}

TEST_F(MessageProtectionTest, PaddingThatIsNotZeroIsRefused) {
  // Sealed by hand, as only a member could.
  codec::Writer out;
  WriteContentBody(ApplicationData{{1}}, out);
  WriteAuthData(ContentType::kApplication, {.signature = {5}}, out);
  out.U8(1);
  ASSERT_OK_AND_ASSIGN(SecretTree::Leased lease,
                       sending_.LeaseNext(kSender, RatchetKind::kApplication));
  PrivateMessage message{.group_id = {1}, .epoch = Epoch{2}};
  codec::Writer aad;
  aad.Vector(message.group_id);
  aad.U64(2);
  aad.U8(1);
  const Bytes sender_aad = aad.bytes();
  aad.Vector({});
  message.ciphertext =
      AeadSeal(lease.key().key, lease.key().nonce, aad.bytes(), out.bytes());
  codec::Writer sender;
  sender.U32(kSender.value);
  sender.U32(0);
  sender.U32(0);
  const SenderDataKey key =
      DeriveSenderDataKey(sender_data_, message.ciphertext);
  message.encrypted_sender_data =
      AeadSeal(key.key, key.nonce, sender_aad, sender.bytes());

  EXPECT_THAT(Open(message), StatusIs(kInvalid));
}

TEST_F(MessageProtectionTest, OnlyMembersSealAndOnlyWhatSaysSo) {
  AuthenticatedContent outside = Application();
  outside.content.sender = OutsideSender{0};

  EXPECT_THAT(Seal(outside), StatusIs(kInvalid));
  EXPECT_THAT(Seal(Shown()), StatusIs(kInvalid));
}

TEST_F(MessageProtectionTest, PublicMessageVerifiesUnderItsKeyAndContext) {
  ASSERT_OK_AND_ASSIGN(const PublicMessage message,
                       ProtectPublic(Shown(), membership_, context_));

  EXPECT_OK(VerifyPublic(message, membership_, context_));
  EXPECT_THAT(VerifyPublic(message, Filled(4), context_),
              StatusIs(kUnauthenticated));
  EXPECT_THAT(VerifyPublic(message, membership_, AsBytes("other")),
              StatusIs(kUnauthenticated));
}

TEST_F(MessageProtectionTest, MembershipTagCoversContentAndSignature) {
  ASSERT_OK_AND_ASSIGN(const PublicMessage message,
                       ProtectPublic(Shown(), membership_, context_));
  PublicMessage content = message;
  content.content.content.content = Proposal(Remove{LeafIndex{3}});
  PublicMessage signature = message;
  signature.content.auth.signature[0] ^= 1;
  PublicMessage tag = message;
  tag.membership_tag.clear();

  for (const PublicMessage& forged : {content, signature, tag}) {
    EXPECT_THAT(VerifyPublic(forged, membership_, context_),
                StatusIs(kUnauthenticated));
  }
}

TEST_F(MessageProtectionTest, ApplicationDataIsNeverShown) {
  AuthenticatedContent said = Application();
  said.wire_format = WireFormat::kPublicMessage;

  EXPECT_THAT(ProtectPublic(said, membership_, context_), StatusIs(kInvalid));
  EXPECT_THAT(VerifyPublic({.content = said}, membership_, context_),
              StatusIs(kInvalid));
}

TEST_F(MessageProtectionTest, OutsidersHaveNoTagAndSayOnlyWhatTheyMay) {
  AuthenticatedContent said = Shown();
  said.content.sender = OutsideSender{0};
  ASSERT_OK_AND_ASSIGN(const PublicMessage message,
                       ProtectPublic(said, membership_, context_));
  EXPECT_THAT(message.membership_tag, ::testing::IsEmpty());
  EXPECT_OK(VerifyPublic(message, membership_, context_));

  said.content.content = Commit{};
  EXPECT_THAT(ProtectPublic(said, membership_, context_), StatusIs(kInvalid));
  EXPECT_THAT(VerifyPublic({.content = said}, membership_, context_),
              StatusIs(kInvalid));
}

}  // namespace
}  // namespace cordon::mls
