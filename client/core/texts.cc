#include "client/core/texts.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "client/core/command/record.h"
#include "client/core/composer.h"
#include "client/core/content.h"
#include "client/core/model/common.h"
#include "client/core/model/record.h"
#include "client/core/record_reader.h"
#include "client/core/task.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/policy/record_kind.h"
#include "crypto/prim/hash.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

absl::Status CheckBody(const std::string& body) {
  if (body.empty()) {
    return absl::InvalidArgumentError("the text is empty; write something");
  }
  if (body.size() > kTextBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the text is longer than ", kTextBytesMax,
                     " bytes; shorten it or attach a file"));
  }
  return absl::OkStatus();
}

// A record that another one refers to: stored, or still in the outbox.
absl::StatusOr<Reference> ReferenceTo(const vault::VaultTxn& txn,
                                      const vault::RecordName& name) {
  Bytes signed_bytes;
  const absl::StatusOr<vault::StoredRecord> stored =
      txn.records().GetRecord(name);
  if (stored.ok()) {
    signed_bytes = stored->signed_bytes;
  } else {
    CORDON_ASSIGN_OR_RETURN(const vault::OutboxRow row, txn.outbox().Get(name));
    signed_bytes = row.signed_bytes;
  }
  CORDON_ASSIGN_OR_RETURN(const RecordBody body,
                          ParseStored({.signed_bytes = signed_bytes}));
  return Reference{.record = name.id,
                   .revision = body.revision,
                   .hash = Sha256(signed_bytes)};
}

absl::StatusOr<Draft> DraftOf(vault::Vault& vault, const SendText& wanted) {
  CORDON_RETURN_IF_ERROR(CheckBody(wanted.body));
  Draft draft{.kind = policy::RecordKind::kText,
              .content = Text{.body = wanted.body}};
  const absl::Status read =
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::Room room,
                                FindRoom(txn, wanted.room));
        draft.room = room.id;
        if (wanted.in_reply_to.empty()) return absl::OkStatus();
        CORDON_ASSIGN_OR_RETURN(const vault::RecordName name,
                                FindRecord(txn, wanted.in_reply_to));
        if (name.room != room.id) {
          return absl::InvalidArgumentError(absl::StrCat(
              wanted.in_reply_to, " is in another room; reply there"));
        }
        CORDON_ASSIGN_OR_RETURN(draft.refs.emplace_back(),
                                ReferenceTo(txn, name));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return draft;
}

// The newest of the room, in the log's order.
absl::StatusOr<std::vector<vault::StoredRecord>> ReadNewest(
    const vault::VaultTxn& txn, RoomId room, const ReadRoom& wanted) {
  std::vector<vault::StoredRecord> newest;
  vault::RecordQuery query{
      .room = room, .received_since = wanted.since, .newest_first = true};
  while (newest.size() < wanted.records_max) {
    query.records_max =
        std::min(wanted.records_max - newest.size(), vault::kRecordsPerPageMax);
    CORDON_ASSIGN_OR_RETURN(std::vector<vault::StoredRecord> page,
                            txn.records().Read(query));
    if (page.empty()) break;
    query.before = page.back().place.seq;
    newest.insert(newest.end(), std::make_move_iterator(page.begin()),
                  std::make_move_iterator(page.end()));
  }
  std::reverse(newest.begin(), newest.end());
  return newest;
}

absl::Status AddUnsent(const vault::VaultTxn& txn, RoomId room,
                       std::vector<RecordView>& records) {
  vault::OutboxNumber after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> page,
                            txn.outbox().List(after));
    if (page.empty()) return absl::OkStatus();
    after = page.back().number;
    for (const vault::OutboxRow& row : page) {
      if (row.record.room != room) continue;
      CORDON_ASSIGN_OR_RETURN(RecordView view, ViewOf(txn, row));
      records.push_back(std::move(view));
    }
  }
}

}  // namespace

Task<absl::StatusOr<Composed>> Texts::Send(SendText wanted, uint64_t command) {
  absl::StatusOr<Draft> draft = DraftOf(*parts_.vault, wanted);
  if (!draft.ok()) co_return draft.status();
  if (!wanted.files.empty()) {
    absl::StatusOr<std::vector<Attachment>> attached =
        co_await transfers_->Attach(std::move(wanted.files), command);
    if (!attached.ok()) co_return attached.status();
    draft->attachments = *std::move(attached);
  }
  const absl::StatusOr<RecordId> id = composer_->Compose(*std::move(draft));
  if (!id.ok()) co_return id.status();
  Composed composed;
  composed.records.push_back({.id = *id, .room = std::move(wanted.room)});
  co_return composed;
}

absl::StatusOr<RecordsView> Texts::Read(const ReadRoom& wanted) {
  RecordsView view;
  std::optional<vault::Room> room;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(room, FindRoom(txn, wanted.room));
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::StoredRecord> newest,
                                ReadNewest(txn, room->id, wanted));
        for (const vault::StoredRecord& stored : newest) {
          CORDON_ASSIGN_OR_RETURN(RecordView one, ViewOf(txn, stored));
          view.records.push_back(std::move(one));
        }
        return AddUnsent(txn, room->id, view.records);
      }));
  if (!wanted.mark_read || room->cursor.seq == room->read) return view;
  CORDON_RETURN_IF_ERROR(parts_.vault->Update(
      [&room](vault::VaultTxn& txn) {
        return txn.rooms().MarkRead(room->id, room->cursor.seq);
      },
      sqlite::Durability::kNormal));
  return view;
}

absl::StatusOr<RecordView> Texts::Show(const ShowRecord& wanted) {
  std::optional<RecordView> view;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::RecordName name,
                                FindRecord(txn, wanted.record));
        const absl::StatusOr<vault::StoredRecord> stored =
            txn.records().GetRecord(name);
        if (stored.ok()) {
          CORDON_ASSIGN_OR_RETURN(view, ViewOf(txn, *stored));
          return absl::OkStatus();
        }
        CORDON_ASSIGN_OR_RETURN(const vault::OutboxRow row,
                                txn.outbox().Get(name));
        CORDON_ASSIGN_OR_RETURN(view, ViewOf(txn, row));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return *std::move(view);
}

}  // namespace cordon::client
