#include "client/core/guides.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "client/core/command.h"
#include "client/core/composer.h"
#include "client/core/event.h"
#include "client/core/findings.h"
#include "client/core/guide_rules.h"
#include "client/core/guide_shelf.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"
#include "client/core/model/record.h"
#include "client/core/operation_rows.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/task.h"
#include "client/core/transfers.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
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

constexpr auto kGuideKind = static_cast<uint32_t>(policy::RecordKind::kGuide);
constexpr auto kApprovalKind =
    static_cast<uint32_t>(policy::RecordKind::kApproval);

bool IsKind(const vault::Room& room, policy::RoomKind kind) {
  return room.kind == static_cast<uint32_t>(kind);
}

// The library of `room`'s operation among `rooms`; zero if it is not there.
RoomId LibraryFor(const std::vector<vault::Room>& rooms,
                  const vault::Room& room) {
  for (const vault::Room& one : rooms) {
    if (one.operation == room.operation &&
        IsKind(one, policy::RoomKind::kLibrary)) {
      return one.id;
    }
  }
  return {};
}

absl::StatusOr<std::vector<GuideView>> Submissions(
    const vault::VaultTxn& txn, const std::vector<vault::Room>& rooms) {
  std::vector<GuideView> views;
  for (const vault::Room& room : rooms) {
    if (!IsKind(room, policy::RoomKind::kIntake)) continue;
    CORDON_ASSIGN_OR_RETURN(
        const std::vector<vault::StoredRecord> all,
        ReadAll(txn, {.room = room.id, .kind = kGuideKind}));
    const RoomId library = LibraryFor(rooms, room);
    for (const vault::StoredRecord& stored : all) {
      CORDON_ASSIGN_OR_RETURN(views.emplace_back(),
                              ViewSubmission(txn, stored, library));
    }
  }
  return views;
}

absl::StatusOr<std::vector<GuideView>> Published(
    const vault::VaultTxn& txn, const std::vector<vault::Room>& rooms) {
  std::vector<GuideView> views;
  for (const vault::Room& room : rooms) {
    if (!IsKind(room, policy::RoomKind::kLibrary)) continue;
    CORDON_ASSIGN_OR_RETURN(
        const std::vector<vault::StoredRecord> all,
        ReadAll(txn, {.room = room.id, .kind = kApprovalKind}));
    for (const vault::StoredRecord& stored : all) {
      absl::StatusOr<GuideView> view = ViewApproval(txn, stored);
      // Something else than a guide was passed on.
      if (absl::IsInvalidArgument(view.status())) continue;
      CORDON_RETURN_IF_ERROR(view.status());
      views.push_back(*std::move(view));
    }
  }
  return views;
}

// A submitted guide that a curator is about to decide on.
struct Decidable {
  vault::Room intake;
  RoomId library;  // zero: this device is not in it
  vault::StoredRecord stored;
  RecordBody body;
  Reference reference;
};

// Whether a record of this kind that waits in `room` is about `guide`.
absl::StatusOr<bool> WaitsAbout(const vault::VaultTxn& txn, RoomId room,
                                policy::RecordKind kind, RecordId guide) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> waiting,
                          WaitingIn(txn, room, static_cast<uint32_t>(kind)));
  for (const vault::OutboxRow& row : waiting) {
    CORDON_ASSIGN_OR_RETURN(const RecordBody body, ParseWaiting(row));
    for (const Reference& reference : body.refs) {
      if (reference.record == guide) return true;
    }
  }
  return false;
}

// A decision of ours that has not come back in the log.
absl::StatusOr<bool> IsDecidedHere(const vault::VaultTxn& txn,
                                   const vault::StoredRecord& guide,
                                   RoomId library) {
  CORDON_ASSIGN_OR_RETURN(const bool rejected,
                          WaitsAbout(txn, guide.place.room,
                                     policy::RecordKind::kRejection, guide.id));
  if (rejected || library.is_zero()) return rejected;
  return WaitsAbout(txn, library, policy::RecordKind::kApproval, guide.id);
}

