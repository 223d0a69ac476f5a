#include "client/core/corrections.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/core/case_shelf.h"
#include "client/core/cases.h"
#include "client/core/findings.h"
#include "client/core/model/alert.h"
#include "client/core/model/common.h"
#include "client/core/model/record.h"
#include "client/core/opening.h"
#include "client/core/record_reader.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "crypto/policy/record_kind.h"
#include "crypto/prim/hash.h"
#include "storage/vault/record_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

struct Objection {
  Refusal why;
  std::string about;
};

// Of the two bodies alone.
std::optional<Objection> Compare(const RecordBody& before,
                                 const RecordBody& after) {
  if (after.revision != before.revision + 1) {
    return Objection{Refusal::kBadContent, "revision: is not the next one"};
  }
  const auto* const was = std::get_if<Alert>(&before.content);
  const auto* const is = std::get_if<Alert>(&after.content);
  if (was == nullptr || is == nullptr) return std::nullopt;
  ContentFindings found;
  CheckLines(*was, *is, found);
  if (found.faults.empty()) return std::nullopt;
  return Objection{Refusal::kBadContent,
                   absl::StrCat(found.faults.front().field, ": ",
                                found.faults.front().what)};
}

absl::StatusOr<std::optional<Objection>> CheckCase(
    const vault::VaultTxn& txn, const vault::RecordName& version,
    const cert::DeviceName& author) {
  const absl::StatusOr<StandingCase> one = FindCase(txn, version);
  if (absl::IsNotFound(one.status())) return std::nullopt;
  CORDON_RETURN_IF_ERROR(one.status());
  const absl::Status open = CheckOpenFor(author.owner().user(), *one);
  if (open.ok()) return std::nullopt;
  if (!absl::IsFailedPrecondition(open) && !absl::IsPermissionDenied(open)) {
    return open;
  }
  return Objection{Refusal::kNotAllowed, std::string(open.message())};
}

absl::StatusOr<std::optional<Objection>> CheckChange(
    const vault::VaultTxn& txn, RoomId room, const RecordBody& body,
    const Reference& changed, const cert::DeviceName& author) {
  const vault::RecordName name{.room = room, .id = changed.record};
  const absl::StatusOr<vault::StoredRecord> target =
      txn.records().GetRecord(name);
  // From before this device was in the room, or never said.
  if (absl::IsNotFound(target.status())) return std::nullopt;
  CORDON_RETURN_IF_ERROR(target.status());
  CORDON_ASSIGN_OR_RETURN(const AuthorView by, AuthorOf(*target));
  if (by.organisation != author.org().text()) {
    return Objection{Refusal::kNotAllowed,
                     "it changes what another organisation has said"};
  }
  CORDON_ASSIGN_OR_RETURN(const RecordBody before, ParseStored(*target));
  if (before.header.kind != body.header.kind) {
    return Objection{Refusal::kBadContent,
                     "it changes a record of another kind"};
  }
  if (changed.revision != before.revision ||
      changed.hash != Sha256(target->signed_bytes)) {
    return Objection{Refusal::kBadContent,
                     "refs: names a version that does not lie here"};
  }
  std::optional<Objection> objection = Compare(before, body);
  if (objection.has_value()) return objection;
  if (body.header.kind != policy::RecordKind::kAlert) return std::nullopt;
  return CheckCase(txn, name, author);
}

}  // namespace

void CheckLines(const Alert& before, const Alert& after,
                ContentFindings& found) {
  for (const SeizureLine& line : before.lines) {
    const bool kept = std::any_of(
        after.lines.begin(), after.lines.end(),
        [&line](const SeizureLine& one) { return one.number == line.number; });
    if (kept) continue;
    found.Fault("lines", absl::StrCat("number ", line.number,
                                      " is missing; an update keeps it, as "
                                      "cleared if it was wrong"));
  }
}

absl::Status CheckOpenFor(absl::string_view user, const StandingCase& one) {
  if (one.cancelled) {
    return absl::FailedPreconditionError("the case was cancelled");
  }
  const vault::StoredRecord& stands = one.versions.back();
  CORDON_ASSIGN_OR_RETURN(const RecordBody body, ParseStored(stands));
  const auto* const alert = std::get_if<Alert>(&body.content);
  if (alert == nullptr || !alert->final) return absl::OkStatus();
  CORDON_ASSIGN_OR_RETURN(const AuthorView by, AuthorOf(stands));
  if (by.user != user) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat(user, " has marked the case final; a second person of ",
                   one.organisation, " changes it"));
}

absl::StatusOr<std::optional<RefusedEntry>> FindObjection(
    const vault::VaultTxn& txn, RoomId room, const RecordBody& body,
    const cert::DeviceName& author) {
  const std::optional<Reference> changed = ChangedBy(body);
  if (!changed.has_value()) return std::nullopt;
  CORDON_ASSIGN_OR_RETURN(std::optional<Objection> objection,
                          CheckChange(txn, room, body, *changed, author));
  if (!objection.has_value()) return std::nullopt;
  return RefusedEntry{.why = objection->why,
                      .by = author.text(),
                      .about = std::move(objection->about)};
}

}  // namespace cordon::client
