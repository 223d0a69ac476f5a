#ifndef CORDON_CRYPTO_BASE_NUMBER_H_
#define CORDON_CRYPTO_BASE_NUMBER_H_

// Numbers are types: an epoch is never taken for a place in a log. A Number is
// compared, hashed and counted up; for anything else its value is taken out,
// by name.

#include <compare>
#include <cstdint>
#include <utility>

namespace cordon {

template <class Tag, class Rep = uint64_t>
struct Number {
  Rep value = 0;

  // Next wraps at the end of Rep; who counts that far checks before.
  constexpr Number Next() const { return Number{static_cast<Rep>(value + 1)}; }

  friend constexpr bool operator==(const Number&, const Number&) = default;
  friend constexpr auto operator<=>(const Number&, const Number&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Number& number) {
    return H::combine(std::move(state), number.value);
  }
};

using Epoch = Number<struct EpochTag>;    // MLS epoch of one room
using LogSeq = Number<struct LogSeqTag>;  // place in one room's log, from 1
using CrlNumber = Number<struct CrlNumberTag>;  // of one issuer's list, from 1

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_NUMBER_H_
