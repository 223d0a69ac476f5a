// Who we are and who else there is, for people; see show.h.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

#include "client/cli/screen.h"
#include "client/cli/secret_text.h"
#include "client/cli/show.h"
#include "client/core/view/enrolment.h"

namespace cordon::cli {
namespace {

std::string Roles(const std::vector<std::string>& roles) {
  return absl::StrJoin(roles, ", ");
}

absl::string_view StageWords(client::InvitationStage stage) {
  switch (stage) {
    case client::InvitationStage::kOpen:
      return "not used yet";
    case client::InvitationStage::kRequested:
      return "waits for approve";
    case client::InvitationStage::kApproved:
      return "approved";
    case client::InvitationStage::kClosed:
      return "revoked";
    case client::InvitationStage::kExpired:
      return "expired";
  }
  return "unknown";
}

}  // namespace

std::string Show(const Screen& screen, const client::InvitationMade& view) {
  return absl::StrCat(
      ShownSecret(view.text), "\n\n", "For ", OneLine(view.offered), ", until ",
      screen.Time(view.expires),
      ". Whoever has this text can ask to join under that name:\nhand it over "
      "on a way you trust. Then: cordon approve ",
      OneLine(view.offered), "\n");
}

std::string Show(const Screen& screen, const client::InvitationsView& view) {
  if (view.invitations.empty()) return "No invitations.\n";
  Table table({"ID", "FOR", "ROLES", "STATE", "UNTIL"});
  for (const client::InvitationView& one : view.invitations) {
    table.Add({ShortId(one.id.span()), OneLine(one.offered), Roles(one.roles),
               std::string(StageWords(one.stage)), screen.Time(one.expires)});
  }
  return table.Text(screen);
}

std::string Show(const Screen& screen, const client::Approved& view) {
  std::string text;
  for (const std::string& name : view.names) {
    absl::StrAppend(&text, screen.Paint(Ink::kGreen, "approved"), "  ",
                    OneLine(name), "\n");
  }
  for (const std::string& refusal : view.refusals) {
    absl::StrAppend(&text, screen.Paint(Ink::kRed, "refused"), "   ",
                    OneLine(refusal), "\n");
  }
  return text.empty() ? "Nobody waits.\n" : text;
}

std::string Show(const Screen& screen, const client::NewcomersView& view) {
  std::string text;
  for (const std::string& name : view.outside) {
    absl::StrAppend(&text, screen.Paint(Ink::kYellow, "not in yet"), "  ",
                    OneLine(name), "\n");
  }
  return text;
}

std::string Show(const Screen& screen, const client::IdentityView& view) {
  if (view.device.empty()) {
    return view.joining
               ? "This profile waits to be approved: run cordon join again.\n"
               : "This profile belongs to no device yet.\n";
  }
  Table table({});
  const auto row = [&](absl::string_view name, std::string value) {
    table.Add({screen.Paint(Ink::kFaint, name), std::move(value)});
  };
  row("device", screen.Paint(Ink::kBold, view.device));
  row("roles", Roles(view.roles));
  row("relay", view.relay_address);
  row("its pin", view.pin);
  row("root", view.root_fingerprint);
  row("certificate until", screen.Time(view.certificate_until));
  if (view.holds_root) row("holds", "the root key");
  if (view.issues) row("issues", "certificates of its organisation");
  return table.Text(screen);
}

std::string Show(const Screen& screen, const client::DevicesView& view) {
  if (view.devices.empty()) return "No devices.\n";
  Table table({"DEVICE", "ROLES", "SINCE", ""});
  for (const client::DeviceView& one : view.devices) {
    table.Add({OneLine(one.name), Roles(one.roles), screen.Time(one.since),
               screen.Paint(Ink::kRed, OneLine(one.trouble))});
  }
  return table.Text(screen);
}

std::string Show(const Screen& screen, const client::OrganisationsView& view) {
  if (view.organisations.empty()) return "No organisations.\n";
  Table table({"ORGANISATION", "COUNTRY", "REGION", "DEVICES", "TITLE"});
  table.AlignRight(3);
  for (const client::OrganisationView& one : view.organisations) {
    table.Add({OneLine(one.name), OneLine(one.country), OneLine(one.region),
               absl::StrCat(one.devices), OneLine(one.title)});
  }
  return table.Text(screen);
}

std::string Show(const Screen& screen, const client::UsersView& view) {
  if (view.users.empty()) return "No users.\n";
  Table table({"USER", "ROLES", "DEVICES"});
  table.AlignRight(2);
  for (const client::UserView& one : view.users) {
    table.Add({OneLine(one.name), Roles(one.roles), absl::StrCat(one.devices)});
  }
  return table.Text(screen);
}

std::string Show(const Screen& screen, const client::RevokedView& view) {
  std::string text;
  for (const std::string& name : view.names) {
    absl::StrAppend(&text, screen.Paint(Ink::kYellow, "revoked"), "  ",
                    OneLine(name), "\n");
  }
  return text;
}

}  // namespace cordon::cli
