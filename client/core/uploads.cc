#include "client/core/uploads.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/file_lane.h"
#include "client/core/model/record.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/log.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"
#include "storage/vault/blob_store.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

// What the file lane is asked for at once.
constexpr size_t kReadBytes = 4 * kBlobWireChunkBytesMax;
constexpr absl::Duration kFarFuture = absl::Hours(24 * 365);

bool IsAway(const absl::Status& answer) {
  return absl::IsUnavailable(answer) || absl::IsDeadlineExceeded(answer) ||
         absl::IsCancelled(answer) || absl::IsUnauthenticated(answer);
}

bool MovedOn(const absl::Status& answer) {
  return absl::IsFailedPrecondition(answer) || absl::IsAborted(answer) ||
         absl::IsDataLoss(answer);
}

bool IsFinal(const absl::Status& answer, uint32_t attempts) {
  return absl::IsPermissionDenied(answer) || absl::IsNotFound(answer) ||
         absl::IsInvalidArgument(answer) || absl::IsAlreadyExists(answer) ||
         absl::IsUnimplemented(answer) ||
         (absl::IsResourceExhausted(answer) &&
          attempts + 1 >= Uploads::kLimitTriesMax);
}

// The cache is ours: what is wrong with it no relay will cure.
absl::Status CacheGone() {
  return absl::NotFoundError(
      "the sealed copy of a file of this record is gone from the profile; send "
      "the record again, with the file");
}

absl::Duration Backoff(uint32_t attempts) {
  constexpr uint32_t kDoublingsMax = 10;
  return std::min(
      Uploads::kRetryMax,
      Uploads::kRetryFirst * (int64_t{1} << std::min(attempts, kDoublingsMax)));
}

}  // namespace

class Uploads::Turn {
 public:
  explicit Turn(Uploads* uploads) : uploads_(uploads) {
    uploads_->pumping_ = true;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    uploads_->pumping_ = false;
    uploads_->sending_ = {};
  }

 private:
  Uploads* const uploads_;
};

Task<absl::Status> Uploads::Pump() {
  if (pumping_) {
    const absl::StatusOr<Unit> ended = co_await Ask<Unit>(
        [this](Done<Unit> done) { waiting_.push_back(std::move(done)); });
    co_return ended.ok() ? last_result_ : ended.status();
  }
  {
    const Turn turn(this);
    last_result_ = co_await PumpAll();
  }
  const absl::Status result = last_result_;
  for (Done<Unit>& done : std::exchange(waiting_, {})) std::move(done)(Unit{});
  co_return result;
}

absl::StatusOr<absl::Time> Uploads::NextPump() const {
  absl::Time next = absl::InfiniteFuture();
  CORDON_RETURN_IF_ERROR(parts_.vault->Read(
      [this, &next](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            const std::vector<vault::Blob> blobs,
            txn.blobs().ListDue(vault::BlobState::kUploading,
                                parts_.clock->Now() + kFarFuture));
        if (!blobs.empty()) next = blobs.front().next_try;
        return absl::OkStatus();
      }));
  return next;
}

