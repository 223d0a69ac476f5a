#ifndef CORDON_CRYPTO_BLOB_BLOB_CIPHER_H_
#define CORDON_CRYPTO_BLOB_BLOB_CIPHER_H_

// Sealing and opening one file, a chunk at a time, in bounded memory. No I/O
// here: the caller reads and writes, and hands spans.
//
// The sealed file (the format, with an example, is in crypto/blob/README.md):
//   opaque header[24];              // of the secretstream
//   opaque chunk[kChunkBytes + 17]; // 0 or more, tagged kMessage
//   opaque chunk[1 to kChunkBytes + 17];  // the last, tagged kFinal
// The chunks hold the file, then zeros up to PaddedBytes(). Every chunk is
// bound to the file's length by associated data.
//
// Gives: confidentiality and integrity of the file against everybody without
// its BlobRef; its length only to a bucket (padding.h). Does not give: who made
// it; that stands on the signed record that holds the ref.
// A file is sealed once: the key is made here and leaves only in the BlobRef,
// and there is no way to seal again under a given key. The caller keeps the
// ciphertext and resumes from that.
// Threads: an object belongs to one caller.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/blob/blob_ref.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/secret_stream.h"

namespace cordon::blob {

inline constexpr size_t kChunkBytes = size_t{64} * 1024;
// The longest piece of ciphertext that is sealed or opened at once.
inline constexpr size_t kPieceBytesMax =
    kSecretStreamHeaderBytes + kChunkBytes + kSecretStreamChunkOverheadBytes;

// BlobSealer: while (!done()) read next_plaintext_bytes() from the file, Seal
// them, write the piece it returns. Then Finish.
// A file that changes its length meanwhile is kFailedPrecondition; what was
// sealed is worthless then. (That it did not grow, the caller sees: after the
// last piece the source must be at its end.)
class BlobSealer {
 public:
  // Create draws id and key from `random`; errors as CheckFileBytes.
  static absl::StatusOr<BlobSealer> Create(uint64_t plaintext_bytes,
                                           RandomSource& random);

  // What the ciphertext is to be kept under; the ref will say the same.
  const BlobId& id() const { return id_; }
  uint64_t ciphertext_bytes() const { return CiphertextBytes(file_bytes_); }
  // How many bytes of the file the next piece takes: at most kChunkBytes, and
  // 0 for a piece of padding alone.
  size_t next_plaintext_bytes() const;
  // Seal takes exactly next_plaintext_bytes() and returns the next piece of the
  // ciphertext, valid until the next call. kFailedPrecondition, and nothing
  // changed, if `plaintext` is shorter or longer or the file is done.
  absl::StatusOr<ByteSpan> Seal(ByteSpan plaintext);
  bool done() const { return stream_.finished(); }
  // Finish hands out the ref, once; kFailedPrecondition before done().
  absl::StatusOr<BlobRef> Finish();

 private:
  BlobSealer(uint64_t file_bytes, const BlobId& id, SecretStreamKey key,
             RandomSource& random);

  uint64_t file_bytes_;
  uint64_t sealed_bytes_ = 0;  // of the padded file
  BlobId id_;
  SecretStreamKey key_;
  SecretStreamSealer stream_;
  Sha256Stream digest_;
  SecretBytes chunk_;  // one chunk, with its padding
  Bytes piece_;
};

// BlobOpener: while (!done()) read next_piece_bytes() of ciphertext, Open them,
// write the plaintext it returns to a place that nobody uses yet. Only done()
// means that the file is whole and is the one the record names.
// Errors of Open: kInvalidArgument for a piece of the wrong length, nothing
// changed; kDataLoss for a piece that was changed, moved or of another file,
// for padding that is not zero and for a digest other than the ref's; the
// opener is spent then and what it gave must be thrown away.
class BlobOpener {
 public:
  // Create fails with kInvalidArgument unless `ciphertext_bytes`, the length of
  // what was fetched, is what the ref demands: it was cut short or extended.
  static absl::StatusOr<BlobOpener> Create(const BlobRef& ref,
                                           uint64_t ciphertext_bytes);

  // 0 when done or spent.
  size_t next_piece_bytes() const;
  // Open returns the next bytes of the file, valid until the next call; none if
  // the piece held padding alone.
  absl::StatusOr<ByteSpan> Open(ByteSpan piece);
  bool done() const { return done_; }

 private:
  explicit BlobOpener(const BlobRef& ref);
  absl::Status OpenChunk(ByteSpan piece);

  uint64_t file_bytes_;
  uint64_t opened_bytes_ = 0;  // of the padded file
  SecretStreamKey key_;
  std::optional<SecretStreamOpener> stream_;  // from the first piece on
  Digest expected_digest_;
  Sha256Stream digest_;
  SecretBytes chunk_;
  bool done_ = false;
  bool spent_ = false;
};

}  // namespace cordon::blob

#endif  // CORDON_CRYPTO_BLOB_BLOB_CIPHER_H_
