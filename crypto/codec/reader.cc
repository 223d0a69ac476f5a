#include "crypto/codec/reader.h"

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"

namespace cordon::codec {
namespace {

// RFC 9420, 2.1.2: the two top bits tell the header's size.
constexpr uint8_t kSizePrefixShift = 6;
constexpr uint8_t kSizePrefixInvalid = 3;
constexpr uint8_t kSizeFirstByteMask = 0x3f;
// The smallest length that may be written in a header of 1, 2, 4 bytes.
constexpr uint32_t kSizeMin[] = {0, 1U << 6, 1U << 14};

absl::Status Truncated() {
  return absl::InvalidArgumentError("codec: ends too early");
}

}  // namespace

template <typename Int>
absl::StatusOr<Int> Reader::Integer() {
  if (rest_.size() < sizeof(Int)) return Truncated();
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(Int); ++i) value = value << 8 | rest_[i];
  rest_.remove_prefix(sizeof(Int));
  return static_cast<Int>(value);
}

absl::StatusOr<uint8_t> Reader::U8() {
  return Integer<uint8_t>();
}
absl::StatusOr<uint16_t> Reader::U16() {
  return Integer<uint16_t>();
}
absl::StatusOr<uint32_t> Reader::U32() {
  return Integer<uint32_t>();
}
absl::StatusOr<uint64_t> Reader::U64() {
  return Integer<uint64_t>();
}

absl::StatusOr<uint32_t> Reader::VectorSize() {
  CORDON_ASSIGN_OR_RETURN(const uint8_t first, U8());
  const uint8_t prefix = first >> kSizePrefixShift;
  if (prefix == kSizePrefixInvalid) {
    return absl::InvalidArgumentError("codec: invalid length header");
  }
  uint32_t size = first & kSizeFirstByteMask;
  for (int i = 1; i < 1 << prefix; ++i) {
    CORDON_ASSIGN_OR_RETURN(const uint8_t next, U8());
    size = size << 8 | next;
  }
  if (size < kSizeMin[prefix]) {
    return absl::InvalidArgumentError("codec: length header not minimal");
  }
  return size;
}

absl::StatusOr<ByteSpan> Reader::Fixed(size_t size) {
  if (rest_.size() < size) return Truncated();
  const ByteSpan taken = rest_.first(size);
  rest_.remove_prefix(size);
  return taken;
}

absl::StatusOr<ByteSpan> Reader::Vector() {
  CORDON_ASSIGN_OR_RETURN(const uint32_t size, VectorSize());
  return Fixed(size);
}

absl::StatusOr<Reader> Reader::Nested() {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan content, Vector());
  return Reader(content);
}

absl::StatusOr<bool> Reader::Present() {
  CORDON_ASSIGN_OR_RETURN(const uint8_t present, U8());
  if (present > 1) {
    return absl::InvalidArgumentError("codec: optional is neither 0 nor 1");
  }
  return present == 1;
}

absl::Status Reader::End() const {
  if (rest_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("codec: bytes after the end");
}

}  // namespace cordon::codec
