#include "crypto/mls/epoch_advance.h"

#include <functional>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/transcript.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/hash.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::KnownTree;
using ::cordon::testing::SeededRandom;

class EpochAdvanceTest : public ::testing::Test {
 protected:
  EpochAdvanceTest() {
    old_.group_id = {1};
    old_.epoch = Epoch{4};
    old_.tree_hash = Bytes(32, 2);
    old_.confirmed_transcript_hash = Bytes(32, 3);
    commit_.content = {.group_id = old_.group_id,
                       .epoch = old_.epoch,
                       .sender = MemberSender{LeafIndex{0}},
                       .content = Commit{}};
    commit_.auth.signature = Bytes(64, 5);
  }
  static Secret Filled(uint8_t byte) {
    return *Secret::Copy(Bytes(kHashBytes, byte));
  }
  // Everything that the next epoch is made of.
  struct Inputs {
    Bytes interim = Bytes(32, 6);
    uint8_t init = 7;
    uint8_t commit = 8;
    uint8_t psk = 9;
    Extensions extensions = {{ExtensionType{0xf100}, {1}}};
  };
  AdvancedEpoch Make(const Inputs& inputs) {
    const Secret init = Filled(inputs.init);
    const Secret commit = Filled(inputs.commit);
    const Secret psk = Filled(inputs.psk);
    return Advance({.interim_transcript_hash = inputs.interim,
                    .init = init,
                    .commit_secret = commit,
                    .psk_secret = psk},
                   commit_,
                   ProvisionalContext(old_, known_.tree(), inputs.extensions),
                   known_.tree());
  }
  Bytes AuthenticatorOf(const Inputs& inputs) {
    return ToBytes(Make(inputs).secrets.epoch_authenticator.ExposeSecret());
  }

  SeededRandom random_{1};
  KnownTree known_ = KnownTree::Cold(2, random_);
  GroupContext old_;
  AuthenticatedContent commit_;
};

TEST_F(EpochAdvanceTest, TheProvisionalContextIsTheNextOnesWithTheOldHash) {
  const GroupContext context =
      ProvisionalContext(old_, known_.tree(), {{ExtensionType{9}, {}}});

  EXPECT_EQ(context.epoch, Epoch{5});
  EXPECT_EQ(context.group_id, old_.group_id);
  EXPECT_EQ(context.tree_hash, ToBytes(known_.tree().RootHash()));
  EXPECT_EQ(context.confirmed_transcript_hash, old_.confirmed_transcript_hash);
  EXPECT_EQ(context.extensions, Extensions({{ExtensionType{9}, {}}}));
}

TEST_F(EpochAdvanceTest, TheContextThenHoldsTheCommitsTranscript) {
  const Inputs inputs;

  const AdvancedEpoch advanced = Make(inputs);

  const Digest confirmed = ConfirmedTranscriptHash(inputs.interim, commit_);
  EXPECT_EQ(advanced.shared.context.confirmed_transcript_hash,
            ToBytes(confirmed));
  EXPECT_EQ(advanced.shared.context_bytes,
            codec::Serialize(advanced.shared.context));
  EXPECT_EQ(advanced.confirmation_tag,
            ConfirmationTag(advanced.secrets.confirmation_key, confirmed));
}

// A commit's tag is of the epoch that it makes, so it cannot be part of it.
TEST_F(EpochAdvanceTest, TheCommitsOwnTagIsNotLookedAt) {
  const Bytes before = AuthenticatorOf({});

  commit_.auth.confirmation_tag = Bytes(32, 1);

  EXPECT_EQ(AuthenticatorOf({}), before);
}

TEST_F(EpochAdvanceTest, EverythingThatIsPutInChangesTheEpoch) {
  const Bytes usual = AuthenticatorOf({});

  EXPECT_NE(AuthenticatorOf({.interim = Bytes(32, 1)}), usual);
  EXPECT_NE(AuthenticatorOf({.init = 1}), usual);
  EXPECT_NE(AuthenticatorOf({.commit = 1}), usual);
  EXPECT_NE(AuthenticatorOf({.psk = 1}), usual);
  EXPECT_NE(AuthenticatorOf({.extensions = {}}), usual);
  commit_.auth.signature = Bytes(64, 1);
  EXPECT_NE(AuthenticatorOf({}), usual);
}

TEST_F(EpochAdvanceTest, AMembersStateTakesUpWhatTheEpochGives) {
  AdvancedEpoch advanced = Make({});
  const Bytes authenticator =
      ToBytes(advanced.secrets.epoch_authenticator.ExposeSecret());
  const Bytes tag = ToBytes(advanced.confirmation_tag);

  const EpochState state =
      MakeState(std::move(advanced.shared), std::move(advanced.secrets),
                {.path = known_.KeysOf(LeafIndex{1}),
                 .signer = known_.client(1).signer.CloneSecret()},
                tag);

  EXPECT_EQ(state.epoch(), Epoch{5});
  EXPECT_EQ(state.self(), LeafIndex{1});
  EXPECT_FALSE(state.retired());
  EXPECT_EQ(ToBytes(state.member().epoch_authenticator.ExposeSecret()),
            authenticator);
  EXPECT_EQ(state.member().confirmation_tag, tag);
  EXPECT_EQ(
      state.member().interim_transcript_hash,
      InterimTranscriptHash(state.context().confirmed_transcript_hash, tag));
}

}  // namespace
}  // namespace cordon::mls
