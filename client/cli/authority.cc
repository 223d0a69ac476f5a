// Who we are: authority, whoami, passphrase.

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "client/cli/fields.h"
#include "client/cli/menu.h"
#include "client/cli/secrets.h"
#include "client/cli/verb.h"
#include "client/core/command.h"
#include "crypto/base/secret.h"

namespace cordon::cli {
namespace {

constexpr char kDefaultDevice[] = "desk";

std::string DeviceOr(Fields& in) {
  std::string device = in.Text("device");
  return device.empty() ? kDefaultDevice : device;
}

SecretBytes OrTrouble(absl::StatusOr<SecretBytes> secret, VerbInput& input) {
  if (secret.ok()) return *std::move(secret);
  input.trouble.Update(secret.status());
  return {};
}

client::CommandBody MakeAuthority(VerbInput& input) {
  Fields& in = input.in;
  client::CreateAuthority body;
  body.relay_address = in.Text("server", Need::kYes);
  body.pin = in.Text("pin", Need::kYes);
  body.setup_code = in.Text("setup_code", Need::kYes);
  body.organisation = in.Text("org", Need::kYes);
  body.title = in.Text("org_name", Need::kYes);
  body.user = in.Text("user", Need::kYes);
  body.user_name = in.Text("name", Need::kYes);
  body.device = DeviceOr(in);
  body.root_passphrase = OrTrouble(input.secrets.FreshRootPassphrase(), input);
  return body;
}

client::CommandBody MakeWhoAmI(VerbInput& /*input*/) {
  return client::WhoAmI{};
}

client::CommandBody MakePassphrase(VerbInput& input) {
  const std::string old_file = input.in.Text("passphrase_file");
  const std::string new_file = input.in.Text("new_passphrase_file");
  client::ChangePassphrase body;
  body.old_passphrase =
      OrTrouble(old_file.empty() ? input.secrets.PassphraseAhead()
                                 : ReadSecretFile(old_file),
                input);
  body.new_passphrase = OrTrouble(input.secrets.NewPassphrase(new_file), input);
  return body;
}

constexpr Verb kVerbs[] = {
    {"authority create", Manner::kEnrols, MakeAuthority},
    {"whoami", Manner::kHere, MakeWhoAmI},
    {"passphrase", Manner::kHere, MakePassphrase},
};

}  // namespace

absl::Span<const Verb> AuthorityVerbs() {
  return kVerbs;
}

void AddAuthority(Menu& menu) {
  Menu authority =
      menu.Noun("authority", "The beginning: the root of an operation's trust");
  authority
      .Verb("create", "Make the root, its first organisation and this device",
            "cordon authority create --profile ocu --server "
            "relay.example.org:4600 --pin PIN \\\n    --setup-code CODE --org "
            "ocu.authority --org-name \"Coordinating unit\" \\\n    --user "
            "chief --name \"A. Chief\"")
      .Text("--server", "server", "Address and port of the relay", Need::kYes)
      .Text("--pin", "pin", "Its pin, as cordond init printed it", Need::kYes)
      .Text("--setup-code", "setup_code", "Its set-up code", Need::kYes)
      .Text("--org", "org", "Name of the organisation: ocu.authority",
            Need::kYes)
      .Text("--org-name", "org_name", "What it is called", Need::kYes)
      .Text("--user", "user", "Short name of this user", Need::kYes)
      .Text("--name", "name", "What this user is called", Need::kYes)
      .Text("--device", "device", "Name of this device (desk)");
  menu.Verb("whoami", "Which device this is", "cordon whoami --profile alice");
  menu.Verb("passphrase", "Change the passphrase of the vault",
            "cordon passphrase --profile alice")
      .Text("--new-passphrase-file", "new_passphrase_file",
            "Its first line is the new one; else it is asked for");
}

}  // namespace cordon::cli
