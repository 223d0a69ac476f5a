#include "client/core/record_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/alert_rules.h"
#include "client/core/case_number.h"
#include "client/core/case_shelf.h"
#include "client/core/content.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/operation.h"
#include "client/core/model/record.h"
#include "client/core/operation_rows.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/policy/room_policy.h"
#include "crypto/record/signed_record.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr size_t kIdDigitsMax = 32;

// With several of one name, the one this device is in.
absl::StatusOr<vault::Room> PickRoom(std::vector<vault::Room> rooms,
                                     absl::string_view wanted) {
  const bool any_joined =
      std::any_of(rooms.begin(), rooms.end(), [](const vault::Room& room) {
        return room.state == vault::RoomState::kJoined;
      });
  if (any_joined) {
    std::erase_if(rooms, [](const vault::Room& room) {
      return room.state != vault::RoomState::kJoined;
    });
  }
  if (rooms.empty()) {
    return absl::NotFoundError(
        absl::StrCat("this device knows no room \"", wanted,
                     "\"; `cordon room list` shows what there is"));
  }
  if (rooms.size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", wanted, "\" is the name of ", rooms.size(),
                     " rooms; ask a coordinator to rename one"));
  }
  return std::move(rooms.front());
}

bool AreIdDigits(absl::string_view text) {
  return !text.empty() && text.size() <= kIdDigitsMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isxdigit(static_cast<unsigned char>(c));
         });
}

// Records that have not left: few, so that looking at each is fine.
absl::Status AddUnsent(const vault::VaultTxn& txn, absl::string_view digits,
                       std::vector<vault::RecordName>& found) {
  vault::OutboxNumber after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> page,
                            txn.outbox().List(after));
    if (page.empty()) return absl::OkStatus();
    after = page.back().number;
    for (const vault::OutboxRow& row : page) {
      if (absl::StartsWith(ToHex(row.record.id.span()), digits)) {
        found.push_back(row.record);
      }
    }
  }
}

// Records whose id begins like that, those that have not left among them.
absl::StatusOr<vault::RecordMatches> FindBegun(const vault::VaultTxn& txn,
                                               absl::string_view name) {
  const std::string digits = absl::AsciiStrToLower(name);
  vault::RecordMatches begun;
  if (!AreIdDigits(digits)) return begun;
  CORDON_ASSIGN_OR_RETURN(begun, txn.records().FindByIdPrefix(digits));
  const size_t stored = begun.first.size();
  CORDON_RETURN_IF_ERROR(AddUnsent(txn, digits, begun.first));
  begun.count += begun.first.size() - stored;
  return begun;
}

bool AllAreOf(const vault::RecordMatches& begun, const StandingCase& one) {
  return begun.count == begun.first.size() &&
         std::all_of(begun.first.begin(), begun.first.end(),
                     [&one](const vault::RecordName& name) {
                       return std::any_of(
                           one.versions.begin(), one.versions.end(),
                           [&name](const vault::StoredRecord& version) {
                             return version.id == name.id;
                           });
                     });
}

absl::Status NumberOrId(absl::string_view name, const StandingCase& one) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", name, "\" is the number of a case of ", one.organisation,
      " and the beginning of another record's id; give the whole id of the one "
      "that is meant, that of the case is ",
      ToHex(one.versions.front().id.span())));
}

AttachmentView ViewOf(const Attachment& attachment) {
  return {.blob = attachment.blob.id(),
          .name = attachment.name,
          .media_type = attachment.media_type,
          .size_bytes = attachment.blob.plaintext_bytes(),
          .digest = attachment.blob.plaintext_digest(),
          .role = attachment.role,
          .caption = attachment.caption};
}

// How far its author's clock was from the relay's, or how long it waited.
void AddClockWarning(RecordView& view) {
  if (view.seq == LogSeq{}) return;
  const absl::Duration late = view.received - view.sent;
  if (late > kClockSlack) {
    view.warnings.push_back(
        absl::StrCat("it reached the relay ",
                     absl::FormatDuration(absl::Trunc(late, absl::Minutes(1))),
                     " after its author says it was written"));
  } else if (late < -kClockSlack) {
    view.warnings.push_back(
        absl::StrCat("its author's clock is ",
                     absl::FormatDuration(absl::Trunc(-late, absl::Minutes(1))),
                     " ahead of the relay's"));
  }
}

// A number that looks like another Member's.
absl::Status AddNumberWarning(const vault::VaultTxn& txn,
                              const vault::Operation& operation,
                              const std::string& ref_no, RecordView& view) {
  const std::string& author = view.author.organisation;
  CORDON_ASSIGN_OR_RETURN(const Participant participant,
                          FindParticipant(txn, operation.id, author));
  const std::string body = NumberBody(participant.country, author);
  if (ref_no.empty() || IsNumberOf(operation.name, body, ref_no)) {
    return absl::OkStatus();
  }
  view.warnings.push_back(
      absl::StrCat("ref_no: is none of the numbers of ", author));
  return absl::OkStatus();
}

