// What happens by itself; see json_out.h.

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/json_out.h"
#include "client/cli/json_text.h"
#include "client/core/event.h"
#include "client/core/model/record.h"
#include "crypto/base/bytes.h"

namespace cordon::cli {

absl::string_view StageName(client::Stage stage) {
  switch (stage) {
    case client::Stage::kMakingKeys:
      return "making_keys";
    case client::Stage::kWaitingForApproval:
      return "waiting_for_approval";
    case client::Stage::kAskingRelay:
      return "asking_relay";
    case client::Stage::kClaimingKeys:
      return "claiming_keys";
    case client::Stage::kCommitting:
      return "committing";
    case client::Stage::kSealingFile:
      return "sealing_file";
    case client::Stage::kSendingFile:
      return "sending_file";
    case client::Stage::kFetchingFile:
      return "fetching_file";
    case client::Stage::kOpeningFile:
      return "opening_file";
    case client::Stage::kCatchingUp:
      return "catching_up";
    case client::Stage::kSendingRecords:
      return "sending_records";
    case client::Stage::kWaitingForNewcomers:
      return "waiting_for_newcomers";
  }
  return "unknown";
}

absl::string_view LinkName(client::Link link) {
  switch (link) {
    case client::Link::kOffline:
      return "offline";
    case client::Link::kConnecting:
      return "connecting";
    case client::Link::kCaughtUp:
      return "caught_up";
  }
  return "unknown";
}

Json ToJson(const client::Progress& event) {
  return {{"event", "progress"},
          {"id", event.command},
          {"stage", StageName(event.stage)},
          {"done", event.done},
          {"total", event.total}};
}

Json ToJson(const client::RecordArrived& event) {
  return {{"event", "record"}, {"record", ToJson(event.record)}};
}

Json ToJson(const client::RoomFinding& event) {
  return {{"event", "finding"},
          {"room", event.room},
          {"room_id", ToHex(event.room_id.span())},
          {"what", event.what}};
}

Json ToJson(const client::RoomJoined& event) {
  return {{"event", "room_joined"},
          {"room", event.room},
          {"room_id", ToHex(event.room_id.span())}};
}

Json ToJson(const client::RoomLeft& event) {
  return {{"event", "room_left"},
          {"room", event.room},
          {"room_id", ToHex(event.room_id.span())}};
}

Json ToJson(const client::JoinRequested& event) {
  return {{"event", "join_request"},
          {"invitation", ToHex(event.invitation.span())},
          {"offered", event.offered}};
}

Json ToJson(const client::LinkChanged& event) {
  return {{"event", "link"},
          {"link", LinkName(event.link)},
          {"reason", event.reason}};
}

Json ToJson(const client::RecordRefused& event) {
  return {{"event", "refused"},
          {"record", ToHex(event.record.span())},
          {"room", event.room},
          {"reason", event.reason},
          {"in_outbox", event.in_outbox}};
}

Json ArrivalJson(const client::RecordArrived& event, absl::Time stored) {
  const client::RecordView& record = event.record;
  return {
      {"event", "arrival"},
      {"record", ToHex(record.id.span())},
      {"room", record.room},
      {"seq", record.seq.value},
      {"kind", KindName(record.content)},
      {"author", absl::StrCat(record.author.organisation, "/",
                              record.author.user, "/", record.author.device)},
      {"sent", TimeOrNull(record.sent)},
      {"received", TimeOrNull(record.received)},
      {"stored", TimeOrNull(stored)}};
}

}  // namespace cordon::cli
