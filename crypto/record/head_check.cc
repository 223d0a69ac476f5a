#include "crypto/record/head_check.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/log/chain_hash.h"
#include "crypto/record/record_header.h"

namespace cordon::record {
namespace {

constexpr uint16_t kVersion = 1;

struct Stored {
  AuthorCounter floor;
  AuthorCounter highest;
  LogSeq head_seq;
  std::vector<CountersMissing> missing;
};

absl::StatusOr<CountersMissing> ReadMissing(codec::Reader& in) {
  CountersMissing range;
  CORDON_ASSIGN_OR_RETURN(range.first.value, in.U64());
  CORDON_ASSIGN_OR_RETURN(range.last.value, in.U64());
  return range;
}

absl::StatusOr<Stored> ReadStored(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint16_t version, in.U16());
  if (version != kVersion) {
    return absl::InvalidArgumentError("unknown version");
  }
  Stored stored;
  CORDON_ASSIGN_OR_RETURN(stored.floor.value, in.U64());
  CORDON_ASSIGN_OR_RETURN(stored.highest.value, in.U64());
  CORDON_ASSIGN_OR_RETURN(stored.head_seq.value, in.U64());
  CORDON_ASSIGN_OR_RETURN(stored.missing, codec::ReadVectorOf<CountersMissing>(
                                              in, kGapsMax, ReadMissing));
  return stored;
}

AuthorCounter Before(AuthorCounter counter) {
  return AuthorCounter{counter.value - 1};
}

}  // namespace

absl::StatusOr<AuthorTrack> AuthorTrack::Parse(ByteSpan bytes) {
  auto stored = codec::ParseWhole<Stored>(bytes, ReadStored);
  AuthorTrack track;
  if (stored.ok()) {
    track.floor_ = stored->floor;
    track.highest_ = stored->highest;
    track.head_seq_ = stored->head_seq;
    track.missing_ = std::move(stored->missing);
  }
  if (!stored.ok() || !track.IsValid()) {
    return absl::DataLossError("author track: does not parse");
  }
  return track;
}

Bytes AuthorTrack::Serialize() const {
  codec::Writer out;
  out.U16(kVersion);
  out.U64(floor_.value);
  out.U64(highest_.value);
  out.U64(head_seq_.value);
  out.Nested([this](codec::Writer& content) {
    for (const CountersMissing& range : missing_) {
      content.U64(range.first.value);
      content.U64(range.last.value);
    }
  });
  return out.Take();
}

bool AuthorTrack::IsValid() const {
  AuthorCounter below = floor_;
  for (const CountersMissing& range : missing_) {
    if (range.first <= below || range.last < range.first) return false;
    below = range.last;
  }
  return missing_.empty() ? floor_ <= highest_ : below < highest_;
}

std::vector<HeadFinding> AuthorTrack::Observe(const RecordHeader& header,
                                              const OurView& ours) {
  std::vector<HeadFinding> findings;
  const bool newest = header.counter > highest_;
  ObserveCounter(header.counter, findings);
  if (newest && header.head.seq < head_seq_) {
    findings.emplace_back(
        HeadWentBack{.before = head_seq_, .now = header.head.seq});
  }
  head_seq_ = std::max(head_seq_, header.head.seq);
  if (header.head.seq >= ours.lies_at) {
    findings.emplace_back(
        LogWithheld{.claimed = header.head.seq, .lies_at = ours.lies_at});
  }
  if (ours.hash_at_head.has_value() && *ours.hash_at_head != header.head.hash) {
    findings.emplace_back(
        LogForked{.theirs = header.head, .ours = *ours.hash_at_head});
  }
  if (ours.authenticator.has_value() &&
      *ours.authenticator != header.epoch_authenticator) {
    findings.emplace_back(EpochForked{.epoch = header.epoch});
  }
  return findings;
}

void AuthorTrack::ObserveCounter(AuthorCounter counter,
                                 std::vector<HeadFinding>& findings) {
  // What came before may have come before us; a device that was taken out and
  // added again goes on counting.
  if (highest_ == AuthorCounter{0}) {
    floor_ = Before(counter);
    highest_ = counter;
    return;
  }
  if (counter > highest_) {
    const AuthorCounter expected = highest_.Next();
    highest_ = counter;
    if (counter == expected) return;
    AddMissing(expected, Before(counter));
    findings.emplace_back(
        CountersMissing{.first = expected, .last = Before(counter)});
    return;
  }
  if (counter <= floor_) return;
  if (TakeMissing(counter)) {
    findings.emplace_back(CounterArrivedLate{.counter = counter});
  } else {
    findings.emplace_back(
        CounterRepeated{.counter = counter, .highest = highest_});
  }
}

bool AuthorTrack::TakeMissing(AuthorCounter counter) {
  for (auto range = missing_.begin(); range != missing_.end(); ++range) {
    if (counter < range->first || counter > range->last) continue;
    const CountersMissing whole = *range;
    missing_.erase(range);
    if (counter > whole.first) AddMissing(whole.first, Before(counter));
    if (counter < whole.last) AddMissing(counter.Next(), whole.last);
    return true;
  }
  return false;
}

void AuthorTrack::AddMissing(AuthorCounter first, AuthorCounter last) {
  const CountersMissing range{.first = first, .last = last};
  const auto place =
      std::upper_bound(missing_.begin(), missing_.end(), range,
                       [](const CountersMissing& a, const CountersMissing& b) {
                         return a.first < b.first;
                       });
  missing_.insert(place, range);
  if (missing_.size() > kGapsMax) {
    floor_ = missing_.front().last;
    missing_.erase(missing_.begin());
  }
}

}  // namespace cordon::record
