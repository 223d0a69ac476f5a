#include "crypto/mls/authenticated_content.h"

#include <cstddef>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::MlsClient;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

AuthenticatedContent Saying(Content content,
                            Sender sender = MemberSender{LeafIndex{3}}) {
  return {.content = {.group_id = {1},
                      .epoch = Epoch{2},
                      .sender = sender,
                      .authenticated_data = {9},
                      .content = std::move(content)},
          .auth = {.signature = {7}}};
}

absl::StatusOr<AuthenticatedContent> Parse(ByteSpan bytes) {
  return codec::ParseWhole<AuthenticatedContent>(bytes,
                                                 ReadAuthenticatedContent);
}

TEST(AuthenticatedContentTest, ProposalIsWrittenAsTheRfcSays) {
  const auto content = Saying(Proposal(Remove{LeafIndex{5}}));

  EXPECT_EQ(ToHex(codec::Serialize(content)),
            "0001"              // wire_format
            "0101"              // group_id
            "0000000000000002"  // epoch
            "0100000003"        // member 3
            "0109"              // authenticated_data
            "02"                // proposal
            "000300000005"      // remove 5
            "0107");            // signature
  EXPECT_THAT(Parse(codec::Serialize(content)), IsOkAndHolds(content));
}

TEST(AuthenticatedContentTest, CommitAloneCarriesAConfirmationTag) {
  auto content = Saying(Commit{});
  content.auth.confirmation_tag = {8};

  EXPECT_THAT(codec::Serialize(content).back(), 8);
  EXPECT_THAT(Parse(codec::Serialize(content)), IsOkAndHolds(content));
}

TEST(AuthenticatedContentTest, EverySenderAndContentSurvivesTheCodec) {
  for (const Sender& sender :
       {Sender(MemberSender{LeafIndex{1}}), Sender(OutsideSender{2}),
        Sender(NewMemberProposalSender{}), Sender(NewMemberCommitSender{})}) {
    const auto content = Saying(ApplicationData{{1, 2, 3}}, sender);
    EXPECT_THAT(Parse(codec::Serialize(content)), IsOkAndHolds(content));
  }
}

TEST(AuthenticatedContentTest, EveryTruncationIsRefused) {
  auto content = Saying(Commit{});
  content.auth.confirmation_tag = {8};
  const Bytes bytes = codec::Serialize(content);

  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(Parse(ByteSpan(bytes).first(size)), StatusIs(kInvalid));
  }
}

TEST(AuthenticatedContentTest, UnknownTypesAreRefused) {
  for (const char* hex : {
           "0003010100000000000000020100000003010902000300000005010"
           "7",  // wire format
           "00010101000000000000000205010902000300000005"
           "0107",  // sender
           "000101010000000000000002010000000301090400"
           "0107",  // content
       }) {
    SCOPED_TRACE(hex);
    EXPECT_THAT(Parse(*FromHex(hex)), StatusIs(kInvalid));
  }
}

TEST(AuthenticatedContentTest, GroupIdAndAuthenticatedDataHaveLimits) {
  auto content = Saying(ApplicationData{});
  content.content.authenticated_data = Bytes(kAuthenticatedDataBytesMax);
  EXPECT_OK(Parse(codec::Serialize(content)));
  content.content.authenticated_data.push_back(0);
  EXPECT_THAT(Parse(codec::Serialize(content)), StatusIs(kInvalid));

  content = Saying(ApplicationData{});
  content.content.group_id = Bytes(kGroupIdBytesMax + 1);
  EXPECT_THAT(Parse(codec::Serialize(content)), StatusIs(kInvalid));
}

