#ifndef CORDON_CLIENT_CORE_CONTENT_PARTS_H_
#define CORDON_CLIENT_CORE_CONTENT_PARTS_H_

// The parts of content.h, for content*.cc only: one pair of functions for each
// message, and the values they share.
//
// Fill writes a domain value into a fresh message and cannot fail. Take reads
// one and fails with kInvalidArgument, naming the field, beyond a limit.
// Threads: pure functions.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "client/core/model/alert.h"
#include "client/core/model/common.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"
#include "client/core/model/operation.h"
#include "client/core/model/record.h"
#include "cordon/sealed/v1/record.pb.h"

namespace cordon::client::content {

namespace sealed = ::cordon::sealed::v1;

// ---- values
// ----------------------------------------------------------------------

// A code from the wire: the enum's own numbers, known or not. Numbers beyond a
// byte stand for "unknown" as well.
template <typename Enum>
Enum CodeOf(int number) {
  constexpr int kNumberMax = 255;
  return static_cast<Enum>(number < 0 || number > kNumberMax ? kNumberMax
                                                             : number);
}

template <typename Wire, typename Enum>
Wire WireCode(Enum code) {
  return static_cast<Wire>(static_cast<int>(code));
}

absl::Status TooLong(absl::string_view field);
absl::Status TooMany(absl::string_view field);
absl::Status Malformed(absl::string_view field);

// CheckText refuses text over the limit and text that is not UTF-8.
absl::Status CheckText(absl::string_view field, const std::string& text,
                       size_t bytes_max);

// 0 stands for "not given".
int64_t MillisOf(const std::optional<absl::Time>& time);
std::optional<absl::Time> TimeOf(int64_t millis);

// "YYYY-MM-DD".
std::string DayText(absl::CivilDay day);
absl::StatusOr<absl::CivilDay> DayOf(absl::string_view field,
                                     const std::string& text);

void Fill(const Location& from, sealed::Location& to);
absl::StatusOr<Location> Take(const sealed::Location& from);
void Fill(const Quantity& from, sealed::Quantity& to);
Quantity Take(const sealed::Quantity& from);
void Fill(const Money& from, sealed::Money& to);
Money Take(const sealed::Money& from);

// ---- contents
// ------------------------------------------------------------------

void Fill(const Alert& from, sealed::Alert& to);
absl::StatusOr<Alert> Take(const sealed::Alert& from);
void Fill(const Guide& from, sealed::Guide& to);
absl::StatusOr<Guide> Take(const sealed::Guide& from);
void Fill(const Instruction& from, sealed::Instruction& to);
absl::StatusOr<Instruction> Take(const sealed::Instruction& from);
void Fill(const Ack& from, sealed::Ack& to);
absl::StatusOr<Ack> Take(const sealed::Ack& from);
void Fill(const OperationProfile& from, sealed::OperationProfile& to);
absl::StatusOr<OperationProfile> Take(const sealed::OperationProfile& from);
void Fill(const Participant& from, sealed::Participant& to);
absl::StatusOr<Participant> Take(const sealed::Participant& from);
void Fill(const Participants& from, sealed::Participants& to);
absl::StatusOr<Participants> Take(const sealed::Participants& from);
void Fill(const RoomProfile& from, sealed::RoomProfile& to);
absl::StatusOr<RoomProfile> Take(const sealed::RoomProfile& from);

// ---- the header
// ------------------------------------------------------------------

// Everything of `body` but its content.
void FillHeader(const RecordBody& body, sealed::RecordHeader& to);
absl::Status TakeHeader(const sealed::RecordHeader& from, RecordBody& body);

}  // namespace cordon::client::content

#endif  // CORDON_CLIENT_CORE_CONTENT_PARTS_H_
