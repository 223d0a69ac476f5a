#include "crypto/prim/secret_stream.h"

#include <sodium.h>

#include <cstdint>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

class SecretStreamTest : public ::testing::Test {
 protected:
  Bytes Seal(absl::string_view text, ChunkTag tag = ChunkTag::kMessage) {
    Bytes sealed(text.size() + kSecretStreamChunkOverheadBytes);
    sealer_.Seal(AsBytes(text), AsBytes("ad"), tag, absl::MakeSpan(sealed));
    return sealed;
  }
  SecretStreamOpener Opener() const {
    return SecretStreamOpener(key_, sealer_.header());
  }
  // Opens into opened_.
  absl::StatusOr<ChunkTag> Open(SecretStreamOpener& opener, ByteSpan sealed,
                                absl::string_view associated = "ad") {
    opened_.assign(sealed.size() < kSecretStreamChunkOverheadBytes
                       ? 0
                       : sealed.size() - kSecretStreamChunkOverheadBytes,
                   0xff);
    return opener.Open(sealed, AsBytes(associated), absl::MakeSpan(opened_));
  }

  SeededRandom random_{1};
  SecretStreamKey key_ = SecretStreamKey::Random(random_);
  SecretStreamSealer sealer_{key_, random_};
  Bytes opened_;
};

const auto kRefused = StatusIs(absl::StatusCode::kInvalidArgument);

TEST_F(SecretStreamTest, ChunksOpenInOrderUpToTheFinalOne) {
  const Bytes first = Seal("first");
  const Bytes last = Seal("", ChunkTag::kFinal);
  SecretStreamOpener opener = Opener();

  EXPECT_THAT(Open(opener, first), IsOkAndHolds(ChunkTag::kMessage));
  EXPECT_EQ(opened_, ToBytes("first"));
  EXPECT_FALSE(opener.finished());
  EXPECT_THAT(Open(opener, last), IsOkAndHolds(ChunkTag::kFinal));
  EXPECT_TRUE(opened_.empty());
  EXPECT_TRUE(opener.finished());
}

TEST_F(SecretStreamTest, ChangedChunkIsRefusedAtEveryByteAndLeavesNothing) {
  const Bytes sealed = Seal("text", ChunkTag::kFinal);
  for (size_t i = 0; i < sealed.size(); ++i) {
    SCOPED_TRACE(i);
    Bytes changed = sealed;
    changed[i] ^= 1;
    SecretStreamOpener opener = Opener();
    EXPECT_THAT(Open(opener, changed), kRefused);
    EXPECT_EQ(opened_, Bytes(4));
  }
}

TEST_F(SecretStreamTest, OtherKeyHeaderOrAssociatedDataIsRefused) {
  const Bytes sealed = Seal("text");
  SecretStreamHeader other_header = sealer_.header();
  other_header[23] ^= 1;
  SecretStreamOpener other_key(SecretStreamKey::Random(random_),
                               sealer_.header());
  SecretStreamOpener other_nonce(key_, other_header);
  SecretStreamOpener opener = Opener();

  EXPECT_THAT(Open(other_key, sealed), kRefused);
  EXPECT_THAT(Open(other_nonce, sealed), kRefused);
  EXPECT_THAT(Open(opener, sealed, "aD"), kRefused);
}

TEST_F(SecretStreamTest, ChunkOutOfOrderIsRefused) {
  const Bytes first = Seal("first");
  const Bytes second = Seal("other");
  SecretStreamOpener swapped = Opener();
  SecretStreamOpener repeated = Opener();

  EXPECT_THAT(Open(swapped, second), kRefused);
  ASSERT_OK(Open(repeated, first));
  EXPECT_THAT(Open(repeated, first), kRefused);
}

TEST_F(SecretStreamTest, ChunkShorterThanItsTagIsRefused) {
  const Bytes sealed = Seal("");
  for (size_t size = 0; size < sealed.size(); ++size) {
    SCOPED_TRACE(size);
    SecretStreamOpener opener = Opener();
    EXPECT_THAT(Open(opener, ByteSpan(sealed).first(size)), kRefused);
  }
}

TEST_F(SecretStreamTest, NothingOpensAfterTheFinalChunk) {
  const Bytes last = Seal("last", ChunkTag::kFinal);
  SecretStreamOpener opener = Opener();
  ASSERT_OK(Open(opener, last));

  EXPECT_THAT(Open(opener, last), kRefused);
}

TEST_F(SecretStreamTest, NothingOpensAfterAFailure) {
  const Bytes first = Seal("first");
  Bytes changed = first;
  changed[0] ^= 1;
  SecretStreamOpener opener = Opener();
  ASSERT_THAT(Open(opener, changed), kRefused);

  EXPECT_THAT(Open(opener, first), kRefused);
}

TEST_F(SecretStreamTest, TagsThatWeDoNotUseAreRefused) {
  for (const uint8_t tag : {uint8_t{1}, uint8_t{2}}) {
    SCOPED_TRACE(tag);
    SecretStreamState state(key_, sealer_.header());
    Bytes sealed(kSecretStreamChunkOverheadBytes);
    crypto_secretstream_xchacha20poly1305_push(state.get(), sealed.data(),
                                               nullptr, nullptr, 0,
                                               AsBytes("ad").data(), 2, tag);
    SecretStreamOpener opener = Opener();
    EXPECT_THAT(Open(opener, sealed), kRefused);
  }
}

// The header is ours, the stream is libsodium's.
TEST_F(SecretStreamTest, LibsodiumsOwnStreamOpens) {
  crypto_secretstream_xchacha20poly1305_state state;
  SecretStreamHeader header{};
  crypto_secretstream_xchacha20poly1305_init_push(&state, header.data(),
                                                  key_.ExposeSecret().data());
  Bytes sealed(4 + kSecretStreamChunkOverheadBytes);
  crypto_secretstream_xchacha20poly1305_push(
      &state, sealed.data(), nullptr, AsBytes("text").data(), 4,
      AsBytes("ad").data(), 2, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
  SecretStreamOpener opener(key_, header);

  EXPECT_THAT(Open(opener, sealed), IsOkAndHolds(ChunkTag::kFinal));
  EXPECT_EQ(opened_, ToBytes("text"));
}

TEST_F(SecretStreamTest, MovedOpenerGoesOnWhereItWas) {
  const Bytes first = Seal("first");
  const Bytes second = Seal("second");
  SecretStreamOpener opener = Opener();
  ASSERT_OK(Open(opener, first));
  SecretStreamOpener moved = std::move(opener);

  EXPECT_THAT(Open(moved, second), IsOkAndHolds(ChunkTag::kMessage));
}

TEST_F(SecretStreamTest, HeaderComesFromTheRandomSource) {
  SeededRandom same(7);
  SeededRandom same_again(7);

  EXPECT_EQ(SecretStreamSealer(key_, same).header(),
            SecretStreamSealer(key_, same_again).header());
  EXPECT_NE(SecretStreamSealer(key_, same).header(), sealer_.header());
}

using SecretStreamDeathTest = SecretStreamTest;

TEST_F(SecretStreamDeathTest, SealingAfterTheFinalChunkStopsTheProgram) {
  Seal("last", ChunkTag::kFinal);

  EXPECT_DEATH(Seal("more"), "finished_");
}

}  // namespace
}  // namespace cordon
