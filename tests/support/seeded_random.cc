#include "tests/support/seeded_random.h"

#include <cstdint>

#include "crypto/base/bytes.h"

namespace cordon::testing {

void SeededRandom::Fill(MutableByteSpan out) {
  for (uint8_t& byte : out) {
    byte = static_cast<uint8_t>(engine_());
  }
}

}  // namespace cordon::testing