absl::StatusOr<std::vector<Uploads::Due>> Uploads::ListDue() const {
  std::vector<Due> all;
  const absl::Status read = parts_.vault->Read(
      [this, &all](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            const std::vector<vault::Blob> blobs,
            txn.blobs().ListDue(vault::BlobState::kUploading,
                                parts_.clock->Now()));
        for (const vault::Blob& blob : blobs) {
          Due due{.blob = blob};
          CORDON_ASSIGN_OR_RETURN(
              const std::vector<vault::BlobReference> references,
              txn.blobs().ReferencesTo(blob.id));
          for (const vault::BlobReference& reference : references) {
            const absl::StatusOr<vault::OutboxRow> row =
                txn.outbox().Get(reference.record);
            if (absl::IsNotFound(row.status())) continue;
            CORDON_RETURN_IF_ERROR(row.status());
            if (row->state == vault::OutboxState::kRefused) continue;
            if (absl::c_linear_search(due.rooms, reference.record.room)) {
              continue;
            }
            due.rooms.push_back(reference.record.room);
          }
          all.push_back(std::move(due));
        }
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return all;
}

Task<absl::Status> Uploads::PumpAll() {
  bool moved = true;
  while (moved) {
    moved = false;
    absl::StatusOr<std::vector<Due>> all = ListDue();
    if (!all.ok()) co_return all.status();
    for (Due& due : *all) {
      const vault::Blob blob = due.blob;
      absl::Status rested;
      if (due.rooms.empty()) {
        rested = Rest(blob, kRestAgain);
      } else {
        const absl::Status delivered = co_await Deliver(std::move(due));
        if (IsAway(delivered)) co_return delivered;
        if (!delivered.ok()) rested = Rest(blob, Backoff(blob.attempts));
        moved = moved || delivered.ok();
      }
      if (!rested.ok()) co_return rested;
    }
  }
  co_return absl::OkStatus();
}

Task<absl::Status> Uploads::Deliver(Due due) {
  bool at_relay = false;
  for (const RoomId room : due.rooms) {
    absl::Status sent;
    if (at_relay) {
      const absl::StatusOr<Unit> held =
          co_await Ask<Unit>([&](Done<Unit> done) {
            parts_.relay->HoldBlob(due.blob.id, room, std::move(done));
          });
      sent = held.status();
    } else {
      sent = co_await Upload(due.blob, room);
    }
    if (sent.ok()) {
      at_relay = true;
      continue;
    }
    if (!IsFinal(sent, due.blob.attempts)) co_return sent;
    const absl::Status refused = RefuseRecords(due.blob.id, room, sent);
    if (!refused.ok()) co_return refused;
  }
  if (!at_relay) co_return absl::OkStatus();
  co_return parts_.vault->Update([&due](vault::VaultTxn& txn) {
    return txn.blobs().SetTransfer(due.blob.id, vault::BlobState::kCached,
                                   due.blob.size_bytes);
  });
}

Task<absl::Status> Uploads::Upload(vault::Blob blob, RoomId room) {
  absl::Status sent;
  for (uint32_t tries = 0; tries < kRestartsMax; ++tries) {
    const absl::StatusOr<uint64_t> offset = co_await Offset(blob.id);
    if (!offset.ok()) co_return offset.status();
    sent = co_await UploadFrom(blob, room, std::min(*offset, blob.size_bytes));
    if (!MovedOn(sent)) co_return sent;
  }
  co_return sent;
}

Task<absl::StatusOr<uint64_t>> Uploads::Offset(BlobId blob) {
  const absl::StatusOr<BlobStat> stat =
      co_await Ask<BlobStat>([&](Done<BlobStat> done) {
        parts_.relay->StatBlob(blob, std::move(done));
      });
  if (absl::IsNotFound(stat.status())) co_return uint64_t{0};
  if (!stat.ok()) co_return stat.status();
  co_return stat->received_bytes;
}

Task<absl::Status> Uploads::UploadFrom(vault::Blob blob, RoomId room,
                                       uint64_t offset) {
  const std::unique_ptr<BlobUpload> upload =
      parts_.relay->PutBlob({.blob = blob.id,
                             .room = room,
                             .size_bytes = blob.size_bytes,
                             .offset_bytes = offset});
  const absl::Status sent = co_await SendChunks(blob, upload.get(), offset);
  if (!sent.ok()) co_return sent;
  const absl::StatusOr<Digest> theirs = co_await Ask<Digest>(
      [&](Done<Digest> done) { upload->Finish(std::move(done)); });
  if (!theirs.ok()) co_return theirs.status();
  const absl::StatusOr<Digest> ours =
      co_await Ask<Digest>([&](Done<Digest> done) {
        parts_.files->Complete(blob.id, blob.size_bytes, std::move(done));
      });
  if (!ours.ok()) co_return CacheGone();
  if (*ours == *theirs) co_return absl::OkStatus();
  LogError("blob#", Alias(blob.id.span()), " is not at the relay as sent");
  co_return absl::InvalidArgumentError(
      "the relay says it stored other bytes than were sent; send the record "
      "again, with the file, and tell the relay's operator");
}

Task<absl::Status> Uploads::SendChunks(vault::Blob blob, BlobUpload* upload,
                                       uint64_t offset) {
  uint64_t noted = offset;
  sending_ = {.done = offset, .total = blob.size_bytes};
  while (offset < blob.size_bytes) {
    const absl::StatusOr<Bytes> read =
        co_await Ask<Bytes>([&](Done<Bytes> done) {
          parts_.files->Read(blob.id, offset, kReadBytes, std::move(done));
        });
    if (!read.ok() || read->empty()) co_return CacheGone();
    for (size_t at = 0; at < read->size(); at += kBlobWireChunkBytesMax) {
      const ByteSpan chunk =
          ByteSpan(*read).subspan(at, kBlobWireChunkBytesMax);
      const absl::StatusOr<Unit> written =
          co_await Ask<Unit>([&](Done<Unit> done) {
            upload->Write(ToBytes(chunk), std::move(done));
          });
      if (!written.ok()) co_return written.status();
    }
    offset += read->size();
    sending_.done = offset;
    parts_.events->Emit(Progress{.command = 0,
                                 .stage = Stage::kSendingFile,
                                 .done = offset,
                                 .total = blob.size_bytes});
    if (offset - noted < kNoteBytes) continue;
    noted = offset;
    const absl::Status kept = NoteOffset(blob, offset);
    if (!kept.ok()) co_return kept;
  }
  co_return absl::OkStatus();
}

absl::Status Uploads::Rest(const vault::Blob& blob, absl::Duration rest) {
  const absl::Time next = parts_.clock->Now() + rest;
  return parts_.vault->Update([&blob, next](vault::VaultTxn& txn) {
    return txn.blobs().NoteAttempt(blob.id, next);
  });
}

absl::Status Uploads::NoteOffset(const vault::Blob& blob, uint64_t offset) {
  return parts_.vault->Update([&blob, offset](vault::VaultTxn& txn) {
    return txn.blobs().SetTransfer(blob.id, vault::BlobState::kUploading,
                                   offset);
  });
}

absl::Status Uploads::RefuseRecords(BlobId blob, RoomId room,
                                    const absl::Status& why) {
  const std::string reason(why.message());
  std::vector<RecordRefused> refused;
  const auto refuse_one = [&](vault::VaultTxn& txn,
                              const vault::RecordName& name) -> absl::Status {
    const absl::StatusOr<vault::OutboxRow> row = txn.outbox().Get(name);
    if (absl::IsNotFound(row.status())) return absl::OkStatus();
    if (!row.ok()) return row.status();
    if (row->state == vault::OutboxState::kRefused) return absl::OkStatus();
    // Refused whether or not it can be shown.
    const absl::StatusOr<RecordView> view = ViewOf(txn, *row);
    refused.push_back({.record = name.id,
                       .room = view.ok() ? view->room : std::string(),
                       .reason = reason});
    return txn.outbox().MarkRefused(name, reason);
  };
  const absl::Status marked =
      parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            const std::vector<vault::BlobReference> references,
            txn.blobs().ReferencesTo(blob));
        for (const vault::BlobReference& reference : references) {
          if (reference.record.room != room) continue;
          CORDON_RETURN_IF_ERROR(refuse_one(txn, reference.record));
        }
        return absl::OkStatus();
      });
  if (!marked.ok()) return marked;
  LogWarning("blob#", Alias(blob.span()), " refused for room#",
             Alias(room.span()));
  for (RecordRefused& one : refused) parts_.events->Emit(std::move(one));
  return absl::OkStatus();
}

}  // namespace cordon::client
