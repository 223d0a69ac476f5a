// Who there is, and who goes: org, user, device, revoke.

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"

#include "client/cli/fields.h"
#include "client/cli/menu.h"
#include "client/cli/verb.h"
#include "client/core/command.h"
#include "crypto/base/secret.h"

namespace cordon::cli {
namespace {

client::CommandBody MakeOrgList(VerbInput& /*input*/) {
  return client::ListOrganisations{};
}

client::CommandBody MakeUserList(VerbInput& input) {
  return client::ListUsers{.organisation = input.in.Text("org")};
}

client::CommandBody MakeDeviceList(VerbInput& input) {
  return client::ListDevices{.organisation = input.in.Text("org")};
}

client::CommandBody MakeRevoke(VerbInput& input) {
  client::Revoke body;
  body.name = input.in.Text("name", Need::kYes);
  body.reason = input.in.Text("reason", Need::kYes);
  // Users and devices are put out by their organisation's own key.
  if (absl::StrContains(body.name, '/')) return body;
  absl::StatusOr<SecretBytes> root = input.secrets.RootPassphrase();
  if (root.ok()) {
    body.root_passphrase = *std::move(root);
  } else {
    input.trouble.Update(root.status());
  }
  return body;
}

constexpr Verb kVerbs[] = {
    {"org list", Manner::kReads, MakeOrgList},
    {"user list", Manner::kReads, MakeUserList},
    {"device list", Manner::kReads, MakeDeviceList},
    {"revoke", Manner::kAsks, MakeRevoke},
};

}  // namespace

absl::Span<const Verb> DirectoryVerbs() {
  return kVerbs;
}

void AddDirectory(Menu& menu) {
  Menu org = menu.Noun("org", "Organisations");
  org.Verb("list", "Organisations that the relay knows",
           "cordon org list --json");
  Menu user = menu.Noun("user", "Users");
  user.Verb("list", "Users that the relay knows", "cordon user list fr.customs")
      .Word("ORG", "org", "Of this organisation only", Need::kNo);
  Menu device = menu.Noun("device", "Devices");
  device
      .Verb("list", "Devices that the relay knows",
            "cordon device list fr.customs")
      .Word("ORG", "org", "Of this organisation only", Need::kNo);
  menu.Verb("revoke", "Put out a device, a user or an organisation",
            "cordon revoke fr.customs/bob --reason \"left the service\"")
      .Word("NAME", "name",
            "fr.customs/bob/laptop, fr.customs/bob or fr.customs")
      .Text("--reason", "reason", "Why, for the record", Need::kYes);
}

}  // namespace cordon::cli
