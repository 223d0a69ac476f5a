#include "crypto/base/random.h"

#include <sodium.h>

#include <cstddef>

#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/sodium_init.h"

namespace cordon {
namespace {

class KernelRandom final : public RandomSource {
 public:
  void Fill(MutableByteSpan out) override {
    randombytes_buf(out.data(), out.size());
  }
};

}  // namespace

RandomSource& SystemRandom() {
  InitSodium();
  static KernelRandom& source = *new KernelRandom;
  return source;
}

Bytes RandomBytes(RandomSource& random, size_t size) {
  Bytes bytes(size);
  random.Fill(absl::MakeSpan(bytes));
  return bytes;
}

}  // namespace cordon
