#ifndef CORDON_CLIENT_CORE_RECORD_READER_H_
#define CORDON_CLIENT_CORE_RECORD_READER_H_

// Finding and showing what the vault holds: rooms by the name people type,
// records by reference number or prefix of their id, views of records from
// their signed bytes.
//
// Threads: none; the core's thread. Each function is a transaction of its own
// or takes the caller's.
// Errors: kNotFound for what is not known, kInvalidArgument for a name that
// means several things; the sentence says how to see what there is.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/model/record.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/policy/room_policy.h"
#include "crypto/record/signed_record.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

// ---- names ----

// "stop3/general".
std::string RoomText(const vault::Operation& operation,
                     const vault::Room& room);
absl::StatusOr<vault::Operation> FindOperation(const vault::VaultTxn& txn,
                                               absl::string_view name);
absl::StatusOr<vault::Room> FindRoom(const vault::VaultTxn& txn,
                                     absl::string_view room);
// FindRoomOfKind gives the operation's room of that kind that this device is
// in, of several the operation's own: kNotFound if it is in none, with a
// sentence that says so.
absl::StatusOr<vault::Room> FindRoomOfKind(const vault::VaultTxn& txn,
                                           absl::string_view operation,
                                           policy::RoomKind kind);
// FindRecord takes a whole id, the reference number of a case (the version that
// stands), or a prefix of an id. Authors choose their numbers:
// kInvalidArgument, with ids, if several cases have it, or if it begins another
// record's id.
absl::StatusOr<vault::RecordName> FindRecord(const vault::VaultTxn& txn,
                                             absl::string_view name);

// ---- records ----

// ParseStored reads what was checked when it was stored.
absl::StatusOr<RecordBody> ParseStored(const vault::StoredRecord& stored);
absl::StatusOr<RecordBody> ParseWaiting(const vault::OutboxRow& row);
absl::StatusOr<RecordView> ViewOf(const vault::VaultTxn& txn,
                                  const vault::StoredRecord& stored);
// AuthorOf reads the certificate that came with the record, verified when it
// was stored; an approval's author is who approved.
absl::StatusOr<AuthorView> AuthorOf(const vault::StoredRecord& stored);
// One that has not left yet: seq 0.
absl::StatusOr<RecordView> ViewOf(const vault::VaultTxn& txn,
                                  const vault::OutboxRow& row);
// A record at hand: parsed, with who signed it and where it lies.
struct RecordAt {
  RoomId room_id;
  std::string room;
  LogSeq seq;
  absl::Time received;
  RecordFlags flags = 0;
};
RecordView MakeView(RecordAt at, AuthorView author, const RecordBody& body);
// AuthorOf reads the certificate that comes with a record that was verified
// when it was stored.
absl::StatusOr<AuthorView> AuthorOf(const record::SignedRecord& signed_record);
AuthorView AuthorOf(const cert::DeviceName& device, const cert::RoleSet& roles);

// ReadAll pages through the whole room, those of one kind or all.
absl::StatusOr<std::vector<vault::StoredRecord>> ReadAll(
    const vault::VaultTxn& txn, const vault::RecordQuery& query);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_RECORD_READER_H_
