#include "crypto/mls/psk_secret.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/mls/group.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
#include "crypto/prim/hkdf.h"
#include "tests/support/mls_room.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::MlsRoom;
using ::cordon::testing::StatusIs;

// Knows every external key: it is the id itself; and one epoch of group "g".
class EchoLookup final : public PskLookup {
 public:
  absl::StatusOr<SecretBytes> External(ByteSpan id) const override {
    if (Equal(id, AsBytes("unknown"))) return absl::NotFoundError("psk");
    return SecretBytes::Copy(id);
  }
  absl::StatusOr<SecretBytes> Resumption(ByteSpan group_id,
                                         Epoch epoch) const override {
    if (!Equal(group_id, AsBytes("g")) || epoch != Epoch{4}) {
      return absl::NotFoundError("psk");
    }
    return SecretBytes::Copy(AsBytes("resumed"));
  }
};

PreSharedKeyId External(absl::string_view id) {
  return {.psk = ExternalPsk{ToBytes(id)}, .nonce = {1}};
}
PreSharedKeyId Resumption(uint64_t epoch) {
  return {.psk = ResumptionPsk{ResumptionUsage::kApplication, ToBytes("g"),
                               Epoch{epoch}},
          .nonce = {1}};
}

std::string HexOf(const std::vector<PreSharedKeyId>& ids) {
  const auto secret = DerivePskSecret(ids, EchoLookup());
  return secret.ok() ? ToHex(secret->ExposeSecret()) : "";
}

TEST(PskSecretTest, NoneIsAllZero) {
  ASSERT_OK_AND_ASSIGN(const Secret secret, DerivePskSecret({}, NoPsks()));

  EXPECT_TRUE(secret.EqualsConstantTime(Secret()));
}

// Section 8.4, step by step.
TEST(PskSecretTest, OneIsExtractedExpandedUnderItsLabelAndExtractedAgain) {
  const Bytes zero(kHashBytes, 0);
  const auto extracted = HkdfExtract(zero, AsBytes("id"));
  Secret input;
  ExpandWithLabel(extracted.ExposeSecret(), "derived psk",
                  *FromHex("0102696401010000"
                           "0001"),
                  input.MutableSecret());
  const Secret expected = HkdfExtract(input.ExposeSecret(), zero);

  EXPECT_EQ(HexOf({External("id")}), ToHex(expected.ExposeSecret()));
}

TEST(PskSecretTest, OrderNumberNonceAndKindMatter) {
  const std::string both = HexOf({External("a"), External("b")});
  PreSharedKeyId other_nonce = External("b");
  other_nonce.nonce = {2};

  EXPECT_NE(both, "");
  EXPECT_NE(both, HexOf({External("b"), External("a")}));
  EXPECT_NE(both, HexOf({External("a")}));
  EXPECT_NE(both, HexOf({External("a"), other_nonce}));
  EXPECT_NE(HexOf({Resumption(4)}), HexOf({External("resumed")}));
}

TEST(PskSecretTest, UnknownKeysAreNotFound) {
  EXPECT_THAT(DerivePskSecret({External("unknown")}, EchoLookup()),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(DerivePskSecret({Resumption(5)}, EchoLookup()),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(DerivePskSecret({External("a")}, NoPsks()),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(DerivePskSecret({Resumption(4)}, NoPsks()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(PskSecretTest, ThereIsALimit) {
  std::vector<PreSharedKeyId> ids(kPsksMax, External("a"));
  EXPECT_OK(DerivePskSecret(ids, EchoLookup()));

  ids.push_back(External("a"));

  EXPECT_THAT(DerivePskSecret(ids, EchoLookup()),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST(GroupPskTest, ExternalKeysEnterTheScheduleOfAllWhoKnowThem) {
  auto room = MlsRoom::WithMembers(2, 50);
  room->psks().Put("id", "key");
  const OwnKeyPackage own = room->MakeKeyPackage("late");
  ASSERT_OK_AND_ASSIGN(PendingCommit pending,
                       room->member(0).Commit(
                           {.proposals = {room->AddOf(own),
                                          PreSharedKey{MakeExternalPskId(
                                              AsBytes("id"), room->random())}}},
                           room->services()));
  room->DeliverAdd(std::move(pending), 0, own);

  room->ExpectAgreement();
}

TEST(GroupPskTest, WhoDoesNotKnowTheKeyCannotFollow) {
  auto room = MlsRoom::WithMembers(2, 51);
  MlsRoom other(52);
  room->psks().Put("id", "key");
  other.psks().Put("id", "another key");
  ASSERT_OK_AND_ASSIGN(
      const PendingCommit pending,
      room->member(0).Commit({.proposals = {PreSharedKey{MakeExternalPskId(
                                  AsBytes("id"), room->random())}}},
                             room->services()));

  EXPECT_THAT(room->member(1).Process(pending.commit, other.services()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  MlsRoom ignorant(53);
  EXPECT_THAT(room->member(1).Process(pending.commit, ignorant.services()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(GroupPskTest, KeptEpochsAreKnownByTheGroupItself) {
  auto room = MlsRoom::WithMembers(2, 54);
  room->CommitBy(0, {});
  const auto key_of = [&](uint64_t epoch) {
    return PreSharedKey{MakeResumptionPskId(
        {ResumptionUsage::kApplication, ToBytes("room"), Epoch{epoch}},
        room->random())};
  };

  room->CommitBy(1, {.proposals = {key_of(1), key_of(2)}});

  room->ExpectAgreement();
  for (size_t i = 0; i < kPastEpochsMax; ++i) room->CommitBy(0, {});
  EXPECT_THAT(
      room->member(0).Commit({.proposals = {key_of(0)}}, room->services()),
      StatusIs(absl::StatusCode::kNotFound));
}

TEST(GroupPskTest, KeysOfReinitAndBranchAreForFoundingOnly) {
  auto room = MlsRoom::WithMembers(2, 55);

  for (const auto usage :
       {ResumptionUsage::kReinit, ResumptionUsage::kBranch}) {
    EXPECT_THAT(room->member(0).Commit(
                    {.proposals = {PreSharedKey{MakeResumptionPskId(
                         {usage, ToBytes("room"), Epoch{1}}, room->random())}}},
                    room->services()),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace cordon::mls
