#ifndef CORDON_CRYPTO_BASE_BYTES_H_
#define CORDON_CRYPTO_BASE_BYTES_H_

// Byte strings: how they are owned, seen, compared and shown.
//
// `Bytes` owns, `ByteSpan` looks. Text is absl::string_view; bytes never are.
// None of this is for secrets: those live in secret.h and are neither compared
// nor printed here.
// Threads: all functions are pure.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace cordon {

using Bytes = std::vector<uint8_t>;
using ByteSpan = absl::Span<const uint8_t>;
using MutableByteSpan = absl::Span<uint8_t>;

// AsBytes views text as bytes; valid as long as `text` is.
ByteSpan AsBytes(absl::string_view text);

// AsText views bytes as text, which may be invalid UTF-8; valid as long as
// `bytes` is.
absl::string_view AsText(ByteSpan bytes);

// ToBytes copies. The text form is for labels and for tests.
Bytes ToBytes(ByteSpan bytes);
Bytes ToBytes(absl::string_view text);
std::string ToString(ByteSpan bytes);

// Equal compares public bytes; its time tells where they differ.
bool Equal(ByteSpan a, ByteSpan b);

// Less orders public bytes lexicographically.
bool Less(ByteSpan a, ByteSpan b);

void Append(Bytes& to, ByteSpan more);
Bytes Concat(ByteSpan a, ByteSpan b);

// ToHex writes two lower-case digits a byte.
std::string ToHex(ByteSpan bytes);

// FromHex reads what ToHex wrote, in either case; kInvalidArgument on an odd
// number of digits or on anything that is no digit.
absl::StatusOr<Bytes> FromHex(absl::string_view hex);

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_BYTES_H_
