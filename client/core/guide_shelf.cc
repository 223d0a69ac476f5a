#include "client/core/guide_shelf.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/content.h"
#include "client/core/model/guide.h"
#include "client/core/model/record.h"
#include "client/core/record_reader.h"
#include "client/core/view/record.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/policy/record_kind.h"
#include "crypto/record/signed_record.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr auto kApprovalKind =
    static_cast<uint32_t>(policy::RecordKind::kApproval);
constexpr auto kRejectionKind =
    static_cast<uint32_t>(policy::RecordKind::kRejection);

absl::Status NoGuide() {
  return absl::InvalidArgumentError(
      "this record is not a guide; `cordon guide list` shows them");
}

// The first record of a kind in `room` that refers to `target`.
absl::StatusOr<std::optional<vault::StoredRecord>> FindAbout(
    const vault::VaultTxn& txn, RoomId room, RecordId target, uint32_t kind) {
  LogSeq after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(
        std::vector<vault::StoredRecord> page,
        txn.records().ReadReferring(room, target, std::nullopt, after));
    if (page.empty()) return std::nullopt;
    after = page.back().place.seq;
    for (vault::StoredRecord& stored : page) {
      if (stored.kind == kind) return std::move(stored);
    }
  }
}

absl::StatusOr<std::string> RoomNameOf(const vault::VaultTxn& txn, RoomId id) {
  CORDON_ASSIGN_OR_RETURN(const vault::Room room, txn.rooms().GetRoom(id));
  CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                          txn.rooms().GetOperation(room.operation));
  return RoomText(operation, room);
}

}  // namespace

absl::StatusOr<std::vector<vault::Room>> JoinedRooms(
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
      FindAbout(txn, stored.place.room, stored.id, kRejectionKind));
  if (rejected.has_value()) {
    CORDON_ASSIGN_OR_RETURN(const RecordBody body, ParseStored(*rejected));
    const auto* const reason = std::get_if<Rejection>(&body.content);
    view.state = GuideState::kRejected;
    if (reason != nullptr) view.decision = reason->reason;
    return view;
  }
  if (library.is_zero()) return view;
  CORDON_ASSIGN_OR_RETURN(const std::optional<vault::StoredRecord> approved,
                          FindAbout(txn, library, stored.id, kApprovalKind));
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
  CORDON_ASSIGN_OR_RETURN(view.room, RoomNameOf(txn, stored.place.room));
  return view;
}

}  // namespace cordon::client
