#ifndef CORDON_STORAGE_VAULT_RECORD_STORE_H_
#define CORDON_STORAGE_VAULT_RECORD_STORE_H_

// The log of each room as this device has seen it: every place, with what lay
// there; the records that opened, their signed bytes verbatim; what refers to
// what; what did not pass its checks, kept aside with the reason.
//
// Nothing here is ever changed but a record's flags, and nothing is removed.
// Kinds, flags and reasons are the client's numbers; the store compares them.
// A record id is unique in its room, not in the vault: otherwise a member could
// hide another room's record by being first with its id.
// Threads and errors: as vault.h.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kRecordsPerPageMax = 256;
inline constexpr size_t kReferencesPerRecordMax = 64;
// They may be as big as a handshake message.
inline constexpr size_t kQuarantinedPerPageMax = 16;
inline constexpr size_t kCandidatesMax = 20;
inline constexpr size_t kRefNoBytesMax = 64;

enum class PlaceKind : uint8_t {
  kRecord = 1,
  kCommit = 2,
  kProposal = 3,
  kRepeat = 4,       // a record whose id was already there
  kQuarantined = 5,  // kept, never shown as truth
};

// One entry of a room's log.
struct LogPlace {
  RoomId room;
  LogSeq seq;
  PlaceKind kind = PlaceKind::kRecord;
  DeviceId author;
  Epoch epoch;
  EnvelopeId envelope;
  absl::Time received;  // the relay's clock
};

// What a record says about another one: that it updates it, cancels it,
// acknowledges it; the kinds are the client's.
struct RecordReference {
  RecordId target;
  uint32_t kind = 0;
};

struct StoredRecord {
  LogPlace place;  // its kind is kRecord, whatever is given
  RecordId id;
  uint32_t kind = 0;
  absl::Time sent;     // what the author says; decides nothing
  uint32_t flags = 0;  // bits: outside policy, author revoked, …
  std::string ref_no;  // empty: none
  Bytes signed_bytes;
};

struct RecordName {
  RoomId room;
  RecordId id;
};

// Which records of a room. In log order from after `after`, or, newest first,
// from before `before`.
struct RecordQuery {
  RoomId room;
  std::optional<uint32_t> kind;
  std::optional<absl::Time> received_since;
  LogSeq after{0};
  std::optional<LogSeq> before;
  bool newest_first = false;
  size_t records_max = kRecordsPerPageMax;  // more is read as this
};

// What a prefix of an id may mean.
struct RecordMatches {
  uint64_t count = 0;
  std::vector<RecordName> first;  // at most kCandidatesMax
};

struct Quarantined {
  LogPlace place;  // its kind is kQuarantined, whatever is given
  uint32_t reason = 0;
  Bytes bytes;  // as they came
};

class RecordStore {
 public:
  explicit RecordStore(Statements* sql) : sql_(sql) {}

  // The three Adds are kAlreadyExists when (room, seq) is taken.
  //
  // AddPlace notes an entry that is no record. kInvalidArgument for kRecord and
  // kQuarantined, which have their own calls.
  absl::Status AddPlace(const LogPlace& place);
  // AddRecord is kAlreadyExists also when the room has a record of that id:
  // note the place as kRepeat. kInvalidArgument beyond the named limits.
  absl::Status AddRecord(const StoredRecord& record,
                         const std::vector<RecordReference>& references);
  absl::Status AddQuarantined(const Quarantined& entry);

  absl::StatusOr<LogPlace> GetPlace(RoomId room, LogSeq seq) const;
  // CountMissed counts the places up to `upto` that are not here because the
  // device was not in the room; the entry that let it in each time is not among
  // them.
  absl::StatusOr<uint64_t> CountMissed(RoomId room, LogSeq upto) const;
  absl::StatusOr<StoredRecord> GetRecord(const RecordName& name) const;
  absl::StatusOr<StoredRecord> GetRecordAt(RoomId room, LogSeq seq) const;
  absl::StatusOr<bool> HasRecord(const RecordName& name) const;
  absl::Status SetFlags(const RecordName& name, uint32_t flags);

  absl::StatusOr<std::vector<StoredRecord>> Read(
      const RecordQuery& query) const;
  // Count counts what Read would give without a limit, leaving out the records
  // of `except`; with the read marker as `after` that is what is unread.
  absl::StatusOr<uint64_t> Count(const RecordQuery& query,
                                 DeviceId except) const;

  // FindByIdPrefix takes 1 to 32 hexadecimal digits, in any room;
  // kInvalidArgument for anything else.
  absl::StatusOr<RecordMatches> FindByIdPrefix(absl::string_view digits) const;
  // FindByRefNo gives the records that carry the number, in log order room by
  // room: a case keeps one number through all its updates.
  absl::StatusOr<std::vector<RecordName>> FindByRefNo(
      absl::string_view ref_no) const;

  // ReadReferring gives up to kRecordsPerPageMax records of `room` after
  // `after` that refer to `target`, with that kind or any, in log order.
  absl::StatusOr<std::vector<StoredRecord>> ReadReferring(
      RoomId room, RecordId target, const std::optional<uint32_t>& kind,
      LogSeq after) const;
  absl::StatusOr<std::vector<RecordReference>> ReferencesOf(
      const RecordName& name) const;

  // ReadQuarantined gives up to kQuarantinedPerPageMax after `after`.
  absl::StatusOr<std::vector<Quarantined>> ReadQuarantined(RoomId room,
                                                           LogSeq after) const;

 private:
  absl::Status PutPlace(const LogPlace& place, PlaceKind kind);

  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_RECORD_STORE_H_
