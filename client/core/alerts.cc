#include "client/core/alerts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "client/core/alert_rules.h"
#include "client/core/case_number.h"
#include "client/core/case_shelf.h"
#include "client/core/cases.h"
#include "client/core/command.h"
#include "client/core/composer.h"
#include "client/core/corrections.h"
#include "client/core/event.h"
#include "client/core/findings.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/operation.h"
#include "client/core/model/record.h"
#include "client/core/operation_rows.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/task.h"
#include "client/core/transfers.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/hash.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr auto kAlertKind = static_cast<uint32_t>(policy::RecordKind::kAlert);

// Where an alert goes, and what is known of the operation there.
struct AlertsRoom {
  vault::Room room;
  OperationProfile operation;
  absl::TimeZone zone;
};

absl::StatusOr<AlertsRoom> FindAlertsRoom(const vault::VaultTxn& txn,
                                          const std::string& operation) {
  AlertsRoom found;
  CORDON_ASSIGN_OR_RETURN(
      found.room, FindRoomOfKind(txn, operation, policy::RoomKind::kAlerts));
  CORDON_ASSIGN_OR_RETURN(const vault::Operation row,
                          FindOperation(txn, operation));
  CORDON_ASSIGN_OR_RETURN(found.operation, ProfileOf(row));
  CORDON_ASSIGN_OR_RETURN(found.zone, ZoneOf(found.operation));
  return found;
}

bool IsOf(const StandingCase& one, const std::string& organisation) {
  return one.organisation == organisation;
}

// The one case of ours among those that carry a number. Others who carry it are
// in nobody's way.
absl::StatusOr<StandingCase> PickOwn(const std::string& ref_no,
                                     std::vector<StandingCase> cases,
                                     const std::string& own) {
  const std::string first_owner = cases.front().organisation;
  std::erase_if(cases,
                [&own](const StandingCase& one) { return !IsOf(one, own); });
  if (cases.empty()) {
    return absl::PermissionDeniedError(absl::StrCat(
        ref_no, " is a case of ", first_owner, "; only it changes it"));
  }
  if (cases.size() == 1) return std::move(cases.front());
  return SeveralCases(ref_no, cases);
}

absl::StatusOr<StandingCase> FindNamed(const vault::VaultTxn& txn,
                                       const std::string& name,
                                       const std::string& own) {
  CORDON_ASSIGN_OR_RETURN(std::vector<StandingCase> numbered,
                          FindCases(txn, name));
  if (!numbered.empty()) return PickOwn(name, std::move(numbered), own);
  CORDON_ASSIGN_OR_RETURN(const vault::RecordName found, FindRecord(txn, name));
  const absl::StatusOr<vault::StoredRecord> stored =
      txn.records().GetRecord(found);
  if (absl::IsNotFound(stored.status())) {
    return absl::FailedPreconditionError(absl::StrCat(
        name, " has not reached the relay yet; wait until it has been sent"));
  }
  CORDON_RETURN_IF_ERROR(stored.status());
  if (stored->kind != kAlertKind) {
    return absl::InvalidArgumentError(absl::StrCat(name, " is not an alert"));
  }
  CORDON_ASSIGN_OR_RETURN(StandingCase one, FindCase(txn, found));
  if (IsOf(one, own)) return one;
  return absl::PermissionDeniedError(absl::StrCat(
      name, " is a case of ", one.organisation, "; only it changes it"));
}

// What we said of a case and what has not left yet.
absl::Status CheckNothingWaits(const vault::VaultTxn& txn,
                               const std::string& name,
                               const StandingCase& one) {
  CORDON_ASSIGN_OR_RETURN(
      const std::vector<vault::OutboxRow> waiting,
      WaitingIn(txn, one.versions.front().place.room, kAlertKind));
  for (const vault::OutboxRow& row : waiting) {
    CORDON_ASSIGN_OR_RETURN(const RecordBody body, ParseWaiting(row));
    const std::optional<Reference> changed = ChangedBy(body);
    if (!changed.has_value()) continue;
    for (const vault::StoredRecord& version : one.versions) {
      if (version.id != changed->record) continue;
      return absl::FailedPreconditionError(
          absl::StrCat("a change of ", name,
                       " has not reached the relay yet; wait until it has "
                       "been sent, or discard it"));
    }
  }
  return absl::OkStatus();
}

