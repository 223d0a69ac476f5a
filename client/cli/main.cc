// cordon: words to a request, the request to one answer or a session, the
// outcome to an exit code. 0 done, 1 refused or failed, 2 wrong usage.

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/command_line.h"
#include "client/cli/face.h"
#include "client/cli/invocation.h"
#include "client/cli/one_shot.h"
#include "client/cli/printer.h"
#include "client/cli/profile.h"
#include "client/cli/request.h"
#include "client/cli/secrets.h"
#include "client/cli/session.h"
#include "client/cli/terminal.h"
#include "client/cli/verb.h"
#include "client/core/command.h"
#include "client/net/grpc_log.h"
#include "crypto/base/check.h"
#include "crypto/base/clock.h"
#include "crypto/base/lock_checks.h"
#include "crypto/base/log.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"

namespace cordon::cli {
namespace {

// An image of this process would hold the vault's key. Best effort.
void RefuseCoreDumps() {
  const rlimit none = {0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
  (void)prctl(PR_SET_DUMPABLE, 0);
}

// A cipher list that leaves TLS 1.2 nothing to agree on with a relay's Ed25519
// key; before anything of gRPC.
void RestrictTlsVersions() {
  CORDON_CHECK(setenv("GRPC_SSL_CIPHER_SUITES", "ECDHE-RSA-AES256-GCM-SHA384",
                      /*replace=*/1) == 0);
}

std::string Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Globals GlobalsOfEnvironment() {
  return {.profile = Environment("CORDON_PROFILE"),
          .secrets = {
              .passphrase = Environment("CORDON_PASSPHRASE_FILE"),
              .root_passphrase = Environment("CORDON_ROOT_PASSPHRASE_FILE")}};
}

SecretFiles SecretsOf(const Globals& globals) {
  SecretFiles files = globals.secrets;
  files.profile = globals.profile;
  files.root_key = Profile::HoldsRootKey(globals.profile);
  return files;
}

// Signals that end following and sessions are waited for, in every thread.
void BlockSignals() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  CORDON_CHECK(pthread_sigmask(SIG_BLOCK, &ends, nullptr) == 0);
}

class Program {
 public:
  explicit Program(Invocation invocation)
      : invocation_(std::move(invocation)),
        secrets_(SecretsOf(invocation_.globals), /*may_ask=*/true),
        printer_({.colour = IsTerminal(STDOUT_FILENO),
                  .zone = absl::LocalTimeZone()},
                 invocation_.globals.json) {}

  int Run();

 private:
  int Refused(const absl::Status& status) {
    printer_.Refused(RefusalFrom(status));
    return kExitRefused;
  }
  absl::Status OpenProfile(bool enrols);
  int RunSession();
  int RunCommand();

  Invocation invocation_;
  Secrets secrets_;
  Printer printer_;
  std::unique_ptr<Profile> profile_;
  bool made_ = false;  // the profile, just now
};

absl::Status Program::OpenProfile(bool may_make) {
  const ProfileOptions options = {.folder = invocation_.globals.profile,
                                  .offline = invocation_.globals.offline};
  if (options.folder.empty()) {
    return absl::InvalidArgumentError(
        "no profile: give --profile DIR, or set CORDON_PROFILE");
  }
  if (Profile::Exists(options.folder)) {
    CORDON_ASSIGN_OR_RETURN(const SecretBytes passphrase,
                            secrets_.Passphrase());
    CORDON_ASSIGN_OR_RETURN(profile_, Profile::Open(options, passphrase));
  } else if (may_make) {
    CORDON_ASSIGN_OR_RETURN(const SecretBytes passphrase,
                            secrets_.FreshPassphrase());
    CORDON_ASSIGN_OR_RETURN(profile_, Profile::Create(options, passphrase));
    made_ = true;
  } else {
    return absl::NotFoundError(
        absl::StrCat("there is no profile in ", options.folder,
                     "; make one with cordon join or cordon authority create"));
  }
  return profile_->Start();
}

int Program::RunSession() {
  const absl::StatusOr<EventKinds> kinds = ParseEventKinds(invocation_.events);
  if (!kinds.ok()) {
    (void)Refused(kinds.status());
    return kExitUsage;
  }
  const absl::Status opened = OpenProfile(invocation_.new_profile);
  if (!opened.ok()) return Refused(opened);
  secrets_.StopAsking();
  Session session({.face = &profile_->face(),
                   .secrets = &secrets_,
                   .clock = &SystemClock(),
                   .zone = absl::LocalTimeZone(),
                   .in = STDIN_FILENO,
                   .out = STDOUT_FILENO},
                  *kinds);
  return session.Run();
}

int Program::RunCommand() {
  const Desk desk = {
      .face = nullptr, .printer = &printer_, .clock = &SystemClock()};
  const absl::Status loaded = LoadArguments(invocation_);
  if (!loaded.ok()) return Refused(loaded);
  // What is wrong with the question is said before a passphrase is asked for.
  std::optional<client::CommandBody> body;
  bool enrols = false;
  if (!invocation_.watch) {
    std::variant<client::CommandBody, Refusal> made =
        MakeCommand(invocation_.request, {.secrets = &secrets_,
                                          .now = SystemClock().Now(),
                                          .zone = absl::LocalTimeZone()});
    if (const auto* refusal = std::get_if<Refusal>(&made)) {
      printer_.Refused(*refusal);
      return refusal->code == "usage" ? kExitUsage : kExitRefused;
    }
    body = std::get<client::CommandBody>(std::move(made));
    const Verb* const verb = FindVerb(invocation_.request.verb);
    enrols = verb != nullptr && verb->manner == Manner::kEnrols;
  }
  const absl::Status opened = OpenProfile(enrols);
  if (!opened.ok()) return Refused(opened);
  const Desk open_desk = {
      .face = &profile_->face(), .printer = desk.printer, .clock = desk.clock};
  const Outcome outcome =
      body.has_value() ? RunOnce(invocation_, *std::move(body), open_desk)
                       : Watch(invocation_, open_desk);
  profile_.reset();
  if (made_ && outcome.refused_whole) {
    Profile::Remove(invocation_.globals.profile);
  }
  return outcome.exit_code;
}

int Program::Run() {
  SetLogLevel(invocation_.globals.verbose ? LogLevel::kInfo : LogLevel::kError);
  if (invocation_.session || invocation_.follow) BlockSignals();
  return invocation_.session ? RunSession() : RunCommand();
}

}  // namespace
}  // namespace cordon::cli

int main(int argc, char** argv) {
  cordon::cli::RefuseCoreDumps();
  cordon::SkipLockChecks();
  cordon::cli::RestrictTlsVersions();
  if (cordon::cli::Environment("GRPC_VERBOSITY").empty()) {
    cordon::client::QuietGrpc();
  }
  // Who reads our output may end before us; writing says so.
  (void)std::signal(SIGPIPE, SIG_IGN);
  std::variant<cordon::cli::Invocation, cordon::cli::ExitCommand> asked =
      cordon::cli::ParseCommandLine(argc, argv,
                                    cordon::cli::GlobalsOfEnvironment());
  if (const auto* exit = std::get_if<cordon::cli::ExitCommand>(&asked)) {
    return exit->code;
  }
  return cordon::cli::Program(
             std::get<cordon::cli::Invocation>(std::move(asked)))
      .Run();
}
