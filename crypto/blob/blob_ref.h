#ifndef CORDON_CRYPTO_BLOB_BLOB_REF_H_
#define CORDON_CRYPTO_BLOB_BLOB_REF_H_

// BlobRef is all that a reader of a record needs to fetch, open and check one
// file: it travels inside sealed records and holds the file's key.
//
// Serialized, kBlobRefBytes of TLS presentation language:
//   uint16 version = 1;
//   opaque id[16];                // the relay's name for the ciphertext
//   opaque key[32];               // secretstream key, used for this file only
//   opaque plaintext_digest[32];  // SHA-256 of the file
//   uint64 plaintext_bytes;       // 1 to kFileBytesMax
//
// Threads: read-only once made. Secrets: the key; a BlobRef moves, and is
// copied only by CloneSecret().
// Errors: kInvalidArgument for bytes that do not parse, a zero id and an empty
// file; kResourceExhausted beyond kFileBytesMax.

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/secret_stream.h"

namespace cordon::blob {

inline constexpr size_t kBlobRefBytes =
    2 + BlobId::kBytes + kSecretStreamKeyBytes + kDigestBytes + 8;

// CheckFileBytes is what every file's length must pass, before anything is read
// or sealed: an empty file is kInvalidArgument, one beyond kFileBytesMax is
// kResourceExhausted.
absl::Status CheckFileBytes(uint64_t plaintext_bytes);

// CiphertextBytes is the length of the sealed file; `plaintext_bytes` must have
// passed CheckFileBytes (checked).
uint64_t CiphertextBytes(uint64_t plaintext_bytes);

class BlobRef {
 public:
  // What a ref says, apart from the key.
  struct Facts {
    BlobId id;
    Digest plaintext_digest{};
    uint64_t plaintext_bytes = 0;
  };

  static absl::StatusOr<BlobRef> Create(const Facts& facts,
                                        SecretStreamKey key);
  // Parse reads what Serialize wrote, nothing before or after; the caller wipes
  // `bytes`.
  static absl::StatusOr<BlobRef> Parse(ByteSpan bytes);
  // The same, of bytes that are kept secret meanwhile.
  static absl::StatusOr<BlobRef> Parse(const SecretBytes& bytes);
  SecretBytes Serialize() const;
  // SerializeForRecord gives the same bytes for embedding in a record that is
  // about to be signed and sealed; the caller wipes what it does not keep.
  Bytes SerializeForRecord() const;

  BlobRef CloneSecret() const { return BlobRef(facts_, key_.CloneSecret()); }

  const BlobId& id() const { return facts_.id; }
  const Digest& plaintext_digest() const { return facts_.plaintext_digest; }
  uint64_t plaintext_bytes() const { return facts_.plaintext_bytes; }
  uint64_t ciphertext_bytes() const {
    return CiphertextBytes(facts_.plaintext_bytes);
  }
  const SecretStreamKey& key() const { return key_; }

 private:
  BlobRef(const Facts& facts, SecretStreamKey key)
      : facts_(facts), key_(std::move(key)) {}

  Facts facts_;
  SecretStreamKey key_;
};

}  // namespace cordon::blob

#endif  // CORDON_CRYPTO_BLOB_BLOB_REF_H_
