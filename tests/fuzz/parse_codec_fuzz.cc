// Whatever the codec accepts, it writes back byte by byte: no two encodings of
// one value are taken, so that what was signed is what was read.
//
// The input is a list of items, each a kind and a value; nested vectors hold
// lists of items again.

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"

namespace cordon::codec {
namespace {

constexpr int kDepthMax = 16;

enum class Kind : uint8_t {
  kU8 = 0,
  kU16 = 1,
  kU32 = 2,
  kU64 = 3,
  kVector = 4,
  kNested = 5,
  kOptional = 6,
};

absl::Status CopyItems(Reader& in, Writer& out, int depth);

absl::Status CopyNested(Reader& in, Writer& out, int depth) {
  if (depth == kDepthMax) return absl::InvalidArgumentError("too deep");
  CORDON_ASSIGN_OR_RETURN(Reader content, in.Nested());
  absl::Status status;
  out.Nested(
      [&](Writer& nested) { status = CopyItems(content, nested, depth + 1); });
  return status;
}

absl::Status CopyOptional(Reader& in, Writer& out) {
  CORDON_ASSIGN_OR_RETURN(const bool present, in.Present());
  out.Present(present);
  if (!present) return absl::OkStatus();
  CORDON_ASSIGN_OR_RETURN(const uint16_t value, in.U16());
  out.U16(value);
  return absl::OkStatus();
}

absl::Status CopyItem(Kind kind, Reader& in, Writer& out, int depth) {
  switch (kind) {
    case Kind::kU8: {
      CORDON_ASSIGN_OR_RETURN(const uint8_t value, in.U8());
      out.U8(value);
      return absl::OkStatus();
    }
    case Kind::kU16: {
      CORDON_ASSIGN_OR_RETURN(const uint16_t value, in.U16());
      out.U16(value);
      return absl::OkStatus();
    }
    case Kind::kU32: {
      CORDON_ASSIGN_OR_RETURN(const uint32_t value, in.U32());
      out.U32(value);
      return absl::OkStatus();
    }
    case Kind::kU64: {
      CORDON_ASSIGN_OR_RETURN(const uint64_t value, in.U64());
      out.U64(value);
      return absl::OkStatus();
    }
    case Kind::kVector: {
      CORDON_ASSIGN_OR_RETURN(const ByteSpan value, in.Vector());
      out.Vector(value);
      return absl::OkStatus();
    }
    case Kind::kNested:
      return CopyNested(in, out, depth);
    case Kind::kOptional:
      return CopyOptional(in, out);
  }
  return absl::InvalidArgumentError("unknown kind");
}

absl::Status CopyItems(Reader& in, Writer& out, int depth) {
  while (!in.AtEnd()) {
    CORDON_ASSIGN_OR_RETURN(const uint8_t kind, in.U8());
    out.U8(kind);
    CORDON_RETURN_IF_ERROR(CopyItem(static_cast<Kind>(kind), in, out, depth));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace cordon::codec

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const cordon::ByteSpan input(data, size);
  cordon::codec::Reader in(input);
  cordon::codec::Writer out;
  if (cordon::codec::CopyItems(in, out, 0).ok()) {
    CORDON_CHECK(cordon::Equal(out.bytes(), input));
  }
  return 0;
}