TEST(CheckSenderTest, EachKindOfSenderSaysItsOwnThings) {
  SeededRandom random(1);
  const Proposal add = Add{MlsClient::Make("a", random).key_package};
  const Proposal remove = Remove{LeafIndex{1}};
  const Proposal update = Update{MlsClient::Make("b", random).member().leaf};
  const Proposal init = ExternalInit{{1}};
  const Proposal psk = PreSharedKey{MakeExternalPskId({}, random)};
  const Proposal re_init = ReInit{};
  const Proposal extensions = GroupContextExtensions{};
  const auto check = [](Content content, const Sender& sender) {
    return CheckSender(Saying(std::move(content), sender).content);
  };

  const Sender member = MemberSender{};
  EXPECT_OK(check(ApplicationData{}, member));
  EXPECT_OK(check(update, member));
  EXPECT_OK(check(Commit{}, member));

  const Sender outside = OutsideSender{};
  for (const Proposal& allowed : {add, remove, psk, re_init, extensions}) {
    EXPECT_OK(check(allowed, outside));
  }
  EXPECT_THAT(check(update, outside), StatusIs(kInvalid));
  EXPECT_THAT(check(init, outside), StatusIs(kInvalid));
  EXPECT_THAT(check(Commit{}, outside), StatusIs(kInvalid));
  EXPECT_THAT(check(ApplicationData{}, outside), StatusIs(kInvalid));

  const Sender proposing = NewMemberProposalSender{};
  EXPECT_OK(check(add, proposing));
  EXPECT_THAT(check(remove, proposing), StatusIs(kInvalid));
  EXPECT_THAT(check(Commit{}, proposing), StatusIs(kInvalid));

  const Sender joining = NewMemberCommitSender{};
  EXPECT_OK(check(Commit{}, joining));
  EXPECT_THAT(check(add, joining), StatusIs(kInvalid));
  EXPECT_THAT(check(ApplicationData{}, joining), StatusIs(kInvalid));
}

class SignedContentTest : public ::testing::Test {
 protected:
  absl::Status Verify(const AuthenticatedContent& content, ByteSpan context) {
    return VerifySignature(content, context, key_.public_key());
  }

  SeededRandom random_{2};
  const Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate(random_);
  const Bytes context_ = ToBytes("context");
};

TEST_F(SignedContentTest, MembersSignTheContext) {
  AuthenticatedContent content = Saying(ApplicationData{{1}});
  Sign(key_, context_, content);

  EXPECT_OK(Verify(content, context_));
  EXPECT_THAT(Verify(content, AsBytes("other")),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(SignedContentTest, OutsidersDoNotKnowTheContext) {
  AuthenticatedContent content =
      Saying(Proposal(Remove{LeafIndex{1}}), OutsideSender{0});
  Sign(key_, {}, content);

  EXPECT_OK(Verify(content, context_));
}

TEST_F(SignedContentTest, JoinersSignTheContext) {
  AuthenticatedContent content = Saying(Commit{}, NewMemberCommitSender{});
  Sign(key_, context_, content);

  EXPECT_OK(Verify(content, context_));
  EXPECT_THAT(Verify(content, {}),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(SignedContentTest, EveryFieldIsSigned) {
  AuthenticatedContent content = Saying(ApplicationData{{1}});
  Sign(key_, context_, content);
  const auto changed = [&content](auto change) {
    AuthenticatedContent copy = content;
    change(copy);
    return copy;
  };
  const AuthenticatedContent forgeries[] = {
      changed([](auto& c) { c.wire_format = WireFormat::kPrivateMessage; }),
      changed([](auto& c) { c.content.group_id = {2}; }),
      changed([](auto& c) { c.content.epoch = Epoch{3}; }),
      changed([](auto& c) { c.content.sender = MemberSender{LeafIndex{4}}; }),
      changed([](auto& c) { c.content.authenticated_data = {8}; }),
      changed([](auto& c) { c.content.content = ApplicationData{{2}}; }),
      changed([](auto& c) { c.auth.signature[0] ^= 1; })};

  for (const AuthenticatedContent& forged : forgeries) {
    EXPECT_THAT(Verify(forged, context_),
                StatusIs(absl::StatusCode::kUnauthenticated));
  }
}

}  // namespace
}  // namespace cordon::mls
