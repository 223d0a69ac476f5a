#include "crypto/mls/group_secrets.h"

#include <optional>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

SecretBytes Bits(Bytes bytes) {
  return SecretBytes::Copy(bytes);
}

GroupSecrets Some() {
  return {.joiner_secret = Bits({1, 2}),
          .path_secret = Bits({3}),
          .psks = {{.psk = ExternalPsk{{4}}, .nonce = {5}}}};
}

TEST(GroupSecretsTest, AreWrittenAsTheRfcSays) {
  EXPECT_EQ(ToHex(Serialize(Some()).ExposeSecret()),
            "020102"  // joiner_secret
            "010103"  // path_secret
            "05"
            "0101040105"  // psks
  );
}

TEST(GroupSecretsTest, SurviveTheCodecWithAndWithoutAPath) {
  ASSERT_OK_AND_ASSIGN(const GroupSecrets parsed,
                       ParseGroupSecrets(Serialize(Some()).ExposeSecret()));
  EXPECT_TRUE(parsed.joiner_secret.EqualsConstantTime(Bits({1, 2})));
  ASSERT_TRUE(parsed.path_secret.has_value());
  EXPECT_TRUE(parsed.path_secret->EqualsConstantTime(Bits({3})));
  EXPECT_EQ(parsed.psks, Some().psks);

  GroupSecrets without = Some();
  without.path_secret = std::nullopt;
  ASSERT_OK_AND_ASSIGN(const GroupSecrets bare,
                       ParseGroupSecrets(Serialize(without).ExposeSecret()));
  EXPECT_FALSE(bare.path_secret.has_value());
}

TEST(GroupSecretsTest, EveryTruncationATrailingByteAndTooManyPsksAreRefused) {
  const SecretBytes bytes = Serialize(Some());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(ParseGroupSecrets(bytes.ExposeSecret().first(size)),
                StatusIs(kInvalid));
  }
  EXPECT_THAT(ParseGroupSecrets(Concat(bytes.ExposeSecret(), Bytes{0})),
              StatusIs(kInvalid));
  GroupSecrets many = Some();
  many.psks = std::vector<PreSharedKeyId>(kPsksMax + 1, many.psks[0]);
  EXPECT_THAT(ParseGroupSecrets(Serialize(many).ExposeSecret()),
              StatusIs(kInvalid));
}

TEST(GroupSecretsTest, GroupInfoOpensUnderItsWelcomeSecretOnly) {
  const Secret secret = *Secret::Copy(Bytes(32, 1));
  const Secret other = *Secret::Copy(Bytes(32, 2));
  const GroupInfo info{.group_context = {.group_id = {1}, .epoch = Epoch{1}},
                       .confirmation_tag = {2}};
  Bytes sealed = SealGroupInfo(info, secret);

  EXPECT_THAT(OpenGroupInfo(sealed, secret), IsOkAndHolds(info));
  EXPECT_THAT(OpenGroupInfo(sealed, other), StatusIs(kInvalid));
  sealed[0] ^= 1;
  EXPECT_THAT(OpenGroupInfo(sealed, secret), StatusIs(kInvalid));
}

TEST(GroupSecretsTest, SecretsAreBoundToTheGroupInfoTheyCameWith) {
  SeededRandom random(1);
  const hpke::KeyPair key = hpke::KeyPair::Generate(random);
  const hpke::KeyPair other = hpke::KeyPair::Generate(random);
  ASSERT_OK_AND_ASSIGN(const EncryptedGroupSecrets sealed,
                       SealGroupSecrets(Some(),
                                        {.key_package_ref = AsBytes("ref"),
                                         .init_key = key.public_key},
                                        AsBytes("info"), random));

  EXPECT_EQ(sealed.new_member, ToBytes("ref"));
  EXPECT_OK(OpenGroupSecrets(sealed, key, AsBytes("info")));
  EXPECT_THAT(OpenGroupSecrets(sealed, key, AsBytes("inf0")),
              StatusIs(kInvalid));
  EXPECT_THAT(OpenGroupSecrets(sealed, other, AsBytes("info")),
              StatusIs(kInvalid));
}

}  // namespace
}  // namespace cordon::mls
