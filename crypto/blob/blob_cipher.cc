#include "crypto/blob/blob_cipher.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/blob/blob_ref.h"
#include "crypto/blob/padding.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/secret_stream.h"

namespace cordon::blob {
namespace {

constexpr absl::string_view kLabel = "cordon 1.0 Blob";

// struct { opaque label<V>; uint64 plaintext_bytes; }
Bytes AssociatedData(uint64_t file_bytes) {
  codec::Writer out;
  out.Vector(AsBytes(kLabel));
  out.U64(file_bytes);
  return out.Take();
}

// The size of the chunk that starts at `begin` of a padded file.
size_t ChunkBytesAt(uint64_t begin, uint64_t file_bytes) {
  return static_cast<size_t>(
      std::min<uint64_t>(kChunkBytes, PaddedBytes(file_bytes) - begin));
}

// How much of that chunk is the file's, not padding.
size_t FilePartBytesAt(uint64_t begin, uint64_t file_bytes) {
  if (begin >= file_bytes) return 0;
  return static_cast<size_t>(
      std::min<uint64_t>(kChunkBytes, file_bytes - begin));
}

absl::Status DoesNotOpen() {
  return absl::DataLossError("blob: not the file that the record names");
}

}  // namespace

absl::StatusOr<BlobSealer> BlobSealer::Create(uint64_t plaintext_bytes,
                                              RandomSource& random) {
  CORDON_RETURN_IF_ERROR(CheckFileBytes(plaintext_bytes));
  const BlobId id = BlobId::Random(random);
  return BlobSealer(plaintext_bytes, id, SecretStreamKey::Random(random),
                    random);
}

BlobSealer::BlobSealer(uint64_t file_bytes, const BlobId& id,
                       SecretStreamKey key, RandomSource& random)
    : file_bytes_(file_bytes),
      id_(id),
      key_(std::move(key)),
      stream_(key_, random),
      chunk_(kChunkBytes) {}

size_t BlobSealer::next_plaintext_bytes() const {
  return FilePartBytesAt(sealed_bytes_, file_bytes_);
}

absl::StatusOr<ByteSpan> BlobSealer::Seal(ByteSpan plaintext) {
  if (done() || plaintext.size() != next_plaintext_bytes()) {
    return absl::FailedPreconditionError(
        "blob: the file changed while it was read");
  }
  const size_t chunk_bytes = ChunkBytesAt(sealed_bytes_, file_bytes_);
  const MutableByteSpan chunk = chunk_.MutableSecret().first(chunk_bytes);
  std::copy(plaintext.begin(), plaintext.end(), chunk.begin());
  std::fill(chunk.begin() + plaintext.size(), chunk.end(), 0);

  const bool first = sealed_bytes_ == 0;
  const bool last = sealed_bytes_ + chunk_bytes == PaddedBytes(file_bytes_);
  const size_t header_bytes = first ? kSecretStreamHeaderBytes : 0;
  piece_.resize(header_bytes + chunk_bytes + kSecretStreamChunkOverheadBytes);
  if (first) {
    std::copy(stream_.header().begin(), stream_.header().end(), piece_.begin());
  }
  stream_.Seal(chunk, AssociatedData(file_bytes_),
               last ? ChunkTag::kFinal : ChunkTag::kMessage,
               absl::MakeSpan(piece_).subspan(header_bytes));
  digest_.Update(plaintext);
  sealed_bytes_ += chunk_bytes;
  return ByteSpan(piece_);
}

absl::StatusOr<BlobRef> BlobSealer::Finish() {
  if (!done() || id_.is_zero()) {
    return absl::FailedPreconditionError("blob: not sealed to its end");
  }
  // The id leaves with the ref, so that a second Finish has nothing to give.
  return BlobRef::Create({.id = std::exchange(id_, BlobId()),
                          .plaintext_digest = digest_.Finish(),
                          .plaintext_bytes = file_bytes_},
                         std::move(key_));
}

absl::StatusOr<BlobOpener> BlobOpener::Create(const BlobRef& ref,
                                              uint64_t ciphertext_bytes) {
  if (ciphertext_bytes != ref.ciphertext_bytes()) {
    return absl::InvalidArgumentError("blob: length differs from the record's");
  }
  return BlobOpener(ref);
}

BlobOpener::BlobOpener(const BlobRef& ref)
    : file_bytes_(ref.plaintext_bytes()),
      key_(ref.key().CloneSecret()),
      expected_digest_(ref.plaintext_digest()),
      chunk_(kChunkBytes) {}

size_t BlobOpener::next_piece_bytes() const {
  if (done_ || spent_) return 0;
  return (stream_.has_value() ? 0 : kSecretStreamHeaderBytes) +
         ChunkBytesAt(opened_bytes_, file_bytes_) +
         kSecretStreamChunkOverheadBytes;
}

absl::StatusOr<ByteSpan> BlobOpener::Open(ByteSpan piece) {
  if (spent_) return DoesNotOpen();
  if (done_ || piece.size() != next_piece_bytes()) {
    return absl::InvalidArgumentError("blob: piece of the wrong length");
  }
  const size_t file_part_bytes = FilePartBytesAt(opened_bytes_, file_bytes_);
  if (absl::Status opened = OpenChunk(piece); !opened.ok()) {
    spent_ = true;
    Wipe(chunk_.MutableSecret());
    return opened;
  }
  return chunk_.ExposeSecret().first(file_part_bytes);
}

absl::Status BlobOpener::OpenChunk(ByteSpan piece) {
  if (!stream_.has_value()) {
    SecretStreamHeader header;
    std::copy_n(piece.begin(), header.size(), header.begin());
    piece.remove_prefix(header.size());
    stream_.emplace(key_, header);
  }
  const size_t chunk_bytes = ChunkBytesAt(opened_bytes_, file_bytes_);
  const size_t file_part_bytes = FilePartBytesAt(opened_bytes_, file_bytes_);
  const auto tag = stream_->Open(piece, AssociatedData(file_bytes_),
                                 chunk_.MutableSecret().first(chunk_bytes));
  if (!tag.ok()) return DoesNotOpen();
  opened_bytes_ += chunk_bytes;
  const bool last = opened_bytes_ == PaddedBytes(file_bytes_);
  if (last != (*tag == ChunkTag::kFinal)) return DoesNotOpen();

  const ByteSpan chunk = chunk_.ExposeSecret().first(chunk_bytes);
  const ByteSpan padding = chunk.subspan(file_part_bytes);
  if (std::any_of(padding.begin(), padding.end(),
                  [](uint8_t byte) { return byte != 0; })) {
    return DoesNotOpen();
  }
  digest_.Update(chunk.first(file_part_bytes));
  if (!last) return absl::OkStatus();
  if (digest_.Finish() != expected_digest_) return DoesNotOpen();
  done_ = true;
  return absl::OkStatus();
}

}  // namespace cordon::blob
