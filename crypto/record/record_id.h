#ifndef CORDON_CRYPTO_RECORD_RECORD_ID_H_
#define CORDON_CRYPTO_RECORD_RECORD_ID_H_

// Makes record ids: 48 bits of milliseconds since 1970, then 80 random bits. An
// id takes the next millisecond where the clock has not gone on since the last
// one: ids of one maker rise strictly, also while the clock stands still or
// goes back, and differ where people look, at their beginning. Ids of two
// makers never meet (2^-80 for one pair in one millisecond).
//
// The time in an id sorts lists and proves nothing: a record's place is its
// place in the room's log.
// Threads: none. Lifetime: clock and random must outlive the maker.

#include <cstdint>

#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"

namespace cordon::record {

class RecordIdMaker {
 public:
  RecordIdMaker(const Clock* clock, RandomSource* random)
      : clock_(clock), random_(random) {}

  RecordId Next();

 private:
  const Clock* const clock_;
  RandomSource* const random_;
  int64_t last_ms_ = -1;  // before the first
};

}  // namespace cordon::record

#endif  // CORDON_CRYPTO_RECORD_RECORD_ID_H_