// What the next record about a case goes on from.
struct Predecessor {
  Reference reference;
  std::string ref_no;
  RoomId room;
  Content content;
};

// The version that stands of the case named, which must be one of ours that
// `own` may change.
absl::StatusOr<Predecessor> FindOwnCase(const vault::VaultTxn& txn,
                                        const std::string& name,
                                        const cert::DeviceName& own) {
  CORDON_ASSIGN_OR_RETURN(const StandingCase one,
                          FindNamed(txn, name, own.org().text()));
  const absl::Status open = CheckOpenFor(own.owner().user(), one);
  if (!open.ok()) {
    return absl::Status(
        open.code(),
        absl::StrCat(name, " cannot be changed: ", open.message()));
  }
  CORDON_RETURN_IF_ERROR(CheckNothingWaits(txn, name, one));
  const vault::StoredRecord& stands = one.versions.back();
  CORDON_ASSIGN_OR_RETURN(RecordBody body, ParseStored(stands));
  return Predecessor{.reference = {.record = stands.id,
                                   .revision = body.revision,
                                   .hash = Sha256(stands.signed_bytes)},
                     .ref_no = std::move(body.ref_no),
                     .room = stands.place.room,
                     .content = std::move(body.content)};
}

// The highest count of a series among ours in the log and what waits. The
// newest come first: few authors are looked at.
absl::StatusOr<uint32_t> HighestCount(const vault::VaultTxn& txn, RoomId room,
                                      const std::string& prefix,
                                      const std::string& own) {
  uint32_t highest = 0;
  CORDON_ASSIGN_OR_RETURN(
      const std::vector<vault::StoredRecord> sent,
      ReadAll(txn, {.room = room, .kind = kAlertKind, .newest_first = true}));
  for (const vault::StoredRecord& one : sent) {
    const uint32_t count = CountIn(prefix, one.ref_no).value_or(0);
    if (count <= highest) continue;
    CORDON_ASSIGN_OR_RETURN(const AuthorView author, AuthorOf(one));
    if (author.organisation == own) highest = count;
  }
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> waiting,
                          WaitingIn(txn, room, kAlertKind));
  for (const vault::OutboxRow& row : waiting) {
    CORDON_ASSIGN_OR_RETURN(const RecordBody body, ParseWaiting(row));
    highest = std::max(highest, CountIn(prefix, body.ref_no).value_or(0));
  }
  return highest;
}

absl::StatusOr<std::string> NextCaseNumber(const vault::VaultTxn& txn,
                                           const AlertsRoom& at,
                                           const std::string& own,
                                           absl::Time when) {
  CORDON_ASSIGN_OR_RETURN(const Participant participant,
                          FindParticipant(txn, at.room.operation, own));
  const std::string prefix =
      SeriesPrefix({.operation = at.operation.name,
                    .body = NumberBody(participant.country, own),
                    .year = absl::ToCivilYear(when, at.zone).year()});
  CORDON_ASSIGN_OR_RETURN(const uint32_t highest,
                          HighestCount(txn, at.room.id, prefix, own));
  if (highest < kCaseCountMax) return CaseNumber(prefix, highest + 1);
  return absl::ResourceExhaustedError(
      absl::StrCat("the numbers ", prefix,
                   "… are used up; give this case one with --ref-no"));
}

