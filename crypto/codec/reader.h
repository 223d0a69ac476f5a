#ifndef CORDON_CRYPTO_CODEC_READER_H_
#define CORDON_CRYPTO_CODEC_READER_H_

// Reads the TLS presentation language as RFC 9420, section 2 uses it: fixed
// big-endian integers, vectors with a variable-size length header (2.1.2),
// optional values (2.1.1).
//
// A Reader looks at bytes it does not own; spans it returns live as long as
// they do. Copying one is cheap and remembers the place.
// Threads: none.
// Errors: kInvalidArgument for whatever does not parse; the place reached is
// then unspecified. Nothing is allocated for a length before it was checked
// against what is there.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"

namespace cordon::codec {

class Reader {
 public:
  explicit Reader(ByteSpan bytes) : rest_(bytes) {}

  absl::StatusOr<uint8_t> U8();
  absl::StatusOr<uint16_t> U16();
  absl::StatusOr<uint32_t> U32();
  absl::StatusOr<uint64_t> U64();

  // VectorSize reads a length header: 1, 2 or 4 bytes, shortest form only.
  absl::StatusOr<uint32_t> VectorSize();
  // Fixed reads `size` bytes without a header.
  absl::StatusOr<ByteSpan> Fixed(size_t size);
  // Vector reads opaque<V>.
  absl::StatusOr<ByteSpan> Vector();
  // Nested reads a vector and returns a reader of its content.
  absl::StatusOr<Reader> Nested();
  // Present reads the byte before an optional value.
  absl::StatusOr<bool> Present();

  bool AtEnd() const { return rest_.empty(); }
  // End fails unless everything was read.
  absl::Status End() const;
  ByteSpan rest() const { return rest_; }

 private:
  template <typename Int>
  absl::StatusOr<Int> Integer();

  ByteSpan rest_;
};

// ReadVectorOf reads T items<V>, each with `read_item`(Reader&) ->
// StatusOr<T>, at most `items_max` of them.
template <typename T, typename ReadItem>
absl::StatusOr<std::vector<T>> ReadVectorOf(Reader& in, size_t items_max,
                                            ReadItem read_item) {
  CORDON_ASSIGN_OR_RETURN(Reader content, in.Nested());
  std::vector<T> items;
  while (!content.AtEnd()) {
    if (items.size() == items_max) {
      return absl::InvalidArgumentError("codec: more items than allowed");
    }
    CORDON_ASSIGN_OR_RETURN(T item, read_item(content));
    items.push_back(std::move(item));
  }
  return items;
}

// ParseWhole reads one T and demands that nothing follows it.
template <typename T, typename ReadItem>
absl::StatusOr<T> ParseWhole(ByteSpan bytes, ReadItem read_item) {
  Reader in(bytes);
  CORDON_ASSIGN_OR_RETURN(T item, read_item(in));
  CORDON_RETURN_IF_ERROR(in.End());
  return item;
}

}  // namespace cordon::codec

#endif  // CORDON_CRYPTO_CODEC_READER_H_
