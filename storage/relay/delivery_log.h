#ifndef CORDON_STORAGE_RELAY_DELIVERY_LOG_H_
#define CORDON_STORAGE_RELAY_DELIVERY_LOG_H_

// The rooms and, for each, its append-only log of sealed envelopes. START HERE.
//
// A room's log has one order: places from 1, without gaps, never rewritten.
// The head is (last place, chain hash over all envelopes up to it); the caller
// computes the hash, the log keeps it.
// Threads: none; call it on the relay's lane only.
// Lifetime: the Db outlives the log, and holds RelaySchema().
// Writes happen in the caller's transaction and are durable, all or none, when
// that is committed.
// Errors: kNotFound for a room that is not there; kAborted for an epoch that is
// not the room's, nothing written; kDataLoss if a row does not parse; and what
// sqlite/db.h says of the file.
// Quotas are the caller's: Room::log_bytes is what to judge by.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "storage/relay/read_limits.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {

// SHA-256 over a room's envelopes up to one place.
using ChainHash = Id<struct ChainHashTag, 32>;

enum class EntryKind : uint8_t { kApplication = 1, kProposal = 2, kCommit = 3 };

struct RoomHead {
  LogSeq seq;       // 0: the log is empty
  ChainHash chain;  // all zero when it is

  friend bool operator==(const RoomHead&, const RoomHead&) = default;
};

struct NewRoom {
  RoomId room;
  OperationId operation;
  uint8_t kind = 0;  // opaque here
  DeviceId creator;
  Epoch epoch;  // of its group when the relay is told of it
};

struct Room {
  RoomId room;
  OperationId operation;
  uint8_t kind = 0;
  DeviceId creator;
  Epoch epoch;
  RoomHead head;
  uint64_t log_bytes = 0;  // of all sealed bytes in the log
};

struct NewEntry {
  RoomId room;
  EnvelopeId envelope;
  EntryKind kind = EntryKind::kApplication;
  Epoch epoch;  // must be the room's
  DeviceId author;
  ChainHash chain;  // the head's, once this entry is appended
  absl::Time received;
  ByteSpan sealed;
};

struct LogEntry {
  LogSeq seq;
  EnvelopeId envelope;
  EntryKind kind = EntryKind::kApplication;
  Epoch epoch;
  DeviceId author;
  ChainHash chain;
  absl::Time received;
  Bytes sealed;
};

// Where an envelope lies.
struct Placed {
  LogSeq seq;
  DeviceId author;
  ChainHash chain;
};

struct Appended {
  LogSeq seq;
  bool duplicate = false;  // it was there already; nothing was written
};

class DeliveryLog {
 public:
  static absl::StatusOr<DeliveryLog> Create(sqlite::Db* db);
  DeliveryLog(DeliveryLog&&) noexcept;
  DeliveryLog& operator=(DeliveryLog&&) noexcept;
  ~DeliveryLog();

  // OpenRoom makes a room with an empty log; kAlreadyExists if it is there.
  absl::Status OpenRoom(const sqlite::Transaction& txn, const NewRoom& room);

  absl::StatusOr<Room> FindRoom(RoomId room);

  // ListRooms gives rooms by id, after `after` (the zero id: from the start).
  absl::StatusOr<std::vector<Room>> ListRooms(RoomId after, size_t rooms_max);

  // CountRoomsBy says how many rooms a device has opened.
  absl::StatusOr<uint64_t> CountRoomsBy(DeviceId creator);

  // FindEnvelope gives the place of an envelope, or nothing.
  absl::StatusOr<std::optional<Placed>> FindEnvelope(RoomId room,
                                                     EnvelopeId envelope);

  // Append puts an entry after the last one. The envelope id is looked up
  // before the epoch: a repeated envelope is answered with its first place,
  // whatever the epoch is by now. kAlreadyExists if that id is another
  // author's. A commit moves the room to the next epoch.
  absl::StatusOr<Appended> Append(const sqlite::Transaction& txn,
                                  const NewEntry& entry);

  // ReadAfter gives the entries after `after`, in order. An unknown room has
  // none.
  absl::StatusOr<std::vector<LogEntry>> ReadAfter(RoomId room, LogSeq after,
                                                  const ReadLimits& limits);

 private:
  struct Statements;
  explicit DeliveryLog(std::unique_ptr<Statements> sql);
  absl::Status MoveHead(const NewEntry& entry, LogSeq seq);

  std::unique_ptr<Statements> sql_;
};

}  // namespace cordon::relay

#endif  // CORDON_STORAGE_RELAY_DELIVERY_LOG_H_
