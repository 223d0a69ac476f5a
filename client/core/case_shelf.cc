#include "client/core/case_shelf.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

#include "client/core/cases.h"
#include "client/core/model/alert.h"
#include "client/core/model/common.h"
#include "client/core/model/record.h"
#include "client/core/record_reader.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/policy/record_kind.h"
#include "storage/vault/record_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr auto kAlertKind = static_cast<uint32_t>(policy::RecordKind::kAlert);

struct Version {
  vault::StoredRecord stored;
  CaseRecord record;
};

// Absent: it is not here, or is no alert.
absl::StatusOr<std::optional<Version>> ReadVersion(
    const vault::VaultTxn& txn, const vault::RecordName& name) {
  absl::StatusOr<vault::StoredRecord> stored = txn.records().GetRecord(name);
  if (absl::IsNotFound(stored.status())) return std::nullopt;
  CORDON_RETURN_IF_ERROR(stored.status());
  if (stored->kind != kAlertKind) return std::nullopt;
  CORDON_ASSIGN_OR_RETURN(CaseRecord record, CaseRecordOf(*stored));
  return Version{.stored = *std::move(stored), .record = std::move(record)};
}

// The oldest version here that `name` goes back to. What its author was shown
// lies before it, so a reference forward goes nowhere.
absl::StatusOr<std::optional<Version>> FindFirst(
    const vault::VaultTxn& txn, const vault::RecordName& name) {
  CORDON_ASSIGN_OR_RETURN(std::optional<Version> first, ReadVersion(txn, name));
  while (first.has_value() && first->record.replaces.has_value()) {
    CORDON_ASSIGN_OR_RETURN(
        std::optional<Version> before,
        ReadVersion(txn, {.room = name.room, .id = *first->record.replaces}));
    if (!before.has_value() ||
        before->stored.place.seq >= first->stored.place.seq) {
      break;
    }
    first = std::move(before);
  }
  return first;
}

using Versions = std::map<LogSeq, Version>;

// Adds what changes `target`; gives which.
absl::StatusOr<std::vector<RecordId>> AddChanges(const vault::VaultTxn& txn,
                                                 RoomId room, RecordId target,
                                                 Versions& versions) {
  std::vector<RecordId> added;
  LogSeq after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(
        std::vector<vault::StoredRecord> page,
        txn.records().ReadReferring(room, target, std::nullopt, after));
    if (page.empty()) return added;
    after = page.back().place.seq;
    for (vault::StoredRecord& stored : page) {
      if (stored.kind != kAlertKind) continue;
      CORDON_ASSIGN_OR_RETURN(CaseRecord record, CaseRecordOf(stored));
      if (record.replaces != target) continue;
      const LogSeq seq = stored.place.seq;
      const RecordId id = stored.id;
      const bool is_new =
          versions
              .emplace(seq, Version{.stored = std::move(stored),
                                    .record = std::move(record)})
              .second;
      if (is_new) added.push_back(id);
    }
  }
}

}  // namespace

absl::StatusOr<CaseRecord> CaseRecordOf(const vault::StoredRecord& stored) {
  CORDON_ASSIGN_OR_RETURN(RecordBody body, ParseStored(stored));
  CORDON_ASSIGN_OR_RETURN(AuthorView author, AuthorOf(stored));
  CaseRecord record{.id = stored.id,
                    .organisation = std::move(author.organisation),
                    .status = body.status};
  const std::optional<Reference> changed = ChangedBy(body);
  if (changed.has_value()) record.replaces = changed->record;
  if (auto* const alert = std::get_if<Alert>(&body.content)) {
    record.alert = std::move(*alert);
  }
  return record;
}

absl::StatusOr<StandingCase> FindCase(const vault::VaultTxn& txn,
                                      const vault::RecordName& version) {
  CORDON_ASSIGN_OR_RETURN(std::optional<Version> first,
                          FindFirst(txn, version));
  if (!first.has_value() || !first->record.alert.has_value()) {
    return absl::NotFoundError(
        "that case began before this device came into the room");
  }
  first->record.replaces.reset();
  std::vector<RecordId> unread = {first->stored.id};
  Versions versions;
  const LogSeq first_seq = first->stored.place.seq;
  versions.emplace(first_seq, *std::move(first));
  while (!unread.empty()) {
    const RecordId target = unread.back();
    unread.pop_back();
    CORDON_ASSIGN_OR_RETURN(const std::vector<RecordId> added,
                            AddChanges(txn, version.room, target, versions));
    unread.insert(unread.end(), added.begin(), added.end());
  }

  std::vector<vault::StoredRecord> stored;
  std::vector<CaseRecord> records;
  for (auto& [seq, one] : versions) {
    stored.push_back(std::move(one.stored));
    records.push_back(std::move(one.record));
  }
  Case resolved = ResolveCases(records).front();
  StandingCase found{.organisation = std::move(resolved.organisation),
                     .cancelled = resolved.cancelled};
  for (const size_t place : resolved.versions) {
    found.versions.push_back(std::move(stored[place]));
  }
  return found;
}

absl::StatusOr<std::vector<StandingCase>> FindCases(const vault::VaultTxn& txn,
                                                    absl::string_view ref_no) {
  const absl::StatusOr<Bytes> id = FromHex(ref_no);
  if (id.ok() && RecordId::Parse(*id).ok()) return std::vector<StandingCase>();
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::RecordName> named,
                          txn.records().FindByRefNo(ref_no));
  std::vector<StandingCase> cases;
  std::set<std::pair<RoomId, RecordId>> seen;
  for (const vault::RecordName& name : named) {
    if (seen.contains({name.room, name.id})) continue;
    absl::StatusOr<StandingCase> found = FindCase(txn, name);
    // Another kind of record, or a cancellation of what is not here.
    if (absl::IsNotFound(found.status())) continue;
    CORDON_RETURN_IF_ERROR(found.status());
    // It may be named by a record that is none of its versions.
    if (seen.contains({name.room, found->versions.front().id})) continue;
    for (const vault::StoredRecord& one : found->versions) {
      seen.insert({name.room, one.id});
    }
    cases.push_back(*std::move(found));
  }
  return cases;
}

absl::Status SeveralCases(absl::string_view ref_no,
                          const std::vector<StandingCase>& cases) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", ref_no, "\" is the number of several cases, of ",
      absl::StrJoin(cases, ", ",
                    [](std::string* out, const StandingCase& one) {
                      absl::StrAppend(out, one.organisation, " (",
                                      ToHex(one.versions.front().id.span()),
                                      ")");
                    }),
      "; give the id of one"));
}

}  // namespace cordon::client