// What a reader of an alert should look at twice.
absl::Status AddAlertWarnings(const vault::VaultTxn& txn,
                              const RecordBody& body, RecordView& view) {
  const auto* alert = std::get_if<Alert>(&body.content);
  if (alert == nullptr) return absl::OkStatus();
  AlertRulesOptions options{.sent = body.header.sent};
  const absl::StatusOr<vault::Operation> operation =
      txn.rooms().GetOperation(body.header.operation);
  if (operation.ok()) {
    CORDON_RETURN_IF_ERROR(
        AddNumberWarning(txn, *operation, body.ref_no, view));
  }
  if (operation.ok() && !operation->profile.empty()) {
    CORDON_ASSIGN_OR_RETURN(const OperationProfile profile,
                            ParseOperationProfile(operation->profile));
    absl::TimeZone zone;
    if (absl::LoadTimeZone(profile.zone, &zone)) {
      options.zone = zone;
      options.first_day = profile.first_day;
      options.last_day = profile.last_day;
    }
  }
  options.has_goods_photo = std::any_of(
      body.attachments.begin(), body.attachments.end(),
      [](const Attachment& one) { return one.role == AttachmentRole::kGoods; });
  for (const Finding& finding : CheckAlert(*alert, options).warnings) {
    view.warnings.push_back(absl::StrCat(finding.field, ": ", finding.what));
  }
  return absl::OkStatus();
}

absl::StatusOr<RecordView> ViewAt(const vault::VaultTxn& txn, RecordAt at,
                                  ByteSpan signed_bytes) {
  CORDON_ASSIGN_OR_RETURN(at.room, RoomTextOf(txn, at.room_id));
  CORDON_ASSIGN_OR_RETURN(const record::SignedRecord parsed,
                          record::SignedRecord::Parse(signed_bytes));
  CORDON_ASSIGN_OR_RETURN(const RecordBody body, ParseRecord(parsed.record()));
  CORDON_ASSIGN_OR_RETURN(AuthorView author, AuthorOf(parsed));
  RecordView view = MakeView(std::move(at), std::move(author), body);
  CORDON_RETURN_IF_ERROR(AddAlertWarnings(txn, body, view));
  return view;
}

}  // namespace

// ---- names -----------------------------------------------------------------

std::string RoomText(const vault::Operation& operation,
                     const vault::Room& room) {
  return absl::StrCat(operation.name, "/", room.name);
}

absl::StatusOr<vault::Operation> FindOperation(const vault::VaultTxn& txn,
                                               absl::string_view name) {
  absl::StatusOr<vault::Operation> found = txn.rooms().FindOperation(name);
  if (absl::IsNotFound(found.status())) {
    return absl::NotFoundError(
        absl::StrCat("this device knows no operation \"", name,
                     "\"; `cordon operation list` shows what there is"));
  }
  return found;
}

absl::StatusOr<vault::Room> FindRoom(const vault::VaultTxn& txn,
                                     absl::string_view room) {
  const size_t slash = room.find('/');
  if (slash == absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", room, "\" names no room; write OPERATION/NAME, as in ",
        "stop3/general"));
  }
  CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                          FindOperation(txn, room.substr(0, slash)));
  CORDON_ASSIGN_OR_RETURN(
      std::vector<vault::Room> rooms,
      txn.rooms().FindRooms(operation.id, room.substr(slash + 1)));
  return PickRoom(std::move(rooms), room);
}

absl::StatusOr<vault::Room> FindRoomOfKind(const vault::VaultTxn& txn,
                                           absl::string_view operation,
                                           policy::RoomKind kind) {
  CORDON_ASSIGN_OR_RETURN(const vault::Operation known,
                          FindOperation(txn, operation));
  CORDON_ASSIGN_OR_RETURN(std::vector<vault::Room> rooms,
                          txn.rooms().ListRooms(known.id));
  std::erase_if(rooms, [kind](const vault::Room& room) {
    return room.kind != static_cast<uint32_t>(kind) ||
           room.state == vault::RoomState::kLeft;
  });
  if (rooms.empty()) {
    return absl::NotFoundError(absl::StrCat(
        "this device is in no ", policy::RoomKindName(kind), " room of ",
        operation, "; `cordon room list` shows the rooms it is in"));
  }
  if (rooms.size() == 1) return std::move(rooms.front());
  // The operation's own room is called like its kind.
  const auto own =
      std::find_if(rooms.begin(), rooms.end(), [kind](const vault::Room& room) {
        return room.name == policy::RoomKindName(kind);
      });
  if (own != rooms.end()) return std::move(*own);
  return absl::InvalidArgumentError(
      absl::StrCat(operation, " has ", rooms.size(), " ",
                   policy::RoomKindName(kind), " rooms; name one of them"));
}

