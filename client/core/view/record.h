#ifndef CORDON_CLIENT_CORE_VIEW_RECORD_H_
#define CORDON_CLIENT_CORE_VIEW_RECORD_H_

// What is shown of records, files, figures and the outbox. RecordView itself
// stands in model/record.h. Data, not sentences, but for warnings.
// Threads: values.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "client/core/alert_rules.h"      // IWYU pragma: export
#include "client/core/figures.h"          // IWYU pragma: export
#include "client/core/model/codes.h"      // IWYU pragma: export
#include "client/core/model/operation.h"  // IWYU pragma: export
#include "client/core/model/record.h"     // IWYU pragma: export
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"

namespace cordon::client {

// A record is signed and in the outbox. An instruction to rights holders is one
// record a room.
struct Composed {
  struct One {
    RecordId id;
    std::string room;
  };
  std::vector<One> records;
  std::string ref_no;  // empty: the kind has none
  std::vector<Finding> warnings;
};

// Nothing was made: all faults at once, each with its field.
struct ContentRefused {
  std::vector<Finding> faults;
};

struct RecordsView {
  std::vector<RecordView> records;
};

struct AckView {
  std::string organisation;
  std::string user;
  AckLevel level = AckLevel::kNone;
  std::string note;
  absl::Time received;
};
struct AcksView {
  RecordId record;
  std::vector<AckView> acknowledged;  // the highest of each user
  std::vector<std::string> missing;   // organisations in the room
};

enum class GuideState : uint8_t {
  kSubmitted = 1,
  kPublished = 2,
  kRejected = 3
};
struct GuideView {
  RecordId record;  // the submission in an intake room, the approval elsewhere
  std::string room;
  GuideState state = GuideState::kSubmitted;
  std::string owner;  // the organisation that signed it
  Guide guide;
  std::vector<AttachmentView> files;
  std::string decision;  // the curator's note or reason
  absl::Time received;
};
struct GuidesView {
  std::vector<GuideView> guides;
};

struct FileView {
  RecordId record;
  AttachmentView file;
  std::string author;  // fr.customs/alice
  absl::Time received;
  bool here = false;  // its ciphertext is on this machine
};
struct FilesView {
  std::vector<FileView> files;
};
struct FilesWritten {
  struct One {
    std::string path;
    uint64_t size_bytes = 0;
    Digest digest{};
  };
  std::vector<One> files;
};

struct SearchHitView {
  RecordId record;
  std::string room;
  std::string kind;
  std::string title;
  std::string snippet;  // with \x02 and \x03 around what was found
  absl::Time received;
};
struct SearchView {
  std::vector<SearchHitView> hits;
};

struct FiguresView {
  OperationProfile operation;
  Figures figures;
  std::string room;  // the alerts room they come from
  RoomHead head;     // the place in its log
  // Entries of the log from before this device was in the room, or while it was
  // not: alerts among them are in no figure here.
  uint64_t missed = 0;
  absl::Time computed;
  uint64_t unsent = 0;  // alerts of ours that are not in them yet
};

struct SyncView {
  bool online = false;
  std::string trouble;    // why not
  uint64_t received = 0;  // records taken in since the command began
  uint64_t unsent = 0;
  uint64_t refused = 0;
  // What was noticed meanwhile: forks, gaps, withheld lists, refused entries.
  std::vector<std::string> findings;
};

struct OutboxRowView {
  RecordId record;
  std::string room;
  std::string kind;
  std::string state;   // waiting, sending, refused
  std::string reason;  // why it was refused or waits
  absl::Time made;
  uint32_t attempts = 0;
};
struct OutboxView {
  std::vector<OutboxRowView> rows;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_VIEW_RECORD_H_
