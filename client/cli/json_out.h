#ifndef CORDON_CLIENT_CLI_JSON_OUT_H_
#define CORDON_CLIENT_CLI_JSON_OUT_H_

// From what the core answers and tells to the JSON of docs/json.md. Names are
// written by hand and stable; a field is added, never renamed.
// Threads: pure functions.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/cli/json_text.h"
#include "client/core/alert_rules.h"
#include "client/core/event.h"
#include "client/core/model/alert.h"
#include "client/core/model/guide.h"
#include "client/core/model/operation.h"
#include "client/core/model/record.h"
#include "client/core/view/enrolment.h"
#include "client/core/view/operation.h"
#include "client/core/view/record.h"

namespace cordon::cli {

// ---- the answer of a verb, by what it is. json_out.cc
Json ToJson(const client::Nothing& view);
Json ToJson(const client::InvitationMade& view);
Json ToJson(const client::InvitationsView& view);
Json ToJson(const client::Approved& view);
Json ToJson(const client::NewcomersView& view);
Json ToJson(const client::IdentityView& view);
Json ToJson(const client::DevicesView& view);
Json ToJson(const client::OrganisationsView& view);
Json ToJson(const client::UsersView& view);
Json ToJson(const client::RevokedView& view);
Json ToJson(const client::RoomView& view);
Json ToJson(const client::RoomsView& view);
Json ToJson(const client::RoomDetail& view);
Json ToJson(const client::OperationView& view);
Json ToJson(const client::OperationsView& view);
Json ToJson(const client::OperationDetail& view);
Json ToJson(const client::MembershipChange& view);
Json ToJson(const client::Composed& view);
Json ToJson(const client::ContentRefused& view);
Json ToJson(const client::RecordView& view);
Json ToJson(const client::RecordsView& view);
Json ToJson(const client::AcksView& view);
Json ToJson(const client::GuideView& view);
Json ToJson(const client::GuidesView& view);
Json ToJson(const client::FilesView& view);
Json ToJson(const client::FilesWritten& view);
Json ToJson(const client::SearchView& view);
Json ToJson(const client::FiguresView& view);
Json ToJson(const client::SyncView& view);
Json ToJson(const client::OutboxView& view);

// …and the elements of its lists.
Json ToJson(const client::InvitationView& view);
Json ToJson(const client::DeviceView& view);
Json ToJson(const client::OrganisationView& view);
Json ToJson(const client::UserView& view);
Json ToJson(const client::MemberView& view);
Json ToJson(const client::AckView& view);
Json ToJson(const client::FileView& view);
Json ToJson(const client::FilesWritten::One& view);
Json ToJson(const client::SearchHitView& view);
Json ToJson(const client::OutboxRowView& view);
Json ToJson(const client::Composed::One& view);

Json AnswerJson(const client::AnswerBody& answer);
Json FindingsJson(const std::vector<client::Finding>& findings);

// ---- records. json_out_record.cc
Json ToJson(const client::Alert& alert);
Json ToJson(const client::Guide& guide);
Json ToJson(const client::OperationProfile& profile);
Json ToJson(const client::Participant& participant);
Json ToJson(const client::AttachmentView& file);
// KindName is "text", "alert", …, by what the record holds.
absl::string_view KindName(const client::Content& content);
Json ContentJson(const client::Content& content);

// The time, or null for one that is not known.
Json TimeOrNull(absl::Time time);

// ---- events. json_out_event.cc
absl::string_view StageName(client::Stage stage);
absl::string_view LinkName(client::Link link);
Json ToJson(const client::Progress& event);
Json ToJson(const client::RecordArrived& event);
Json ToJson(const client::RoomFinding& event);
Json ToJson(const client::RoomJoined& event);
Json ToJson(const client::RoomLeft& event);
Json ToJson(const client::JoinRequested& event);
Json ToJson(const client::LinkChanged& event);
Json ToJson(const client::RecordRefused& event);
// ArrivalJson is the short form of RecordArrived; `stored` is this device's
// clock at that moment.
Json ArrivalJson(const client::RecordArrived& event, absl::Time stored);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_JSON_OUT_H_
