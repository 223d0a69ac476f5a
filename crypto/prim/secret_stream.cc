#include "crypto/prim/secret_stream.h"

#include <sodium.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"

namespace cordon {
namespace {

static_assert(kSecretStreamKeyBytes ==
              crypto_secretstream_xchacha20poly1305_KEYBYTES);
static_assert(kSecretStreamHeaderBytes ==
              crypto_secretstream_xchacha20poly1305_HEADERBYTES);
static_assert(kSecretStreamChunkOverheadBytes ==
              crypto_secretstream_xchacha20poly1305_ABYTES);
static_assert(static_cast<uint8_t>(ChunkTag::kMessage) ==
              crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
// The final tag is two bits that the library combines at run time.
static_assert(static_cast<uint8_t>(ChunkTag::kFinal) ==
              (crypto_secretstream_xchacha20poly1305_TAG_PUSH |
               crypto_secretstream_xchacha20poly1305_TAG_REKEY));

SecretStreamHeader RandomHeader(RandomSource& random) {
  SecretStreamHeader header;
  random.Fill(MutableByteSpan(header));
  return header;
}

}  // namespace

// init_pull serves both directions: init_push differs only in taking the header
// from the library's own generator, and ours comes from a RandomSource.
SecretStreamState::SecretStreamState(const SecretStreamKey& key,
                                     const SecretStreamHeader& header)
    : raw_() {
  const int result = crypto_secretstream_xchacha20poly1305_init_pull(
      &raw_, header.data(), key.ExposeSecret().data());
  CORDON_CHECK(result == 0);
}

SecretStreamState::SecretStreamState(SecretStreamState&& other) noexcept
    : raw_(other.raw_) {
  Wipe({reinterpret_cast<uint8_t*>(&other.raw_), sizeof other.raw_});
}

SecretStreamState& SecretStreamState::operator=(
    SecretStreamState&& other) noexcept {
  if (this == &other) return *this;
  raw_ = other.raw_;
  Wipe({reinterpret_cast<uint8_t*>(&other.raw_), sizeof other.raw_});
  return *this;
}

SecretStreamState::~SecretStreamState() {
  Wipe({reinterpret_cast<uint8_t*>(&raw_), sizeof raw_});
}

SecretStreamSealer::SecretStreamSealer(const SecretStreamKey& key,
                                       RandomSource& random)
    : header_(RandomHeader(random)), state_(key, header_) {}

void SecretStreamSealer::Seal(ByteSpan plaintext, ByteSpan associated,
                              ChunkTag tag, MutableByteSpan sealed) {
  CORDON_CHECK(!finished_);
  CORDON_CHECK(sealed.size() ==
               plaintext.size() + kSecretStreamChunkOverheadBytes);
  const int result = crypto_secretstream_xchacha20poly1305_push(
      state_.get(), sealed.data(), nullptr, plaintext.data(), plaintext.size(),
      associated.data(), associated.size(), static_cast<uint8_t>(tag));
  CORDON_CHECK(result == 0);
  finished_ = tag == ChunkTag::kFinal;
}

SecretStreamOpener::SecretStreamOpener(const SecretStreamKey& key,
                                       const SecretStreamHeader& header)
    : state_(key, header) {}

absl::StatusOr<ChunkTag> SecretStreamOpener::Open(ByteSpan sealed,
                                                  ByteSpan associated,
                                                  MutableByteSpan plaintext) {
  const bool long_enough = sealed.size() >= kSecretStreamChunkOverheadBytes;
  CORDON_CHECK(
      plaintext.size() ==
      (long_enough ? sealed.size() - kSecretStreamChunkOverheadBytes : 0));
  uint8_t tag = 0;
  const bool opened =
      long_enough && !finished_ && !spent_ &&
      crypto_secretstream_xchacha20poly1305_pull(
          state_.get(), plaintext.data(), nullptr, &tag, sealed.data(),
          sealed.size(), associated.data(), associated.size()) == 0 &&
      (tag == static_cast<uint8_t>(ChunkTag::kMessage) ||
       tag == static_cast<uint8_t>(ChunkTag::kFinal));
  if (!opened) {
    spent_ = true;
    Wipe(plaintext);
    return absl::InvalidArgumentError("secret stream: does not open");
  }
  finished_ = tag == static_cast<uint8_t>(ChunkTag::kFinal);
  return static_cast<ChunkTag>(tag);
}

}  // namespace cordon
