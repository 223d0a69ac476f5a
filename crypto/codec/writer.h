#ifndef CORDON_CRYPTO_CODEC_WRITER_H_
#define CORDON_CRYPTO_CODEC_WRITER_H_

// Writes the TLS presentation language as RFC 9420, section 2 uses it; the
// other half of reader.h.
//
// Threads: none. Errors: none; a vector longer than kVectorBytesMax is a bug
// of ours and stops the program. Secrets: only a writer made OfSecrets leaves
// none behind where it grew or ended; what Take() gives is the caller's to
// wipe.

#include <cstddef>
#include <cstdint>
#include <utility>

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"

namespace cordon::codec {

// RFC 9420, 2.1.2: 30 bits of length.
inline constexpr size_t kVectorBytesMax = (size_t{1} << 30) - 1;

class Writer {
 public:
  Writer() = default;
  // OfSecrets wipes each buffer that it outgrows, and its last one.
  static Writer OfSecrets() { return Writer(/*secret=*/true); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();

  void U8(uint8_t value);
  void U16(uint16_t value);
  void U32(uint32_t value);
  void U64(uint64_t value);

  void VectorSize(size_t size);
  void Fixed(ByteSpan bytes);
  void Vector(ByteSpan bytes);
  void Present(bool present) { U8(present ? 1 : 0); }

  // Nested writes what `write_content`(Writer&) writes as one vector.
  template <typename WriteContent>
  void Nested(WriteContent write_content) {
    const size_t start = out_.size();
    write_content(*this);
    InsertSizeAt(start);
  }

  void Reserve(size_t bytes) { MakeRoomFor(bytes); }
  const Bytes& bytes() const { return out_; }
  Bytes Take() { return std::move(out_); }
  // TakeSecret is for a writer made OfSecrets (checked).
  SecretBytes TakeSecret();

 private:
  explicit Writer(bool secret) : secret_(secret) {}

  void MakeRoomFor(size_t more);
  void Integer(uint64_t value, size_t bytes);
  // Puts the header of everything after `start` in front of it.
  void InsertSizeAt(size_t start);

  const bool secret_ = false;
  Bytes out_;
};

// WriteVectorOf writes `items` as T items<V>, each with the Write(item, out)
// that stands beside its type.
template <typename Items>
void WriteVectorOf(const Items& items, Writer& out) {
  out.Nested([&items](Writer& content) {
    for (const auto& item : items) Write(item, content);
  });
}

// Serialize writes one value with the Write(value, out) beside its type.
template <typename T>
Bytes Serialize(const T& value) {
  Writer out;
  Write(value, out);
  return out.Take();
}

}  // namespace cordon::codec

#endif  // CORDON_CRYPTO_CODEC_WRITER_H_