absl::StatusOr<Decidable> FindDecidable(const vault::VaultTxn& txn,
                                        const std::string& name) {
  CORDON_ASSIGN_OR_RETURN(const vault::RecordName found, FindRecord(txn, name));
  Decidable one;
  CORDON_ASSIGN_OR_RETURN(one.stored, txn.records().GetRecord(found));
  CORDON_ASSIGN_OR_RETURN(one.intake, txn.rooms().GetRoom(found.room));
  if (one.stored.kind != kGuideKind ||
      !IsKind(one.intake, policy::RoomKind::kIntake)) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, " is not a submitted guide; `cordon guide review` shows them"));
  }
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> rooms,
                          RoomsNotLeft(txn, ""));
  one.library = LibraryFor(rooms, one.intake);
  CORDON_ASSIGN_OR_RETURN(const GuideView view,
                          ViewSubmission(txn, one.stored, one.library));
  CORDON_ASSIGN_OR_RETURN(const bool decided,
                          IsDecidedHere(txn, one.stored, one.library));
  if (decided || view.state != GuideState::kSubmitted) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, " was decided on already"));
  }
  CORDON_ASSIGN_OR_RETURN(one.body, ParseStored(one.stored));
  one.reference = {.record = one.stored.id,
                   .revision = one.body.revision,
                   .hash = Sha256(one.stored.signed_bytes)};
  return one;
}

absl::StatusOr<Decidable> FindPublishable(const vault::VaultTxn& txn,
                                          const std::string& name) {
  CORDON_ASSIGN_OR_RETURN(Decidable one, FindDecidable(txn, name));
  if (!one.library.is_zero()) return one;
  return absl::PermissionDeniedError(
      "this device is not in the operation's library");
}

std::vector<FileToAttach> FilesOf(SubmitGuide& wanted) {
  std::vector<FileToAttach> files = std::move(wanted.photos);
  files.insert(files.begin(), FileToAttach{.path = std::move(wanted.document),
                                           .role = AttachmentRole::kDocument});
  return files;
}

}  // namespace

Task<absl::StatusOr<AnswerBody>> Guides::Submit(SubmitGuide wanted,
                                                uint64_t command) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  std::optional<vault::Room> intake;
  const absl::Status found =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            intake,
            FindRoomOfKind(txn, wanted.operation, policy::RoomKind::kIntake));
        return absl::OkStatus();
      });
  if (!found.ok()) co_return found;
  FillGuide(wanted.guide, parts_.clock->Now());
  ContentFindings findings = CheckGuide(
      wanted.guide, {.sent = parts_.clock->Now(),
                     .author_organisation = own->name().org().text()});
  if (wanted.document.empty()) findings.Missing("document");
  if (!findings.faults.empty()) {
    co_return AnswerBody(ContentRefused{.faults = std::move(findings.faults)});
  }
  absl::StatusOr<std::vector<Attachment>> attachments =
      co_await transfers_->Attach(FilesOf(wanted), command);
  if (!attachments.ok()) co_return attachments.status();
  findings.Photos(*attachments);
  Draft draft{.room = intake->id,
              .kind = policy::RecordKind::kGuide,
              .content = std::move(wanted.guide),
              .attachments = *std::move(attachments)};
  const absl::StatusOr<RecordId> composed =
      composer_->Compose(std::move(draft));
  if (!composed.ok()) co_return composed.status();
  co_return AnswerBody(Composed{
      .records = {{.id = *composed,
                   .room = absl::StrCat(wanted.operation, "/", intake->name)}},
      .warnings = std::move(findings.warnings)});
}

