#ifndef CORDON_CRYPTO_POLICY_RECORD_KIND_H_
#define CORDON_CRYPTO_POLICY_RECORD_KIND_H_

// What a record is, as a number that policies and records share. Here, and not
// beside the records, because a policy says which roles may post which kinds
// and must not know what is inside them.
//
// The numbers are signed and stored: never reused, only added. A number that
// this build does not know survives reading and writing ("needs a newer
// client"); IsKnown tells.
// Threads: pure functions.

#include <cstdint>
#include <initializer_list>

#include "absl/strings/string_view.h"

namespace cordon::policy {

// Wider than today's numbers need: those of newer clients must survive.
enum class RecordKind : uint16_t {  // NOLINT(performance-enum-size)
  kText = 1,
  kAlert = 2,
  kWarning = 3,
  kFeedback = 4,
  kInstruction = 5,
  kAck = 6,
  kGuide = 7,
  kApproval = 8,   // passes a reviewed record on into another room
  kRejection = 9,  // the answer to a submitted guide that is not passed on
  kForward = 10,   // passes any record on into another room
  kOperationProfile = 11,
  kRoomProfile = 12,
  kRoster = 13,      // participants: titles, countries, regions
  kGrant = 14,       // history for a newcomer
  kHealReport = 15,  // "I could not process this commit"
  kRelayPin = 16,    // the relay's next key
  kLifeCycle = 17,   // an operation opens, freezes, closes
};

// Kinds fit a 64-bit set; 0 is no kind.
inline constexpr uint16_t kRecordKindMax = 63;

// IsKnown: whether this build knows the kind and can show it.
bool IsKnown(RecordKind kind);

// RecordKindName is the word used in output and JSON; "unknown" for the rest.
absl::string_view RecordKindName(RecordKind kind);

// RecordKindSet is a set of kinds, known or not, as it is written in policies:
// bit n stands for the kind of number n.
class RecordKindSet {
 public:
  constexpr RecordKindSet() = default;
  constexpr RecordKindSet(std::initializer_list<RecordKind> kinds) {
    for (const RecordKind kind : kinds) bits_ |= BitOf(kind);
  }
  static constexpr RecordKindSet FromBits(uint64_t bits) {
    RecordKindSet set;
    set.bits_ = bits;
    return set;
  }

  constexpr uint64_t bits() const { return bits_; }
  constexpr bool Has(RecordKind kind) const {
    return (bits_ & BitOf(kind)) != 0;
  }
  friend constexpr RecordKindSet operator|(RecordKindSet a, RecordKindSet b) {
    return FromBits(a.bits_ | b.bits_);
  }
  friend constexpr bool operator==(RecordKindSet, RecordKindSet) = default;

 private:
  // No bit for a number that no policy can name.
  static constexpr uint64_t BitOf(RecordKind kind) {
    const auto number = static_cast<uint16_t>(kind);
    return number == 0 || number > kRecordKindMax ? 0 : uint64_t{1} << number;
  }

  uint64_t bits_ = 0;
};

}  // namespace cordon::policy

#endif  // CORDON_CRYPTO_POLICY_RECORD_KIND_H_