absl::StatusOr<vault::RecordName> FindRecord(const vault::VaultTxn& txn,
                                             absl::string_view name) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<StandingCase> cases,
                          FindCases(txn, name));
  // Whoever else takes a number is not mistaken for its owner.
  if (cases.size() > 1) return SeveralCases(name, cases);
  CORDON_ASSIGN_OR_RETURN(const vault::RecordMatches begun,
                          FindBegun(txn, name));
  if (!cases.empty()) {
    const StandingCase& one = cases.front();
    if (!AllAreOf(begun, one)) return NumberOrId(name, one);
    const vault::StoredRecord& stands = one.versions.back();
    return vault::RecordName{.room = stands.place.room, .id = stands.id};
  }
  if (begun.count == 0) {
    return absl::NotFoundError(
        absl::StrCat("no record here is called \"", name,
                     "\"; give its reference number or the beginning of its "
                     "id"));
  }
  if (begun.count > 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", name, "\" means ", begun.count, " records; give more of the id"));
  }
  return begun.first.front();
}

// ---- records ---------------------------------------------------------------

absl::StatusOr<RecordBody> ParseStored(const vault::StoredRecord& stored) {
  CORDON_ASSIGN_OR_RETURN(const record::SignedRecord parsed,
                          record::SignedRecord::Parse(stored.signed_bytes));
  return ParseRecord(parsed.record());
}

absl::StatusOr<RecordBody> ParseWaiting(const vault::OutboxRow& row) {
  CORDON_ASSIGN_OR_RETURN(const record::SignedRecord parsed,
                          record::SignedRecord::Parse(row.signed_bytes));
  return ParseRecord(parsed.record());
}

AuthorView AuthorOf(const cert::DeviceName& device,
                    const cert::RoleSet& roles) {
  AuthorView author{.organisation = device.org().text(),
                    .user = device.owner().user(),
                    .device = device.device()};
  for (const cert::Role role : roles.List()) {
    author.roles.emplace_back(cert::RoleName(role));
  }
  return author;
}

absl::StatusOr<AuthorView> AuthorOf(const record::SignedRecord& signed_record) {
  CORDON_ASSIGN_OR_RETURN(
      const cert::Certificate leaf,
      cert::Certificate::Parse(signed_record.chain().front()));
  if (!leaf.device().has_value()) {
    return absl::DataLossError("a stored record's certificate names no device");
  }
  return AuthorOf(*leaf.device(), leaf.roles());
}

absl::StatusOr<AuthorView> AuthorOf(const vault::StoredRecord& stored) {
  CORDON_ASSIGN_OR_RETURN(const record::SignedRecord parsed,
                          record::SignedRecord::Parse(stored.signed_bytes));
  return AuthorOf(parsed);
}

RecordView MakeView(RecordAt at, AuthorView author, const RecordBody& body) {
  RecordView view{.id = body.header.id,
                  .room_id = at.room_id,
                  .room = std::move(at.room),
                  .seq = at.seq,
                  .author = std::move(author),
                  .sent = body.header.sent,
                  .received = at.received,
                  .ref_no = body.ref_no,
                  .status = body.status,
                  .msg_type = body.msg_type,
                  .refs = body.refs,
                  .content = body.content,
                  .warnings = WarningsOf(at.flags)};
  AddClockWarning(view);
  view.attachments.reserve(body.attachments.size());
  for (const Attachment& attachment : body.attachments) {
    view.attachments.push_back(ViewOf(attachment));
  }
  return view;
}

absl::StatusOr<RecordView> ViewOf(const vault::VaultTxn& txn,
                                  const vault::StoredRecord& stored) {
  return ViewAt(txn,
                {.room_id = stored.place.room,
                 .seq = stored.place.seq,
                 .received = stored.place.received,
                 .flags = stored.flags},
                stored.signed_bytes);
}

absl::StatusOr<RecordView> ViewOf(const vault::VaultTxn& txn,
                                  const vault::OutboxRow& row) {
  CORDON_ASSIGN_OR_RETURN(
      RecordView view,
      ViewAt(txn, {.room_id = row.record.room, .received = row.made},
             row.signed_bytes));
  if (row.state == vault::OutboxState::kRefused) {
    view.warnings.push_back(absl::StrCat("it was refused: ", row.reason));
  }
  return view;
}

absl::StatusOr<std::vector<vault::StoredRecord>> ReadAll(
    const vault::VaultTxn& txn, const vault::RecordQuery& query) {
  std::vector<vault::StoredRecord> all;
  vault::RecordQuery page_query = query;
  page_query.records_max = vault::kRecordsPerPageMax;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(std::vector<vault::StoredRecord> page,
                            txn.records().Read(page_query));
    if (page.empty()) return all;
    if (page_query.newest_first) {
      page_query.before = page.back().place.seq;
    } else {
      page_query.after = page.back().place.seq;
    }
    all.insert(all.end(), std::make_move_iterator(page.begin()),
               std::make_move_iterator(page.end()));
  }
}

}  // namespace cordon::client
