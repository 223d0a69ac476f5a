#include "client/core/filing.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/core/content.h"
#include "client/core/corrections.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/model/guide.h"
#include "client/core/model/record.h"
#include "client/core/opening.h"
#include "client/core/profile_rows.h"
#include "client/core/record_reader.h"
#include "client/core/room_log.h"
#include "client/core/search_text.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/record/head_check.h"
#include "crypto/record/record_header.h"
#include "crypto/record/signed_record.h"
#include "storage/vault/blob_store.h"
#include "storage/vault/outbox.h"
#include "storage/vault/peer_store.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/search_index.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr absl::string_view kOlderVault =
    "the relay has records that this device has signed and does not know: this "
    "profile was put back to an older state; nothing more is sent here, so "
    "that no key is used twice; remove this device and let it join again";

vault::LogPlace PlaceOf(const LogEntry& entry, vault::PlaceKind kind) {
  return {.room = entry.room,
          .seq = entry.seq,
          .kind = kind,
          .author = entry.author,
          .epoch = entry.epoch,
          .envelope = entry.envelope,
          .received = entry.received};
}

std::string Reason(const RefusedEntry& refused) {
  return absl::StrCat(
      RefusalText(refused.why),
      refused.about.empty() ? "" : absl::StrCat(" (", refused.about, ")"));
}

std::string Sentence(LogSeq seq, const RefusedEntry& refused) {
  const std::string by =
      refused.by.empty() ? "" : absl::StrCat(" by ", refused.by);
  return absl::StrCat("entry ", seq.value, by,
                      " was refused: ", Reason(refused));
}

// ---- what the author's claims say ------------------------------------------

struct FlagOf {
  RecordFlag operator()(const record::CountersMissing&) const {
    return RecordFlag::kEarlierMissing;
  }
  RecordFlag operator()(const record::CounterArrivedLate&) const {
    return RecordFlag::kArrivedLate;
  }
  RecordFlag operator()(const record::CounterRepeated&) const {
    return RecordFlag::kCounterRepeated;
  }
  RecordFlag operator()(const record::LogForked&) const {
    return RecordFlag::kLogForked;
  }
  RecordFlag operator()(const record::LogWithheld&) const {
    return RecordFlag::kLogWithheld;
  }
  RecordFlag operator()(const record::HeadWentBack&) const {
    return RecordFlag::kHeadWentBack;
  }
  RecordFlag operator()(const record::EpochForked&) const {
    return RecordFlag::kEpochForked;
  }
};

absl::StatusOr<RecordFlags> ObserveAuthor(vault::VaultTxn& txn,
                                          const LogEntry& entry,
                                          const OpenedRecord& record) {
  absl::StatusOr<vault::Peer> peer = txn.peers().Get(entry.room, entry.author);
  record::AuthorTrack track;
  if (peer.ok()) {
    CORDON_ASSIGN_OR_RETURN(track, record::AuthorTrack::Parse(peer->state));
  } else if (!absl::IsNotFound(peer.status())) {
    return peer.status();
  }
  RecordFlags flags = 0;
  for (const record::HeadFinding& finding :
       track.Observe(record.body.header, record.ours)) {
    flags |= BitOf(std::visit(FlagOf{}, finding));
  }
  CORDON_RETURN_IF_ERROR(
      txn.peers().Put({.room = entry.room,
                       .author = entry.author,
                       .counter = record.body.header.counter.value,
                       .state = track.Serialize()}));
  return flags;
}

RecordFlags FlagsOf(const OpenedRecord& record) {
  RecordFlags flags = 0;
  if (record.crl_withheld) flags |= BitOf(RecordFlag::kCrlWithheld);
  if (std::holds_alternative<NeedsNewerClient>(record.body.content)) {
    flags |= BitOf(RecordFlag::kNeedsNewer);
  }
  return flags;
}

// ---- files and words -------------------------------------------------------

