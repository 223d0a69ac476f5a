#include "crypto/blob/blob_cipher.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/blob/blob_ref.h"
#include "crypto/blob/padding.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/secret_stream.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::blob {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

const auto kDamaged = StatusIs(absl::StatusCode::kDataLoss);
const auto kBadLength = StatusIs(absl::StatusCode::kInvalidArgument);
constexpr size_t kSealedChunkBytes =
    kChunkBytes + kSecretStreamChunkOverheadBytes;

struct Sealed {
  Bytes ciphertext;
  BlobRef ref;
};

absl::StatusOr<Sealed> SealAll(ByteSpan file, RandomSource& random) {
  CORDON_ASSIGN_OR_RETURN(BlobSealer sealer,
                          BlobSealer::Create(file.size(), random));
  Bytes ciphertext;
  while (!sealer.done()) {
    const size_t take = sealer.next_plaintext_bytes();
    CORDON_ASSIGN_OR_RETURN(const ByteSpan piece,
                            sealer.Seal(file.first(take)));
    file.remove_prefix(take);
    Append(ciphertext, piece);
  }
  EXPECT_TRUE(file.empty());
  EXPECT_EQ(ciphertext.size(), sealer.ciphertext_bytes());
  CORDON_ASSIGN_OR_RETURN(BlobRef ref, sealer.Finish());
  return Sealed{std::move(ciphertext), std::move(ref)};
}

absl::StatusOr<Bytes> OpenAll(const BlobRef& ref, ByteSpan ciphertext) {
  CORDON_ASSIGN_OR_RETURN(BlobOpener opener,
                          BlobOpener::Create(ref, ciphertext.size()));
  Bytes file;
  while (!opener.done()) {
    const size_t take = opener.next_piece_bytes();
    CORDON_ASSIGN_OR_RETURN(const ByteSpan part,
                            opener.Open(ciphertext.first(take)));
    ciphertext.remove_prefix(take);
    Append(file, part);
  }
  EXPECT_TRUE(ciphertext.empty());
  return file;
}

class BlobCipherTest : public ::testing::Test {
 protected:
  Sealed Seal(ByteSpan file) { return SealAll(file, random_).value(); }

  SeededRandom random_{1};
};

class BlobSizeTest : public ::testing::TestWithParam<size_t> {};

TEST_P(BlobSizeTest, OpensToTheSameFile) {
  SeededRandom random(GetParam());
  const Bytes file = RandomBytes(random, GetParam());
  ASSERT_OK_AND_ASSIGN(const Sealed sealed, SealAll(file, random));

  EXPECT_EQ(sealed.ref.plaintext_bytes(), file.size());
  EXPECT_EQ(sealed.ref.plaintext_digest(), Sha256(file));
  EXPECT_EQ(sealed.ciphertext.size(), sealed.ref.ciphertext_bytes());
  EXPECT_THAT(OpenAll(sealed.ref, sealed.ciphertext), IsOkAndHolds(file));
}

// One byte; both sides of the smallest bucket, of one chunk, of two chunks; one
// whose last chunks are padding alone.
INSTANTIATE_TEST_SUITE_P(Sizes, BlobSizeTest,
                         ::testing::Values(1, 4095, 4096, 4097, kChunkBytes - 1,
                                           kChunkBytes, kChunkBytes + 1,
                                           2 * kChunkBytes - 1, 2 * kChunkBytes,
                                           2 * kChunkBytes + 1,
                                           64 * kChunkBytes + 1));

