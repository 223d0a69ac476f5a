#include "crypto/codec/writer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/secret.h"

namespace cordon::codec {
namespace {

struct SizeHeader {
  std::array<uint8_t, 4> bytes{};
  size_t count = 0;

  ByteSpan span() const { return ByteSpan(bytes).first(count); }
};

SizeHeader HeaderFor(size_t size) {
  CORDON_CHECK(size <= kVectorBytesMax);
  SizeHeader header;
  uint32_t value = static_cast<uint32_t>(size);
  if (size < 1U << 6) {
    header.count = 1;
  } else if (size < 1U << 14) {
    header.count = 2;
    value |= 1U << 14;
  } else {
    header.count = 4;
    value |= 2U << 30;
  }
  for (size_t i = 0; i < header.count; ++i) {
    header.bytes[i] =
        static_cast<uint8_t>(value >> (8 * (header.count - 1 - i)));
  }
  return header;
}

}  // namespace

Writer::~Writer() {
  if (secret_) Wipe(absl::MakeSpan(out_));
}

SecretBytes Writer::TakeSecret() {
  CORDON_CHECK(secret_);
  SecretBytes taken = SecretBytes::Copy(out_);
  Wipe(absl::MakeSpan(out_));
  out_.clear();
  return taken;
}

void Writer::MakeRoomFor(size_t more) {
  const size_t needed = out_.size() + more;
  if (needed <= out_.capacity()) return;
  if (!secret_) {
    out_.reserve(std::max(needed, 2 * out_.capacity()));
    return;
  }
  Bytes larger;
  larger.reserve(std::max(needed, 2 * out_.capacity()));
  Append(larger, out_);
  Wipe(absl::MakeSpan(out_));
  out_ = std::move(larger);
}

void Writer::Integer(uint64_t value, size_t bytes) {
  MakeRoomFor(bytes);
  for (size_t i = bytes; i > 0; --i) {
    out_.push_back(static_cast<uint8_t>(value >> (8 * (i - 1))));
  }
}

void Writer::U8(uint8_t value) {
  Integer(value, sizeof value);
}
void Writer::U16(uint16_t value) {
  Integer(value, sizeof value);
}
void Writer::U32(uint32_t value) {
  Integer(value, sizeof value);
}
void Writer::U64(uint64_t value) {
  Integer(value, sizeof value);
}

void Writer::VectorSize(size_t size) {
  Fixed(HeaderFor(size).span());
}

void Writer::Fixed(ByteSpan bytes) {
  MakeRoomFor(bytes.size());
  Append(out_, bytes);
}

void Writer::Vector(ByteSpan bytes) {
  VectorSize(bytes.size());
  Fixed(bytes);
}

void Writer::InsertSizeAt(size_t start) {
  const SizeHeader header = HeaderFor(out_.size() - start);
  const ByteSpan bytes = header.span();
  MakeRoomFor(bytes.size());
  out_.insert(out_.begin() + static_cast<Bytes::difference_type>(start),
              bytes.begin(), bytes.end());
}

}  // namespace cordon::codec
