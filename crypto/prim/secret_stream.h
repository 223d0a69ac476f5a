#ifndef CORDON_CRYPTO_PRIM_SECRET_STREAM_H_
#define CORDON_CRYPTO_PRIM_SECRET_STREAM_H_

// One long plaintext sealed as a sequence of chunks: libsodium's secretstream,
// XChaCha20-Poly1305.
//
// Gives confidentiality and integrity of every chunk, of their order and, once
// the chunk tagged kFinal was opened, of where the stream ends. Does not hide
// the chunks' lengths. A stream that stops before kFinal is truncated: whoever
// opens must see finished() before believing the whole.
// One key seals one stream: the header is random, but nothing here remembers
// which keys were used.
// Threads: an object belongs to one caller.
// Errors: a chunk that was changed, moved, repeated, of another stream, or
// stands after the final one is kInvalidArgument; the stream is spent then and
// refuses whatever follows.

#include <sodium.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"

namespace cordon {

inline constexpr size_t kSecretStreamKeyBytes = 32;
inline constexpr size_t kSecretStreamHeaderBytes = 24;
// What sealing adds to each chunk: the encrypted tag and the authenticator.
inline constexpr size_t kSecretStreamChunkOverheadBytes = 17;

using SecretStreamKey = SecretArray<kSecretStreamKeyBytes>;
using SecretStreamHeader = std::array<uint8_t, kSecretStreamHeaderBytes>;

// libsodium's numbers; its other two tags are not used here and refused.
enum class ChunkTag : uint8_t { kMessage = 0, kFinal = 3 };

// SecretStreamState is libsodium's state, wiped at the end of its life.
class SecretStreamState {
 public:
  SecretStreamState(const SecretStreamKey& key,
                    const SecretStreamHeader& header);
  SecretStreamState(SecretStreamState&& other) noexcept;
  SecretStreamState& operator=(SecretStreamState&& other) noexcept;
  ~SecretStreamState();

  crypto_secretstream_xchacha20poly1305_state* get() { return &raw_; }

 private:
  crypto_secretstream_xchacha20poly1305_state raw_;
};

class SecretStreamSealer {
 public:
  // The header must reach the opener before the first chunk; it is public.
  SecretStreamSealer(const SecretStreamKey& key, RandomSource& random);

  const SecretStreamHeader& header() const { return header_; }
  // Seal writes plaintext.size() + kSecretStreamChunkOverheadBytes bytes, which
  // is the size `sealed` must have; nothing may follow a kFinal chunk (both are
  // ours to keep, and checked).
  void Seal(ByteSpan plaintext, ByteSpan associated, ChunkTag tag,
            MutableByteSpan sealed);
  bool finished() const { return finished_; }

 private:
  SecretStreamHeader header_;
  SecretStreamState state_;
  bool finished_ = false;
};

class SecretStreamOpener {
 public:
  SecretStreamOpener(const SecretStreamKey& key,
                     const SecretStreamHeader& header);

  // Open writes sealed.size() - kSecretStreamChunkOverheadBytes bytes, which is
  // the size `plaintext` must have (checked), and tells whether this was the
  // last chunk. On error `plaintext` is zeroed.
  absl::StatusOr<ChunkTag> Open(ByteSpan sealed, ByteSpan associated,
                                MutableByteSpan plaintext);
  bool finished() const { return finished_; }

 private:
  SecretStreamState state_;
  bool finished_ = false;
  bool spent_ = false;
};

}  // namespace cordon

#endif  // CORDON_CRYPTO_PRIM_SECRET_STREAM_H_
