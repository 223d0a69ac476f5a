#include "crypto/base/secret.h"

#include <sodium.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "crypto/base/bytes.h"

namespace cordon {

void Wipe(MutableByteSpan memory) {
  sodium_memzero(memory.data(), memory.size());
}

bool EqualsConstantTime(ByteSpan a, ByteSpan b) {
  if (a.size() != b.size()) return false;
  return a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

SecretBytes::SecretBytes(size_t size)
    : raw_(size == 0 ? nullptr : std::make_unique<uint8_t[]>(size)),
      size_(size) {}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : raw_(std::move(other.raw_)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this == &other) return *this;
  WipeAll();
  raw_ = std::move(other.raw_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

SecretBytes::~SecretBytes() {
  WipeAll();
}

SecretBytes SecretBytes::Copy(ByteSpan bytes) {
  SecretBytes secret(bytes.size());
  std::copy(bytes.begin(), bytes.end(), secret.raw_.get());
  return secret;
}

void SecretBytes::WipeAll() {
  Wipe(MutableSecret());
}

}  // namespace cordon
