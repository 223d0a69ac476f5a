#include "client/core/guide_shelf.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/content.h"
#include "client/core/model/codes.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"
#include "client/core/model/record.h"
#include "client/core/operation_rows.h"
#include "client/core/record_reader.h"
#include "client/core/view/record.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/name.h"
#include "crypto/policy/record_kind.h"
#include "crypto/record/signed_record.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr auto kApprovalKind =
    static_cast<uint32_t>(policy::RecordKind::kApproval);
constexpr auto kAckKind = static_cast<uint32_t>(policy::RecordKind::kAck);
constexpr auto kRejectionKind =
    static_cast<uint32_t>(policy::RecordKind::kRejection);

absl::Status NoGuide() {
  return absl::InvalidArgumentError(
      "this record is not a guide; `cordon guide list` shows them");
}

// The first record in `room` that refers to `target` and is what is looked for.
absl::StatusOr<std::optional<vault::StoredRecord>> FindAbout(
    const vault::VaultTxn& txn, RoomId room, RecordId target,
    absl::FunctionRef<bool(const vault::StoredRecord&)> is_wanted) {
  LogSeq after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(
        std::vector<vault::StoredRecord> page,
        txn.records().ReadReferring(room, target, std::nullopt, after));
    if (page.empty()) return std::nullopt;
    after = page.back().place.seq;
    for (vault::StoredRecord& stored : page) {
      if (is_wanted(stored)) return std::move(stored);
    }
  }
}

bool IsRejection(const vault::StoredRecord& stored) {
  return stored.kind == kRejectionKind;
}

bool IsApproval(const vault::StoredRecord& stored) {
  return stored.kind == kApprovalKind;
}

// What a curator tells the owner, who is not in the library.
bool IsNotice(const vault::StoredRecord& stored) {
  if (stored.kind != kAckKind) return false;
  const absl::StatusOr<RecordBody> body = ParseStored(stored);
  const absl::StatusOr<AuthorView> author = AuthorOf(stored);
  if (!body.ok() || !author.ok()) return false;
  const auto* const ack = std::get_if<Ack>(&body->content);
  const absl::StatusOr<cert::OrgName> by =
      cert::OrgName::Parse(author->organisation);
  return ack != nullptr && ack->level == AckLevel::kActioned && by.ok() &&
         by->kind() == cert::OrgKind::kAuthority;
}

}  // namespace

absl::StatusOr<std::vector<vault::Room>> RoomsNotLeft(
    const vault::VaultTxn& txn, const std::string& operation) {
  std::optional<OperationId> only;
  if (!operation.empty()) {
    CORDON_ASSIGN_OR_RETURN(const vault::Operation found,
                            FindOperation(txn, operation));
    only = found.id;
  }
  CORDON_ASSIGN_OR_RETURN(std::vector<vault::Room> rooms,
                          txn.rooms().ListRooms(only));
  std::erase_if(rooms, [](const vault::Room& room) {
    return room.state == vault::RoomState::kLeft;
  });
  return rooms;
}

absl::StatusOr<GuideView> ViewSubmission(const vault::VaultTxn& txn,
                                         const vault::StoredRecord& stored,
                                         RoomId library) {
  CORDON_ASSIGN_OR_RETURN(RecordView record, ViewOf(txn, stored));
  auto* const guide = std::get_if<Guide>(&record.content);
  if (guide == nullptr) return NoGuide();
  GuideView view{.record = stored.id,
                 .room = std::move(record.room),
                 .owner = std::move(record.author.organisation),
                 .guide = std::move(*guide),
                 .files = std::move(record.attachments),
                 .received = record.received};
  CORDON_ASSIGN_OR_RETURN(
      const std::optional<vault::StoredRecord> rejected,
      FindAbout(txn, stored.place.room, stored.id, IsRejection));
  if (rejected.has_value()) {
    CORDON_ASSIGN_OR_RETURN(const RecordBody body, ParseStored(*rejected));
    const auto* const reason = std::get_if<Rejection>(&body.content);
    view.state = GuideState::kRejected;
    if (reason != nullptr) view.decision = reason->reason;
    return view;
  }
  if (library.is_zero()) {
    CORDON_ASSIGN_OR_RETURN(
        const std::optional<vault::StoredRecord> told,
        FindAbout(txn, stored.place.room, stored.id, IsNotice));
    if (told.has_value()) view.state = GuideState::kPublished;
    return view;
  }
  CORDON_ASSIGN_OR_RETURN(const std::optional<vault::StoredRecord> approved,
                          FindAbout(txn, library, stored.id, IsApproval));
  if (approved.has_value()) {
    CORDON_ASSIGN_OR_RETURN(const RecordBody body, ParseStored(*approved));
    const auto* const approval = std::get_if<Approval>(&body.content);
    view.state = GuideState::kPublished;
    if (approval != nullptr) view.decision = approval->note;
  }
  return view;
}

absl::StatusOr<GuideView> ViewApproval(const vault::VaultTxn& txn,
                                       const vault::StoredRecord& stored) {
  CORDON_ASSIGN_OR_RETURN(RecordView record, ViewOf(txn, stored));
  const auto* const approval = std::get_if<Approval>(&record.content);
  if (approval == nullptr) return NoGuide();
  CORDON_ASSIGN_OR_RETURN(const record::SignedRecord inner,
                          record::SignedRecord::Parse(approval->original));
  CORDON_ASSIGN_OR_RETURN(RecordBody body, ParseRecord(inner.record()));
  auto* const guide = std::get_if<Guide>(&body.content);
  if (guide == nullptr) return NoGuide();
  CORDON_ASSIGN_OR_RETURN(const cert::Certificate owner,
                          cert::Certificate::Parse(inner.chain().front()));
  // The curator's record names the same files; the owner's says what they are.
  GuideView view{.record = stored.id,
                 .state = GuideState::kPublished,
                 .guide = std::move(*guide),
                 .files = MakeView({}, {}, body).attachments,
                 .decision = approval->note,
                 .received = record.received};
  if (owner.device().has_value()) view.owner = owner.device()->org().text();
  CORDON_ASSIGN_OR_RETURN(view.room, RoomTextOf(txn, stored.place.room));
  return view;
}

}  // namespace cordon::client