TEST_F(BlobCipherTest, EmptyFileIsRefused) {
  EXPECT_THAT(BlobSealer::Create(0, random_),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(BlobCipherTest, FileOneByteBeyondTheLimitIsRefused) {
  EXPECT_OK(BlobSealer::Create(kFileBytesMax, random_));
  EXPECT_THAT(BlobSealer::Create(kFileBytesMax + 1, random_),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(BlobCipherTest, FlippedBitIsRefusedWhereverItIs) {
  const Sealed sealed = Seal(Bytes(kChunkBytes + 1, 'x'));
  const size_t second = kSecretStreamHeaderBytes + kSealedChunkBytes;
  const std::vector<size_t> places = {0,
                                      kSecretStreamHeaderBytes - 1,
                                      kSecretStreamHeaderBytes,
                                      second - 1,
                                      second,
                                      second + 100,  // in the padding
                                      sealed.ciphertext.size() - 1};
  for (const size_t place : places) {
    SCOPED_TRACE(place);
    Bytes changed = sealed.ciphertext;
    changed[place] ^= 0x10;
    EXPECT_THAT(OpenAll(sealed.ref, changed), kDamaged);
  }
}

TEST_F(BlobCipherTest, TruncatedFileIsRefusedBeforeAnythingIsOpened) {
  const Sealed sealed = Seal(Bytes(3 * kChunkBytes, 'x'));
  const ByteSpan whole = sealed.ciphertext;

  EXPECT_THAT(OpenAll(sealed.ref, whole.first(whole.size() - 1)), kBadLength);
  EXPECT_THAT(
      OpenAll(sealed.ref, whole.first(whole.size() - kSealedChunkBytes)),
      kBadLength);
  EXPECT_THAT(OpenAll(sealed.ref, {}), kBadLength);
}

TEST_F(BlobCipherTest, ExtendedFileIsRefused) {
  const Sealed sealed = Seal(Bytes(3 * kChunkBytes, 'x'));

  EXPECT_THAT(OpenAll(sealed.ref, Concat(sealed.ciphertext, Bytes(1))),
              kBadLength);
  EXPECT_THAT(
      OpenAll(sealed.ref, Concat(sealed.ciphertext, Bytes(kSealedChunkBytes))),
      kBadLength);
}

TEST_F(BlobCipherTest, SwappedChunksAreRefused) {
  Sealed sealed = Seal(Bytes(3 * kChunkBytes, 'x'));
  const auto first = sealed.ciphertext.begin() + kSecretStreamHeaderBytes;
  std::swap_ranges(first, first + kSealedChunkBytes, first + kSealedChunkBytes);

  EXPECT_THAT(OpenAll(sealed.ref, sealed.ciphertext), kDamaged);
}

TEST_F(BlobCipherTest, RepeatedChunkIsRefused) {
  Sealed sealed = Seal(Bytes(3 * kChunkBytes, 'x'));
  const auto first = sealed.ciphertext.begin() + kSecretStreamHeaderBytes;
  std::copy_n(first, kSealedChunkBytes, first + kSealedChunkBytes);

  EXPECT_THAT(OpenAll(sealed.ref, sealed.ciphertext), kDamaged);
}

TEST_F(BlobCipherTest, AnotherFileOfTheSameLengthIsRefused) {
  const Sealed mine = Seal(Bytes(100, 'x'));
  const Sealed other = Seal(Bytes(100, 'x'));

  EXPECT_THAT(OpenAll(mine.ref, other.ciphertext), kDamaged);
}

// Same key, same bucket: only the bound length tells that the ref lies.
TEST_F(BlobCipherTest, RefThatClaimsAnotherLengthIsRefused) {
  const Sealed sealed = Seal(Bytes(100, 'x'));
  ASSERT_OK_AND_ASSIGN(
      const BlobRef liar,
      BlobRef::Create({.id = sealed.ref.id(),
                       .plaintext_digest = Sha256(Bytes(99, 'x')),
                       .plaintext_bytes = 99},
                      sealed.ref.key().CloneSecret()));

  EXPECT_THAT(OpenAll(liar, sealed.ciphertext), kDamaged);
}

TEST_F(BlobCipherTest, RefThatClaimsAnotherDigestIsRefusedAtTheLastPiece) {
  const Sealed sealed = Seal(Bytes(kChunkBytes + 1, 'x'));
  ASSERT_OK_AND_ASSIGN(const BlobRef liar,
                       BlobRef::Create({.id = sealed.ref.id(),
                                        .plaintext_digest = Sha256({}),
                                        .plaintext_bytes = kChunkBytes + 1},
                                       sealed.ref.key().CloneSecret()));

  EXPECT_THAT(OpenAll(liar, sealed.ciphertext), kDamaged);
}

// A file sealed by hand, so that its maker may break the rules.
Bytes SealByHand(const SecretStreamKey& key, RandomSource& random,
                 ByteSpan padded, ChunkTag tag) {
  codec::Writer associated;
  associated.Vector(AsBytes("cordon 1.0 Blob"));
  associated.U64(100);
  SecretStreamSealer stream(key, random);
  Bytes ciphertext = ToBytes(stream.header());
  Bytes sealed(padded.size() + kSecretStreamChunkOverheadBytes);
  stream.Seal(padded, associated.bytes(), tag, absl::MakeSpan(sealed));
  Append(ciphertext, sealed);
  return ciphertext;
}

class MadeByHandTest : public BlobCipherTest {
 protected:
  SecretStreamKey key_ = SecretStreamKey::Random(random_);
  BlobRef ref_ = BlobRef::Create({.id = BlobId::Random(random_),
                                  .plaintext_digest = Sha256(Bytes(100, 'x')),
                                  .plaintext_bytes = 100},
                                 key_.CloneSecret())
                     .value();
  Bytes padded_ = Concat(Bytes(100, 'x'), Bytes(kPaddedBytesMin - 100));
};

TEST_F(MadeByHandTest, GoodFileOpens) {
  EXPECT_THAT(
      OpenAll(ref_, SealByHand(key_, random_, padded_, ChunkTag::kFinal)),
      IsOkAndHolds(Bytes(100, 'x')));
}

TEST_F(MadeByHandTest, LastChunkThatIsNotMarkedFinalIsRefused) {
  EXPECT_THAT(
      OpenAll(ref_, SealByHand(key_, random_, padded_, ChunkTag::kMessage)),
      kDamaged);
}

TEST_F(MadeByHandTest, PaddingThatIsNotZeroIsRefused) {
  padded_.back() = 1;

  EXPECT_THAT(
      OpenAll(ref_, SealByHand(key_, random_, padded_, ChunkTag::kFinal)),
      kDamaged);
}

TEST_F(BlobCipherTest, SpentOpenerGivesNothingMore) {
  const Sealed sealed = Seal(Bytes(100, 'x'));
  Bytes changed = sealed.ciphertext;
  changed.back() ^= 1;
  ASSERT_OK_AND_ASSIGN(BlobOpener opener,
                       BlobOpener::Create(sealed.ref, changed.size()));
  ASSERT_THAT(opener.Open(changed), kDamaged);

  EXPECT_THAT(opener.Open(sealed.ciphertext), kDamaged);
  EXPECT_FALSE(opener.done());
  EXPECT_EQ(opener.next_piece_bytes(), 0U);
}

TEST_F(BlobCipherTest, PieceOfWrongLengthChangesNothing) {
  const Sealed sealed = Seal(Bytes(100, 'x'));
  const ByteSpan whole = sealed.ciphertext;
  ASSERT_OK_AND_ASSIGN(BlobOpener opener,
                       BlobOpener::Create(sealed.ref, whole.size()));
  EXPECT_THAT(opener.Open(whole.first(whole.size() - 1)), kBadLength);
  EXPECT_THAT(opener.Open({}), kBadLength);

  EXPECT_THAT(opener.Open(whole), IsOkAndHolds(Bytes(100, 'x')));
  EXPECT_TRUE(opener.done());
  EXPECT_THAT(opener.Open(whole), kBadLength);
}

TEST_F(BlobCipherTest, FileThatShrinksOrGrowsWhileReadIsRefused) {
  const auto changed = StatusIs(absl::StatusCode::kFailedPrecondition);
  ASSERT_OK_AND_ASSIGN(BlobSealer sealer,
                       BlobSealer::Create(kChunkBytes + 10, random_));
  ASSERT_OK(sealer.Seal(Bytes(kChunkBytes)));

  EXPECT_THAT(sealer.Seal(Bytes(9)), changed);
  EXPECT_THAT(sealer.Seal(Bytes(11)), changed);
  EXPECT_THAT(sealer.Finish(), changed);
  EXPECT_FALSE(sealer.done());
  ASSERT_OK(sealer.Seal(Bytes(10)));
  EXPECT_TRUE(sealer.done());
  EXPECT_THAT(sealer.Seal({}), changed);
}

TEST_F(BlobCipherTest, RefIsHandedOutOnce) {
  ASSERT_OK_AND_ASSIGN(BlobSealer sealer, BlobSealer::Create(1, random_));
  ASSERT_OK(sealer.Seal(Bytes(1)));
  ASSERT_OK(sealer.Finish());

  EXPECT_THAT(sealer.Finish(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(BlobCipherTest, SameFileTwiceSharesNothing) {
  const Sealed first = Seal(Bytes(100, 'x'));
  const Sealed second = Seal(Bytes(100, 'x'));

  EXPECT_NE(first.ciphertext, second.ciphertext);
  EXPECT_NE(first.ref.id(), second.ref.id());
  EXPECT_FALSE(first.ref.key().EqualsConstantTime(second.ref.key()));
}

TEST_F(BlobCipherTest, FilesOfOneBucketLookEquallyLong) {
  std::set<size_t> lengths;
  for (const size_t size : {1U, 100U, 4000U, 4096U}) {
    lengths.insert(Seal(Bytes(size, 'x')).ciphertext.size());
  }

  EXPECT_EQ(lengths.size(), 1U);
}

TEST_F(BlobCipherTest, NoPieceIsLongerThanItsLimit) {
  const Bytes file(kChunkBytes * 2, 'x');
  ASSERT_OK_AND_ASSIGN(BlobSealer sealer,
                       BlobSealer::Create(file.size(), random_));
  while (!sealer.done()) {
    EXPECT_LE(sealer.next_plaintext_bytes(), kChunkBytes);
    ASSERT_OK_AND_ASSIGN(
        const ByteSpan piece,
        sealer.Seal(ByteSpan(file).first(sealer.next_plaintext_bytes())));
    EXPECT_LE(piece.size(), kPieceBytesMax);
  }
}

}  // namespace
}  // namespace cordon::blob