// A number that was typed, if none of our cases has it.
absl::Status CheckUnused(const vault::VaultTxn& txn, const std::string& ref_no,
                         const std::string& own) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<StandingCase> cases,
                          FindCases(txn, ref_no));
  for (const StandingCase& one : cases) {
    if (!IsOf(one, own)) continue;
    return absl::AlreadyExistsError(absl::StrCat(
        ref_no, " is a case already; leave the number away for the next one"));
  }
  return absl::OkStatus();
}

bool ShowsGoods(const std::vector<FileToAttach>& files) {
  return std::any_of(files.begin(), files.end(), [](const FileToAttach& file) {
    return file.role == AttachmentRole::kGoods;
  });
}

std::vector<BlobId> BlobsOf(const std::vector<Attachment>& attachments) {
  std::vector<BlobId> blobs;
  blobs.reserve(attachments.size());
  for (const Attachment& one : attachments) blobs.push_back(one.blob.id());
  return blobs;
}

AlertRulesOptions RulesIn(const AlertsRoom& at, absl::Time now,
                          bool has_goods_photo) {
  return {.sent = now,
          .zone = at.zone,
          .first_day = at.operation.first_day,
          .last_day = at.operation.last_day,
          .has_goods_photo = has_goods_photo};
}

// Everything of the draft but the files.
absl::StatusOr<Draft> DraftOf(const vault::VaultTxn& txn, const AlertsRoom& at,
                              const cert::DeviceName& own,
                              const SendAlert& wanted) {
  Draft draft{.room = at.room.id,
              .kind = policy::RecordKind::kAlert,
              .content = wanted.alert,
              .status = wanted.status};
  if (!wanted.updates.empty()) {
    CORDON_ASSIGN_OR_RETURN(const Predecessor last,
                            FindOwnCase(txn, wanted.updates, own));
    if (last.room != at.room.id) {
      return absl::InvalidArgumentError(
          absl::StrCat(wanted.updates, " is no case of ", wanted.operation));
    }
    draft.msg_type = MsgType::kUpdate;
    draft.revision = last.reference.revision + 1;
    draft.ref_no = last.ref_no;
    draft.refs.push_back(last.reference);
    return draft;
  }
  draft.ref_no = wanted.ref_no;
  if (draft.ref_no.empty()) {
    CORDON_ASSIGN_OR_RETURN(
        draft.ref_no,
        NextCaseNumber(txn, at, own.org().text(), wanted.alert.when));
  } else {
    CORDON_RETURN_IF_ERROR(CheckUnused(txn, draft.ref_no, own.org().text()));
  }
  return draft;
}

// Each case as it stands, in the order in which they began.
absl::StatusOr<std::vector<RecordView>> ViewCases(
    const vault::VaultTxn& txn, const std::vector<vault::StoredRecord>& all) {
  std::vector<CaseRecord> records;
  records.reserve(all.size());
  for (const vault::StoredRecord& stored : all) {
    CORDON_ASSIGN_OR_RETURN(records.emplace_back(), CaseRecordOf(stored));
  }
  std::vector<RecordView> views;
  for (const Case& one : ResolveCases(records)) {
    CORDON_ASSIGN_OR_RETURN(views.emplace_back(),
                            ViewOf(txn, all[one.versions.back()]));
  }
  return views;
}

}  // namespace