absl::StatusOr<Composed> Guides::Publish(const ApproveGuide& wanted) {
  std::optional<Decidable> guide;
  Composed composed;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(guide, FindPublishable(txn, wanted.record));
        for (const RoomId room : {guide->library, guide->intake.id}) {
          CORDON_ASSIGN_OR_RETURN(composed.records.emplace_back().room,
                                  RoomTextOf(txn, room));
        }
        return absl::OkStatus();
      }));
  std::vector<Draft> drafts;
  drafts.push_back({.room = guide->library,
                    .kind = policy::RecordKind::kApproval,
                    .content = Approval{.original = guide->stored.signed_bytes,
                                        .note = wanted.note},
                    .refs = {guide->reference},
                    .attachments = std::move(guide->body.attachments)});
  // The owner is not in the library: it is told where it is.
  drafts.push_back(
      {.room = guide->intake.id,
       .kind = policy::RecordKind::kAck,
       .content =
           Ack{.level = AckLevel::kActioned,
               .note = absl::StrCat(
                   "published", wanted.note.empty() ? "" : ": ", wanted.note)},
       .msg_type = MsgType::kAck,
       .refs = {guide->reference}});
  CORDON_ASSIGN_OR_RETURN(const std::vector<RecordId> ids,
                          composer_->ComposeAll(std::move(drafts)));
  for (size_t i = 0; i < ids.size(); ++i) composed.records[i].id = ids[i];
  return composed;
}

Task<absl::StatusOr<Composed>> Guides::Approve(ApproveGuide wanted) {
  std::optional<Decidable> guide;
  const absl::Status found =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(guide, FindPublishable(txn, wanted.record));
        return absl::OkStatus();
      });
  if (!found.ok()) co_return found;
  for (const Attachment& file : guide->body.attachments) {
    const absl::Status held =
        co_await transfers_->Hold(file.blob.id(), guide->library);
    if (!held.ok()) co_return held;
  }
  // It may have been decided on meanwhile, which is looked up again.
  co_return Publish(wanted);
}

absl::StatusOr<Composed> Guides::Reject(const RejectGuide& wanted) {
  if (wanted.reason.empty()) {
    return absl::InvalidArgumentError(
        "a rejection needs a reason, for its owner to know what to change");
  }
  std::optional<Decidable> guide;
  Composed composed;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(guide, FindDecidable(txn, wanted.record));
        CORDON_ASSIGN_OR_RETURN(composed.records.emplace_back().room,
                                RoomTextOf(txn, guide->intake.id));
        return absl::OkStatus();
      }));
  CORDON_ASSIGN_OR_RETURN(
      composed.records.front().id,
      composer_->Compose({.room = guide->intake.id,
                          .kind = policy::RecordKind::kRejection,
                          .content = Rejection{.reason = wanted.reason},
                          .refs = {guide->reference}}));
  return composed;
}

absl::StatusOr<GuidesView> Guides::Review(const ReviewGuides& wanted) {
  GuidesView view;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> rooms,
                                RoomsNotLeft(txn, wanted.operation));
        CORDON_ASSIGN_OR_RETURN(view.guides, Submissions(txn, rooms));
        return absl::OkStatus();
      }));
  std::erase_if(view.guides, [](const GuideView& guide) {
    return guide.state != GuideState::kSubmitted;
  });
  return view;
}

absl::StatusOr<GuidesView> Guides::List(const ListGuides& wanted) {
  GuidesView view;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> rooms,
                                RoomsNotLeft(txn, wanted.operation));
        CORDON_ASSIGN_OR_RETURN(view.guides, Published(txn, rooms));
        CORDON_ASSIGN_OR_RETURN(std::vector<GuideView> submitted,
                                Submissions(txn, rooms));
        std::move(submitted.begin(), submitted.end(),
                  std::back_inserter(view.guides));
        return absl::OkStatus();
      }));
  return view;
}

absl::StatusOr<GuideView> Guides::Show(const ShowGuide& wanted) {
  GuideView view;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::RecordName found,
                                FindRecord(txn, wanted.record));
        CORDON_ASSIGN_OR_RETURN(const vault::StoredRecord stored,
                                txn.records().GetRecord(found));
        if (stored.kind == kApprovalKind) {
          CORDON_ASSIGN_OR_RETURN(view, ViewApproval(txn, stored));
          return absl::OkStatus();
        }
        CORDON_ASSIGN_OR_RETURN(const vault::Room room,
                                txn.rooms().GetRoom(found.room));
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> rooms,
                                RoomsNotLeft(txn, ""));
        CORDON_ASSIGN_OR_RETURN(
            view, ViewSubmission(txn, stored, LibraryFor(rooms, room)));
        return absl::OkStatus();
      }));
  return view;
}

}  // namespace cordon::client
