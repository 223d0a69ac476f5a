#ifndef CORDON_TESTS_SUPPORT_IDS_H_
#define CORDON_TESTS_SUPPORT_IDS_H_

// Ids that a test can tell apart: IdOf<RoomId>(1) is 00…01.

#include <array>
#include <cstddef>
#include <cstdint>

namespace cordon::testing {

template <class IdType>
IdType IdOf(uint32_t n) {
  std::array<uint8_t, IdType::kBytes> raw{};
  for (size_t i = raw.size(); n != 0; n >>= 8) {
    raw[--i] = static_cast<uint8_t>(n);
  }
  return IdType(raw);
}

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_IDS_H_
