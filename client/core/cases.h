#ifndef CORDON_CLIENT_CORE_CASES_H_
#define CORDON_CLIENT_CORE_CASES_H_

// The cases of an alerts room: which records are versions of one case, and
// which of them stands. Lists, figures and corrections all ask here.
//
// A case begins with an alert. An update or a cancellation names the version
// that it changes; it counts if that version does and its author is of the
// organisation that opened the case. The last one in the log's order stands; a
// cancelled case stays cancelled. Other references are links and change
// nothing; a reference number is what its author says and decides nothing.
// Threads: pure functions.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"

#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/record.h"
#include "crypto/base/id.h"

namespace cordon::client {

// What is needed of one opened record of an alerts room.
struct CaseRecord {
  RecordId id;
  std::string organisation;  // the author's, from the certificate
  RecordStatus status = RecordStatus::kNone;
  // Of an update or a cancellation: the version it replaces or withdraws.
  std::optional<RecordId> replaces;
  std::optional<Alert> alert;  // absent: a cancellation
};

struct Case {
  std::string organisation;
  // Places among the records given, in their order, never none: the last one
  // stands.
  std::vector<size_t> versions;
  size_t alert = 0;  // the last of them that says what the case is
  bool cancelled = false;
};

// ResolveCases takes the records in the order of the room's log, and gives the
// cases in the order in which they began. A record that stands twice counts
// once; a change of an unknown version is left out.
std::vector<Case> ResolveCases(absl::Span<const CaseRecord> records);

// ChangedBy gives what an update or a cancellation changes: its first
// reference.
std::optional<Reference> ChangedBy(const RecordBody& body);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_CASES_H_