Task<absl::StatusOr<AnswerBody>> Alerts::Send(SendAlert wanted,
                                              uint64_t command) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  std::optional<AlertsRoom> at;
  std::optional<Predecessor> before;
  const absl::Status found =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(at, FindAlertsRoom(txn, wanted.operation));
        if (wanted.updates.empty()) return absl::OkStatus();
        CORDON_ASSIGN_OR_RETURN(before,
                                FindOwnCase(txn, wanted.updates, own->name()));
        return absl::OkStatus();
      });
  if (!found.ok()) co_return found;
  const absl::Time now = parts_.clock->Now();
  const bool has_photos = ShowsGoods(wanted.files);
  ContentFindings findings =
      CheckAlert(wanted.alert, RulesIn(*at, now, has_photos));
  if (before.has_value()) {
    // What stands is an alert: a cancelled case is not changed.
    CheckLines(std::get<Alert>(before->content), wanted.alert, findings);
  }
  if (!findings.faults.empty()) {
    co_return AnswerBody(ContentRefused{.faults = std::move(findings.faults)});
  }
  absl::StatusOr<std::vector<Attachment>> attachments =
      co_await transfers_->Attach(std::move(wanted.files), command);
  if (!attachments.ok()) co_return attachments.status();
  if (has_photos && !findings.Photos(*attachments)) {
    ContentFindings bare =
        CheckAlert(wanted.alert, RulesIn(*at, now, /*has_goods_photo=*/false));
    if (!bare.faults.empty()) {
      (void)co_await transfers_->Forget(BlobsOf(*attachments));
      bare.faults.insert(bare.faults.begin(), findings.warnings.begin(),
                         findings.warnings.end());
      co_return AnswerBody(ContentRefused{.faults = std::move(bare.faults)});
    }
  }

  // Number and case are looked up last: another alert may have taken the one or
  // changed the other meanwhile.
  std::optional<Draft> draft;
  const absl::Status drafted =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(draft, DraftOf(txn, *at, own->name(), wanted));
        return absl::OkStatus();
      });
  if (!drafted.ok()) co_return drafted;
  draft->attachments = *std::move(attachments);
  const std::string ref_no = draft->ref_no;
  const absl::StatusOr<RecordId> composed =
      composer_->Compose(*std::move(draft));
  if (!composed.ok()) co_return composed.status();
  co_return AnswerBody(Composed{
      .records = {{.id = *composed,
                   .room = absl::StrCat(wanted.operation, "/", at->room.name)}},
      .ref_no = ref_no,
      .warnings = std::move(findings.warnings)});
}

absl::StatusOr<Composed> Alerts::Cancel(const CancelAlert& wanted) {
  if (wanted.reason.empty()) {
    return absl::InvalidArgumentError("a cancellation needs a reason");
  }
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts_.vault));
  Draft draft{.kind = policy::RecordKind::kAlert,
              .content = client::Cancel{.reason = wanted.reason},
              .msg_type = MsgType::kCancel};
  Composed composed;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const Predecessor last,
                                FindOwnCase(txn, wanted.record, own.name()));
        draft.room = last.room;
        draft.revision = last.reference.revision + 1;
        draft.ref_no = last.ref_no;
        draft.refs.push_back(last.reference);
        CORDON_ASSIGN_OR_RETURN(composed.records.emplace_back().room,
                                RoomTextOf(txn, last.room));
        return absl::OkStatus();
      }));
  composed.ref_no = draft.ref_no;
  CORDON_ASSIGN_OR_RETURN(composed.records.front().id,
                          composer_->Compose(std::move(draft)));
  return composed;
}

absl::StatusOr<RecordsView> Alerts::List(const ListAlerts& wanted) {
  std::vector<RecordView> cases;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            const vault::Room room,
            FindRoomOfKind(txn, wanted.operation, policy::RoomKind::kAlerts));
        CORDON_ASSIGN_OR_RETURN(
            const std::vector<vault::StoredRecord> all,
            ReadAll(txn, {.room = room.id, .kind = kAlertKind}));
        CORDON_ASSIGN_OR_RETURN(cases, ViewCases(txn, all));
        return absl::OkStatus();
      }));
  std::erase_if(cases, [&wanted](const RecordView& view) {
    return wanted.since.has_value() && view.received < *wanted.since;
  });
  std::stable_sort(
      cases.begin(), cases.end(),
      [](const RecordView& a, const RecordView& b) { return a.seq > b.seq; });
  if (cases.size() > wanted.records_max) {
    cases.erase(cases.begin() + static_cast<std::ptrdiff_t>(wanted.records_max),
                cases.end());
  }
  return RecordsView{.records = std::move(cases)};
}

}  // namespace cordon::client
