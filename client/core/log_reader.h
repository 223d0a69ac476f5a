#ifndef CORDON_CLIENT_CORE_LOG_READER_H_
#define CORDON_CLIENT_CORE_LOG_READER_H_

// Entries of rooms' logs, in order, into the vault: flow A's steps 12 to 15.
//
// | an entry is        | it is                                              |
// | the next one       | taken                                              |
// | behind a gap       | the gap is asked for first; what does not come is  |
// |                    | named, and the room waits                          |
// | seen, and the same | passed over, before anything is decrypted          |
// | seen, but another  | a fork: named, and the room is stopped             |
// | of a room not      | passed over; a Welcome may come after it           |
// |   known, left or   |                                                    |
// |   stopped          |                                                    |
//
// Each entry is chained to the ones before (crypto/log), so that every header's
// claim can be compared. What came together is stored together, up to
// kEntriesPerTransaction; a transaction that fails leaves nothing, and what was
// in it is read again. Nothing opened waits for its transaction while another
// flow runs: whoever stores a group's changes stores what opened with it.
// Threads: none; the core's thread.
// Errors: the vault's and the relay's: come back later. What the relay or a
// member did wrong is a finding, not an error.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "client/core/filing.h"
#include "client/core/group_shelf.h"
#include "client/core/handshakes.h"
#include "client/core/opening.h"
#include "client/core/parts.h"
#include "client/core/room_log.h"
#include "client/core/task.h"
#include "client/core/trust.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"

namespace cordon::client {

// A backlog's transaction, and one answer to a question for what is missing.
inline constexpr size_t kEntriesPerTransaction = 256;
inline constexpr uint32_t kBackfillEntriesMax = 256;
// Findings kept for whoever syncs; all of them are events too.
inline constexpr size_t kFindingsKept = 100;

// What was taken in since the program started.
struct ReadTally {
  uint64_t entries = 0;
  uint64_t records = 0;
  uint64_t findings = 0;
  std::deque<std::string> last_findings;  // the newest kFindingsKept
};

class LogReader {
 public:
  LogReader(const Parts& parts, Trust* trust, GroupShelf* shelf,
            Handshakes* handshakes);

  // Take takes entries of any rooms, those of one room in its order.
  Task<absl::Status> Take(std::vector<LogEntry> entries);

  // CheckHead compares the relay's head of a room with what was read there, and
  // says how much there is to read.
  absl::StatusOr<uint64_t> CheckHead(const RoomHeadItem& head);

  // Joined reads what had passed before the room was known.
  Task<absl::Status> Joined(RoomId room);

  // Report tells what a reader must know; about no room if `room` is zero.
  void Report(RoomId room, const std::string& text, std::string finding);
  RoomLogs& logs() { return logs_; }
  const ReadTally& tally() const { return tally_; }

 private:
  enum class Standing : uint8_t;

  absl::StatusOr<Standing> StandingOf(const LogEntry& entry,
                                      const RoomLog& log) const;
  Task<absl::Status> TakeOne(LogEntry entry);
  Task<absl::Status> Backfill(RoomId room, LogSeq before);
  // TakePage takes what follows the log's head, as long as we are in the room.
  absl::Status TakePage(RoomId room, std::vector<LogEntry> entries,
                        const RoomLog& log);
  // TakeNext takes what stands right after the log's head.
  absl::Status TakeNext(LogEntry entry);
  absl::Status OpenNext(LogEntry entry, const RoomHead& after, RoomLog& log);
  absl::StatusOr<OpenedEntry> OpenOrMatch(LogEntry entry, const RoomHead& after,
                                          RoomLog& log);
  absl::Status TakeHandshake(const LogEntry& entry, const RoomHead& after);
  // Flush stores what was opened and not yet stored.
  absl::Status Flush();
  absl::StatusOr<std::vector<Filed>> Store(
      const std::vector<OpenedEntry>& run,
      const absl::flat_hash_set<RoomId>& rooms);
  absl::Status Announce(RoomId room, Filed filed);
  absl::Status Stop(RoomId room, const std::string& reason);

  const Parts parts_;
  GroupShelf* const shelf_;
  Handshakes* const handshakes_;
  Opening opening_;
  RoomLogs logs_;
  std::vector<OpenedEntry> opened_;          // of this run, in order
  absl::flat_hash_set<RoomId> passed_over_;  // rooms not known yet
  absl::flat_hash_set<RoomId> gaps_named_;
  ReadTally tally_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_LOG_READER_H_
