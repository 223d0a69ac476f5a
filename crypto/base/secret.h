#ifndef CORDON_CRYPTO_BASE_SECRET_H_
#define CORDON_CRYPTO_BASE_SECRET_H_

// Types for secrets: no copy, no print, no ==, wiped at the end of life.
//
// SecretArray<N> where the size is known, SecretBytes where it is not. A secret
// is made by a RandomSource, a KDF or an unwrap, and is seen only through
// ExposeSecret(), which tests/house allows in crypto/ and in the file that keys
// the vault. A second owner is made only by CloneSecret().
// Threads: none; a secret belongs to one object.
// Not promised: that the operating system never swapped or copied the page.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"

namespace cordon {

// Wipe overwrites memory in a way the compiler may not drop.
void Wipe(MutableByteSpan memory);

// EqualsConstantTime compares in time that depends on the lengths only.
[[nodiscard]] bool EqualsConstantTime(ByteSpan a, ByteSpan b);

template <size_t N>
class SecretArray {
 public:
  static constexpr size_t kBytes = N;

  // All zero until filled.
  SecretArray() = default;
  SecretArray(SecretArray&& other) noexcept { TakeFrom(other); }
  SecretArray& operator=(SecretArray&& other) noexcept {
    if (this != &other) TakeFrom(other);
    return *this;
  }
  SecretArray(const SecretArray&) = delete;
  SecretArray& operator=(const SecretArray&) = delete;
  ~SecretArray() { Wipe(MutableByteSpan(raw_)); }

  static SecretArray Random(RandomSource& random) {
    SecretArray secret;
    random.Fill(secret.MutableSecret());
    return secret;
  }

  // Copy takes N bytes that a KDF or an unwrap left elsewhere; the caller
  // wipes the source. kInvalidArgument on another length.
  static absl::StatusOr<SecretArray> Copy(ByteSpan bytes) {
    if (bytes.size() != N) {
      return absl::InvalidArgumentError("secret: wrong length");
    }
    SecretArray secret;
    std::copy(bytes.begin(), bytes.end(), secret.raw_.begin());
    return secret;
  }

  SecretArray CloneSecret() const {
    SecretArray clone;
    clone.raw_ = raw_;
    return clone;
  }
  ByteSpan ExposeSecret() const { return raw_; }
  MutableByteSpan MutableSecret() { return MutableByteSpan(raw_); }

  [[nodiscard]] bool EqualsConstantTime(const SecretArray& other) const {
    return cordon::EqualsConstantTime(raw_, other.raw_);
  }

 private:
  void TakeFrom(SecretArray& other) {
    raw_ = other.raw_;
    Wipe(MutableByteSpan(other.raw_));
  }

  std::array<uint8_t, N> raw_{};
};

// SecretBytes is one allocation of a size fixed when it is made.
class SecretBytes {
 public:
  // Empty.
  SecretBytes() = default;
  // All zero until filled.
  explicit SecretBytes(size_t size);
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  // Copy takes bytes that a KDF or an unwrap left elsewhere; the caller wipes
  // the source.
  static SecretBytes Copy(ByteSpan bytes);

  SecretBytes CloneSecret() const { return Copy(ExposeSecret()); }
  ByteSpan ExposeSecret() const { return {raw_.get(), size_}; }
  MutableByteSpan MutableSecret() { return {raw_.get(), size_}; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  [[nodiscard]] bool EqualsConstantTime(const SecretBytes& other) const {
    return cordon::EqualsConstantTime(ExposeSecret(), other.ExposeSecret());
  }

 private:
  void WipeAll();

  std::unique_ptr<uint8_t[]> raw_;
  size_t size_ = 0;
};

// The same secret, once more, in the other type.
template <size_t N>
SecretBytes CloneAsBytes(const SecretArray<N>& secret) {
  return SecretBytes::Copy(secret.ExposeSecret());
}
// CloneAsArray is kInvalidArgument on another length.
template <size_t N>
absl::StatusOr<SecretArray<N>> CloneAsArray(const SecretBytes& secret) {
  return SecretArray<N>::Copy(secret.ExposeSecret());
}

// WipeOnExit wipes a buffer that a library forced us to have (a protobuf
// string, a parser's vector) when the scope ends. `buffer` must outlive it and
// must not be moved from while it lives.
template <typename Buffer>
class WipeOnExit {
 public:
  explicit WipeOnExit(Buffer& buffer) : buffer_(buffer) {}
  WipeOnExit(const WipeOnExit&) = delete;
  WipeOnExit& operator=(const WipeOnExit&) = delete;
  ~WipeOnExit() {
    Wipe({reinterpret_cast<uint8_t*>(buffer_.data()), buffer_.size()});
  }

 private:
  Buffer& buffer_;
};

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_SECRET_H_