absl::Status AddFiles(vault::VaultTxn& txn, const vault::RecordName& name,
                      const std::vector<Attachment>& attachments) {
  for (const Attachment& attachment : attachments) {
    const absl::Status added =
        txn.blobs().AddBlob({.id = attachment.blob.id(),
                             .size_bytes = attachment.blob.ciphertext_bytes()});
    if (!absl::IsAlreadyExists(added)) CORDON_RETURN_IF_ERROR(added);
    const absl::Status referred = txn.blobs().AddReference(
        {.record = name,
         .blob = attachment.blob.id(),
         .name = attachment.name,
         .size_bytes = attachment.blob.plaintext_bytes(),
         .key_ref = attachment.blob.Serialize()});
    // An own record has its rows since it was made.
    if (!absl::IsAlreadyExists(referred)) CORDON_RETURN_IF_ERROR(referred);
  }
  return absl::OkStatus();
}

// An approval carries its original's files along.
absl::Status AddAllFiles(vault::VaultTxn& txn, const vault::RecordName& name,
                         const RecordBody& body) {
  CORDON_RETURN_IF_ERROR(AddFiles(txn, name, body.attachments));
  const auto* approval = std::get_if<Approval>(&body.content);
  if (approval == nullptr) return absl::OkStatus();
  CORDON_ASSIGN_OR_RETURN(const record::SignedRecord original,
                          record::SignedRecord::Parse(approval->original));
  CORDON_ASSIGN_OR_RETURN(const RecordBody inner,
                          ParseRecord(original.record()));
  return AddFiles(txn, name, inner.attachments);
}

absl::Status AddWords(vault::VaultTxn& txn, const vault::RecordName& name,
                      const RecordBody& body) {
  RecordWords words = WordsOf(body);
  if (words.title.empty() && words.body.empty()) return absl::OkStatus();
  return txn.search().Put({.record = name,
                           .kind = static_cast<uint32_t>(body.header.kind),
                           .title = std::move(words.title),
                           .body = std::move(words.body)});
}

// ---- the three outcomes ----------------------------------------------------

absl::Status PutAside(vault::VaultTxn& txn, const OpenedEntry& opened,
                      const RefusedEntry& refused, Filed& filed) {
  CORDON_RETURN_IF_ERROR(txn.records().AddQuarantined(
      {.place = PlaceOf(opened.entry, vault::PlaceKind::kQuarantined),
       .reason = static_cast<uint32_t>(refused.why),
       .bytes = opened.data.empty() ? opened.entry.sealed : opened.data}));
  filed.findings.push_back(Sentence(opened.entry.seq, refused));
  return absl::OkStatus();
}

// The room has a record of this id: the same one again, or another.
absl::Status FileRepeat(vault::VaultTxn& txn, const OpenedEntry& opened,
                        const OpenedRecord& record,
                        const vault::StoredRecord& before, Filed& filed) {
  if (before.signed_bytes != record.signed_record.bytes()) {
    return PutAside(txn, opened,
                    {.why = Refusal::kIdTaken, .by = record.author.text()},
                    filed);
  }
  return txn.records().AddPlace(
      PlaceOf(opened.entry, vault::PlaceKind::kRepeat));
}

void NameWarnings(LogSeq seq, const OpenedRecord& record, RecordFlags flags,
                  Filed& filed) {
  for (const std::string& warning : WarningsOf(flags)) {
    filed.findings.push_back(absl::StrCat("entry ", seq.value, " by ",
                                          record.author.text(), ": ", warning));
  }
}

absl::Status FileNew(vault::VaultTxn& txn, const OpenedEntry& opened,
                     const OpenedRecord& record, RecordFlags claims,
                     const RoomLog& log, Filed& filed) {
  const LogEntry& entry = opened.entry;
  const RecordBody& body = record.body;
  const vault::RecordName name{.room = entry.room, .id = body.header.id};
  const RecordFlags flags = FlagsOf(record) | claims;
  CORDON_RETURN_IF_ERROR(txn.records().AddRecord(
      {.place = PlaceOf(entry, vault::PlaceKind::kRecord),
       .id = body.header.id,
       .kind = static_cast<uint32_t>(body.header.kind),
       .sent = body.header.sent,
       .flags = flags,
       .ref_no = body.ref_no,
       .signed_bytes = record.signed_record.bytes()},
      ReferencesOf(body)));
  CORDON_RETURN_IF_ERROR(AddAllFiles(txn, name, body));
  CORDON_RETURN_IF_ERROR(AddWords(txn, name, body));
  CORDON_RETURN_IF_ERROR(ApplyProfile(txn, body, record.roles));
  NameWarnings(entry.seq, record, flags, filed);
  filed.record = MakeView({.room_id = entry.room,
                           .room = log.text(),
                           .seq = entry.seq,
                           .received = entry.received,
                           .flags = flags},
                          AuthorOf(record.author, record.roles), body);
  return absl::OkStatus();
}

