#ifndef CORDON_CLIENT_CORE_MODEL_RECORD_H_
#define CORDON_CLIENT_CORE_MODEL_RECORD_H_

// A record in domain types: what its header says, its content, its files; and,
// apart from that, what is shown of it.
//
// RecordBody is what is signed; content.h writes and reads it. RecordView is
// what a face gets: no keys, and what this device found out when it opened it.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"

#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"
#include "client/core/model/operation.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/blob/blob_ref.h"
#include "crypto/prim/hash.h"
#include "crypto/record/record_header.h"

namespace cordon::client {

struct Text {
  std::string body;
};

// Withdraws the record the header refers to; of the same kind as that one.
struct Cancel {
  std::string reason;
};

// A kind or a major version that this client does not know; its bytes are kept
// and it is shown as "needs a newer client".
struct NeedsNewerClient {};

using Content = std::variant<Text, Alert, Instruction, Ack, Guide, Approval,
                             Rejection, OperationProfile, Participants,
                             RoomProfile, Cancel, PinNotice, NeedsNewerClient>;

// A file of a record, with the key that opens it.
struct Attachment {
  blob::BlobRef blob;
  std::string name;  // no path
  std::string media_type;
  AttachmentRole role = AttachmentRole::kNone;
  std::string caption;
  std::optional<absl::Time> taken_at;
};

// Whom a record is for: display, never protection. Empty: the whole room.
struct Audience {
  std::vector<std::string> organisations;
  std::vector<std::string> roles;
  std::vector<std::string> regions;
};

struct RecordBody {
  record::RecordHeader header;
  RecordStatus status = RecordStatus::kActual;
  MsgType msg_type = MsgType::kAlert;
  uint32_t revision = 1;
  std::string ref_no;
  std::vector<Reference> refs;
  int32_t sent_offset_min = 0;  // the author's zone, minutes east of UTC
  Audience audience;
  std::optional<absl::Time> effective;
  std::optional<absl::Time> expires;
  std::string lang = "en";
  Content content;
  std::vector<Attachment> attachments;
};

// ---- what is shown ---------------------------------------------------------

struct AttachmentView {
  BlobId blob;
  std::string name;
  std::string media_type;
  uint64_t size_bytes = 0;
  Digest digest{};
  AttachmentRole role = AttachmentRole::kNone;
  std::string caption;
};

// Who a record is by, as the certificate says it.
struct AuthorView {
  std::string organisation;
  std::string user;
  std::string device;
  std::vector<std::string> roles;
};

struct RecordView {
  RecordId id;
  RoomId room_id;
  std::string room;  // operation/name
  LogSeq seq;        // 0: not in the log yet
  AuthorView author;
  absl::Time sent;      // as the author claims
  absl::Time received;  // as the relay says
  std::string ref_no;
  RecordStatus status = RecordStatus::kActual;
  MsgType msg_type = MsgType::kNone;
  std::vector<Reference> refs;
  Content content;
  std::vector<AttachmentView> attachments;
  // One sentence each: what is wrong with this record or worth knowing.
  std::vector<std::string> warnings;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_MODEL_RECORD_H_
