#ifndef CORDON_CLIENT_CLI_SHOW_H_
#define CORDON_CLIENT_CLI_SHOW_H_

// What the core answers, as a person reads it. Whatever came from elsewhere
// goes through Clean (screen.h).
// Threads: pure functions. Every text ends with a line's end, or is empty.

#include <string>

#include "client/cli/screen.h"
#include "client/core/event.h"
#include "client/core/model/record.h"
#include "client/core/view/enrolment.h"
#include "client/core/view/operation.h"
#include "client/core/view/record.h"

namespace cordon::cli {

std::string ShowAnswer(const Screen& screen, const client::AnswerBody& answer);

// ---- show_enrolment.cc
std::string Show(const Screen& screen, const client::InvitationMade& view);
std::string Show(const Screen& screen, const client::InvitationsView& view);
std::string Show(const Screen& screen, const client::Approved& view);
std::string Show(const Screen& screen, const client::NewcomersView& view);
std::string Show(const Screen& screen, const client::IdentityView& view);
std::string Show(const Screen& screen, const client::DevicesView& view);
std::string Show(const Screen& screen, const client::OrganisationsView& view);
std::string Show(const Screen& screen, const client::UsersView& view);
std::string Show(const Screen& screen, const client::RevokedView& view);

// ---- show_operation.cc
std::string Show(const Screen& screen, const client::RoomsView& view);
std::string Show(const Screen& screen, const client::RoomDetail& view);
std::string Show(const Screen& screen, const client::OperationsView& view);
std::string Show(const Screen& screen, const client::OperationDetail& view);
std::string Show(const Screen& screen, const client::MembershipChange& view);
std::string Show(const Screen& screen, const client::FiguresView& view);

// ---- show_record.cc
std::string Show(const Screen& screen, const client::Composed& view);
std::string Show(const Screen& screen, const client::ContentRefused& view);
// One record as a reader of a room sees it; ShowWhole has every field.
std::string Show(const Screen& screen, const client::RecordView& view);
std::string ShowWhole(const Screen& screen, const client::RecordView& view);
std::string Show(const Screen& screen, const client::RecordsView& view);
std::string Show(const Screen& screen, const client::AcksView& view);
std::string Show(const Screen& screen, const client::GuideView& view);
std::string Show(const Screen& screen, const client::GuidesView& view);
std::string Show(const Screen& screen, const client::FilesView& view);
std::string Show(const Screen& screen, const client::FilesWritten& view);
std::string Show(const Screen& screen, const client::SearchView& view);
std::string Show(const Screen& screen, const client::SyncView& view);
std::string Show(const Screen& screen, const client::OutboxView& view);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_SHOW_H_
