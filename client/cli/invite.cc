// Who comes in: invite, join, approve.

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "client/cli/fields.h"
#include "client/cli/menu.h"
#include "client/cli/secret_text.h"
#include "client/cli/verb.h"
#include "client/core/command.h"
#include "crypto/base/secret.h"

namespace cordon::cli {
namespace {

constexpr char kDefaultDevice[] = "desk";
constexpr absl::Duration kDefaultLifetime = absl::Hours(24 * 7);

client::CommandBody MakeInviteOrg(VerbInput& input) {
  Fields& in = input.in;
  client::InviteOrganisation body;
  body.organisation = in.Text("org", Need::kYes);
  body.info.title = in.Text("title", Need::kYes);
  body.info.country = in.Text("country");
  body.info.region = in.Text("region");
  body.contact = in.Text("contact", Need::kYes);
  body.contact_name = in.Text("contact_name", Need::kYes);
  body.lifetime = in.Duration("valid_for").value_or(kDefaultLifetime);
  return body;
}

client::CommandBody MakeInviteUser(VerbInput& input) {
  Fields& in = input.in;
  client::InviteUser body;
  body.user = in.Text("user", Need::kYes);
  body.user_name = in.Text("name", Need::kYes);
  body.role = in.Text("role", Need::kYes);
  body.lifetime = in.Duration("valid_for").value_or(kDefaultLifetime);
  return body;
}

client::CommandBody MakeInviteList(VerbInput& /*input*/) {
  return client::ListInvitations{};
}

client::CommandBody MakeInviteRevoke(VerbInput& input) {
  return client::RevokeInvitation{.invitation =
                                      input.in.Text("invitation", Need::kYes)};
}

client::CommandBody MakeJoin(VerbInput& input) {
  std::string text = input.in.Text("invitation", Need::kYes);
  client::Join body;
  body.invitation = TakeSecret(text);
  body.device = input.in.Text("device");
  if (body.device.empty()) body.device = kDefaultDevice;
  return body;
}

client::CommandBody MakeApprove(VerbInput& input) {
  client::Approve body;
  body.invitation = input.in.Text("invitation");
  absl::StatusOr<SecretBytes> root = input.secrets.RootPassphrase();
  if (root.ok()) {
    body.root_passphrase = *std::move(root);
  } else {
    input.trouble.Update(root.status());
  }
  return body;
}

constexpr Verb kVerbs[] = {
    {"invite org", Manner::kAsks, MakeInviteOrg},
    {"invite user", Manner::kAsks, MakeInviteUser},
    {"invite list", Manner::kAsks, MakeInviteList},
    {"invite revoke", Manner::kAsks, MakeInviteRevoke},
    {"join", Manner::kEnrols, MakeJoin},
    {"approve", Manner::kAsks, MakeApprove},
};

void AddInviteVerbs(Menu& menu) {
  Menu invite = menu.Noun("invite", "Invitations: make, see, take back");
  invite
      .Verb("org", "Invite an organisation and its contact point",
            "cordon invite org fr.customs --title \"Douane\" --country FR "
            "--region EUR \\\n    --contact alice --contact-name \"Alice A.\"")
      .Word("NAME", "org",
            "Name and kind, as fr.customs; kinds are authority, customs, rilo, "
            "partner, rightsholder, platform")
      .Text("--title", "title", "What it is called", Need::kYes)
      .Text("--country", "country", "ISO 3166-1 code, for a Member")
      .Text("--region", "region", "Region of the WCO: AMS EUR ESA FEA MENA WCA")
      .Text("--contact", "contact", "Short name of its contact point",
            Need::kYes)
      .Text("--contact-name", "contact_name", "What that person is called",
            Need::kYes)
      .Text("--valid-for", "valid_for", "How long: 72h, 7d (7d)");
  invite
      .Verb("user", "Invite a user of your own organisation",
            "cordon invite user bob --name \"Bob B.\" --role officer")
      .Word("ID", "user",
            "Short name of the user, without the organisation: bob")
      .Text("--name", "name", "What the user is called", Need::kYes)
      .Text("--role", "role", "officer, analyst, contact-point, …", Need::kYes)
      .Text("--valid-for", "valid_for", "How long: 72h, 7d (7d)");
  invite.Verb("list", "Invitations of this device", "cordon invite list");
  invite
      .Verb("revoke", "Take an invitation back",
            "cordon invite revoke fr.customs/alice")
      .Word("INVITATION", "invitation",
            "A unique prefix of its id, or the user offered");
}

}  // namespace

absl::Span<const Verb> InviteVerbs() {
  return kVerbs;
}

void AddInvite(Menu& menu) {
  AddInviteVerbs(menu);
  menu.Verb("join", "Redeem an invitation and wait until it is approved",
            "cordon join 'cordon+join:…' --profile alice --device laptop")
      .Word("INVITATION", "invitation",
            "The text that was handed to you; - reads it from standard input")
      .Text("--device", "device", "Name of this device (desk)");
  menu.Verb("approve", "Certify those who wait after an invitation",
            "cordon approve --all --profile ocu")
      .Word("ID", "invitation",
            "A unique prefix of an invitation's id, or the user offered",
            Need::kNo)
      .Instead("--all", "ID", "Everybody who waits (also without it)");
}

}  // namespace cordon::cli
