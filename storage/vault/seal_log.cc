#include "storage/vault/seal_log.h"

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kNote = R"sql(
INSERT INTO message_key (room_id, epoch, leaf, generation, envelope_id, own)
VALUES (:room_id, :epoch, :leaf, :generation, :envelope_id, :own)
)sql";

constexpr absl::string_view kGet = R"sql(
SELECT room_id, epoch, leaf, generation, envelope_id, own
  FROM message_key
 WHERE room_id = :room_id
   AND epoch = :epoch
   AND leaf = :leaf
   AND generation = :generation
)sql";

constexpr absl::string_view kListAll = R"sql(
SELECT room_id, epoch, leaf, generation, envelope_id, own
  FROM message_key
 WHERE room_id = :room_id
 ORDER BY epoch, leaf, generation
 LIMIT :limit
)sql";

constexpr absl::string_view kListAfter = R"sql(
SELECT room_id, epoch, leaf, generation, envelope_id, own
  FROM message_key
 WHERE room_id = :room_id
   AND (epoch, leaf, generation) > (:epoch, :leaf, :generation)
 ORDER BY epoch, leaf, generation
 LIMIT :limit
)sql";

absl::StatusOr<KeyUse> ReadUse(sqlite::Run& run) {
  KeyUse use;
  CORDON_RETURN_IF_ERROR(run.Read(use.key.room, use.key.epoch, use.key.leaf,
                                  use.key.generation, use.envelope, use.own));
  return use;
}

void BindPlace(sqlite::Run& run, const MessageKeyName& key) {
  run.Bind("epoch", key.epoch)
      .Bind("leaf", key.leaf)
      .Bind("generation", key.generation);
}

}  // namespace

absl::Status SealLog::NoteSealed(const MessageKeyName& key,
                                 EnvelopeId envelope) {
  return Note(key, envelope, /*own=*/true);
}

absl::Status SealLog::NoteOpened(const MessageKeyName& key,
                                 EnvelopeId envelope) {
  return Note(key, envelope, /*own=*/false);
}

absl::Status SealLog::Note(const MessageKeyName& key, EnvelopeId envelope,
                           bool own) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * note, sql_->Get(kNote));
  sqlite::Run run = note->Start();
  BindPlace(run, key);
  run.Bind("room_id", key.room).Bind("envelope_id", envelope).Bind("own", own);
  return run.Finish();
}

absl::StatusOr<KeyUse> SealLog::Get(const MessageKeyName& key) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGet));
  sqlite::Run run = get->Start();
  BindPlace(run, key);
  run.Bind("room_id", key.room);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "key use"));
  return ReadUse(run);
}

absl::StatusOr<std::vector<KeyUse>> SealLog::List(
    RoomId room, const std::optional<MessageKeyName>& after) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list,
                          sql_->Get(after.has_value() ? kListAfter : kListAll));
  sqlite::Run run = list->Start();
  if (after.has_value()) BindPlace(run, *after);
  run.Bind("room_id", room).Bind("limit", kKeyUsesPerPageMax);
  std::vector<KeyUse> uses;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return uses;
    CORDON_ASSIGN_OR_RETURN(const KeyUse use, ReadUse(run));
    uses.push_back(use);
  }
}

}  // namespace cordon::vault
