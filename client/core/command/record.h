#ifndef CORDON_CLIENT_CORE_COMMAND_RECORD_H_
#define CORDON_CLIENT_CORE_COMMAND_RECORD_H_

// Commands that make and read records: talk, instructions, alerts, guides,
// files, search, figures. A record is named by its reference number or a unique
// prefix of its id in hexadecimal.
//
// Whatever makes a record is answered with Composed when the record is signed
// and in the outbox, on disk; Sync waits until it has left.
// Threads: values.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"

namespace cordon::client {

// A file of this machine to go with a record.
struct FileToAttach {
  std::string path;
  AttachmentRole role = AttachmentRole::kNone;
  std::string caption;
};

struct SendText {
  std::string room;
  std::string body;
  std::string in_reply_to;  // a record; empty: none
  std::vector<FileToAttach> files;
};

// Reads a room's records in order, up to `records_max` of the newest.
struct ReadRoom {
  std::string room;
  std::optional<absl::Time> since;  // as received by the relay
  size_t records_max = 1000;
  bool mark_read = true;
};

// By coordinators.
struct SendInstruction {
  // A broadcast room, or an operation: then its instructions room.
  std::string target;
  bool to_rightsholders = false;  // also into every intake room
  Instruction instruction;        // number 0: the next one
};
// Says how far an instruction was taken: received, understood, actioned.
struct Acknowledge {
  std::string record;
  Ack ack;
};
// Who has acknowledged an instruction, and who has not.
struct ShowAcks {
  std::string record;
};

// Answered with ContentRefused when a field is wrong: all faults at once.
struct SendAlert {
  std::string operation;
  Alert alert;
  RecordStatus status = RecordStatus::kActual;
  std::string ref_no;   // empty: the Member's next one
  std::string updates;  // the record this one replaces; empty: a new case
  std::vector<FileToAttach> files;
};
// Takes an alert back: it stays readable and counts no more.
struct CancelAlert {
  std::string record;
  std::string reason;
};
// The newest first, each case in its last valid version.
struct ListAlerts {
  std::string operation;
  std::optional<absl::Time> since;
  size_t records_max = 1000;
};
// Any record, with everything that is known of it.
struct ShowRecord {
  std::string record;
};

struct SubmitGuide {
  std::string operation;
  Guide guide;
  std::string document;  // path
  std::vector<FileToAttach> photos;
};
// Guides submitted and not yet decided on.
struct ReviewGuides {
  std::string operation;  // empty: all
};
struct ApproveGuide {
  std::string record;
  std::string note;
};
struct RejectGuide {
  std::string record;
  std::string reason;
};
// Published ones, and for a rights holder its own submissions.
struct ListGuides {
  std::string operation;  // empty: all
};
struct ShowGuide {
  std::string record;  // the submission, or the approval that published it
};

struct ListFiles {
  std::string room;
};
// Fetches the files of a record (all, or the one of that name), opens them and
// writes them into a folder; what is there already is not overwritten.
struct GetFiles {
  std::string record;  // or a unique prefix of a file's id
  std::string name;    // empty: all
  std::string folder;
};

// Words are taken as they stand; all of them must be there.
struct Search {
  std::string words;
  std::string room;  // empty: all
  size_t hits_max = 50;
};

// From the records that this device has opened.
struct ShowFigures {
  std::string operation;
};

// Waits until what the relay has was read and what is to be sent has left, or
// it is clear that the relay cannot be reached now.
// With `settle` until what is due once a connection is done, too (upkeep.h):
// newcomers come in, key packages are there.
struct Sync {
  bool settle = false;
  absl::Duration patience = absl::Seconds(30);
};
// What has not left yet, oldest first.
struct ListOutbox {};
// Makes refused records wait again, or throws them away.
struct RetryOutbox {
  std::string record;  // empty: all refused
};
struct DiscardOutbox {
  std::string record;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_COMMAND_RECORD_H_