absl::Status FileRecord(vault::VaultTxn& txn, const OpenedEntry& opened,
                        const OpenedRecord& record, const RoomLog& log,
                        Filed& filed) {
  const absl::StatusOr<vault::StoredRecord> before = txn.records().GetRecord(
      {.room = opened.entry.room, .id = record.body.header.id});
  if (before.ok()) return FileRepeat(txn, opened, record, *before, filed);
  if (!absl::IsNotFound(before.status())) return before.status();
  const bool own = opened.origin == Origin::kOwn;
  RecordFlags claims = 0;
  if (!own) {
    // Also of what is put aside: its number is not missing.
    CORDON_ASSIGN_OR_RETURN(claims, ObserveAuthor(txn, opened.entry, record));
  }
  CORDON_ASSIGN_OR_RETURN(
      const std::optional<RefusedEntry> objection,
      FindObjection(txn, opened.entry.room, record.body, record.author));
  if (!objection.has_value()) {
    return FileNew(txn, opened, record, claims, log, filed);
  }
  if (own) {
    filed.refused = RecordRefused{.record = record.body.header.id,
                                  .room = log.text(),
                                  .reason = Reason(*objection),
                                  .in_outbox = false};
  }
  // What it says of the log counts all the same.
  NameWarnings(opened.entry.seq, record, claims, filed);
  return PutAside(txn, opened, *objection, filed);
}

// The row of an own entry is done, or will never be.
absl::Status SettleRow(vault::VaultTxn& txn, const OpenedEntry& opened) {
  CORDON_ASSIGN_OR_RETURN(const vault::OutboxRow row,
                          txn.outbox().FindByEnvelope(opened.entry.envelope));
  if (std::holds_alternative<OpenedRecord>(opened.outcome)) {
    return txn.outbox().Erase(row.record);
  }
  return txn.outbox().MarkRefused(
      row.record, "the relay has other bytes under its envelope");
}

// Its key was used for another ciphertext, or for this one before.
absl::StatusOr<bool> WasUsed(vault::VaultTxn& txn, const OpenedEntry& opened) {
  if (!opened.key.has_value()) return false;
  const absl::Status noted =
      txn.seals().NoteOpened(*opened.key, opened.entry.envelope);
  if (absl::IsAlreadyExists(noted)) return true;
  CORDON_RETURN_IF_ERROR(noted);
  return false;
}

}  // namespace

absl::StatusOr<Filed> File(vault::VaultTxn& txn, const OpenedEntry& opened,
                           const RoomLog& log) {
  Filed filed;
  CORDON_ASSIGN_OR_RETURN(const bool used, WasUsed(txn, opened));
  if (used) {
    CORDON_RETURN_IF_ERROR(PutAside(
        txn, opened, {.why = Refusal::kKeyUsedBefore, .by = {}}, filed));
  } else if (const auto* refused = std::get_if<RefusedEntry>(&opened.outcome)) {
    CORDON_RETURN_IF_ERROR(PutAside(txn, opened, *refused, filed));
  } else {
    CORDON_RETURN_IF_ERROR(FileRecord(
        txn, opened, std::get<OpenedRecord>(opened.outcome), log, filed));
  }
  if (opened.origin == Origin::kOwn) {
    CORDON_RETURN_IF_ERROR(SettleRow(txn, opened));
  }
  if (opened.origin == Origin::kOwnUnknown && !used) {
    filed.stop = std::string(kOlderVault);
    CORDON_RETURN_IF_ERROR(txn.rooms().SetState(
        opened.entry.room, vault::RoomState::kStopped, *filed.stop));
  }
  CORDON_RETURN_IF_ERROR(txn.rooms().AdvanceCursor(
      opened.entry.room, {.seq = opened.after.seq, .hash = opened.after.hash}));
  return filed;
}

}  // namespace cordon::client
