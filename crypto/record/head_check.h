#ifndef CORDON_CRYPTO_RECORD_HEAD_CHECK_H_
#define CORDON_CRYPTO_RECORD_HEAD_CHECK_H_

// What one author's record headers say about the room's log, compared with what
// this device has seen of it. Every member does this for every other, so a
// relay that drops, repeats, reorders, forks or rolls back is named by whoever
// reads next.
//
// AuthorTrack is the state for one (room, author): a small value that the vault
// stores beside the record, in the same transaction. Pure: no clock, no I/O.
// The caller drops a record id it already holds before coming here; a resend is
// not an anomaly.
// Not judged: counters from before the device could read the room, and what was
// pushed out of the bounded list of gaps.
// Threads: none. Errors: kDataLoss for a stored track that does not parse.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"
#include "crypto/record/record_header.h"

namespace cordon::record {

// ---- findings: numbers for a sentence, not the sentence ----

// The author signed `first` to `last` and they have not arrived.
struct CountersMissing {
  AuthorCounter first;
  AuthorCounter last;
  friend bool operator==(const CountersMissing&,
                         const CountersMissing&) = default;
};
// One that was missing has arrived: out of order, but there.
struct CounterArrivedLate {
  AuthorCounter counter;
  friend bool operator==(const CounterArrivedLate&,
                         const CounterArrivedLate&) = default;
};
// Two records under one number: the author's device was cloned or restored.
struct CounterRepeated {
  AuthorCounter counter;
  AuthorCounter highest;
  friend bool operator==(const CounterRepeated&,
                         const CounterRepeated&) = default;
};
// The author saw another log than we did: same place, another hash.
struct LogForked {
  RoomHead theirs;
  ChainHash ours;
  friend bool operator==(const LogForked&, const LogForked&) = default;
};
// The author had seen more entries than stand before its own record here: the
// relay withholds them or has gone back.
struct LogWithheld {
  LogSeq claimed;
  LogSeq lies_at;
  friend bool operator==(const LogWithheld&, const LogWithheld&) = default;
};
// A later record claims an earlier head: the author was shown an older log, or
// went back itself.
struct HeadWentBack {
  LogSeq before;
  LogSeq now;
  friend bool operator==(const HeadWentBack&, const HeadWentBack&) = default;
};
// Two groups behind one room: same epoch, another secret.
struct EpochForked {
  Epoch epoch;
  friend bool operator==(const EpochForked&, const EpochForked&) = default;
};
using HeadFinding =
    std::variant<CountersMissing, CounterArrivedLate, CounterRepeated,
                 LogForked, LogWithheld, HeadWentBack, EpochForked>;

// ---- the check ----

// What we know about the places that a header names.
struct OurView {
  LogSeq lies_at;  // where the record stands
  // Ours at header.head.seq, if we have seen that place.
  std::optional<ChainHash> hash_at_head = std::nullopt;
  // Ours of header.epoch, if still known.
  std::optional<EpochAuthenticator> authenticator = std::nullopt;
};

// Gaps remembered for one author; beyond, the oldest is no longer judged.
inline constexpr size_t kGapsMax = 16;
inline constexpr size_t kAuthorTrackBytesMax = 2 + 3 * 8 + 2 + kGapsMax * 16;

class AuthorTrack {
 public:
  // Nothing seen of the author yet.
  AuthorTrack() = default;
  // The format: uint16 version = 1; uint64 floor, highest, head_seq;
  // struct { uint64 first, last; } missing<V>, rising.
  static absl::StatusOr<AuthorTrack> Parse(ByteSpan bytes);
  Bytes Serialize() const;

  // Observe takes the header of the author's next record in the room's order,
  // validated (record_header.h), and names what is wrong with it, worst last.
  std::vector<HeadFinding> Observe(const RecordHeader& header,
                                   const OurView& ours);

  // What has still not arrived, lowest first.
  const std::vector<CountersMissing>& missing() const { return missing_; }

 private:
  void ObserveCounter(AuthorCounter counter,
                      std::vector<HeadFinding>& findings);
  bool TakeMissing(AuthorCounter counter);
  void AddMissing(AuthorCounter first, AuthorCounter last);
  bool IsValid() const;

  AuthorCounter floor_;    // up to here nothing is judged
  AuthorCounter highest_;  // 0: nothing seen
  LogSeq head_seq_;        // the highest head claimed
  std::vector<CountersMissing> missing_;
};

}  // namespace cordon::record

#endif  // CORDON_CRYPTO_RECORD_HEAD_CHECK_H_
