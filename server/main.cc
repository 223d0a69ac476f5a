// cordond: flags to a command, the command to one function, the outcome to an
// exit code. 0 done, 1 refused or failed, 2 wrong usage.

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "crypto/base/clock.h"
#include "crypto/base/lock_checks.h"
#include "crypto/base/random.h"
#include "crypto/cert/pin.h"
#include "server/backup.h"
#include "server/config.h"
#include "server/init.h"
#include "server/rpc/tls.h"
#include "server/run_relay.h"

namespace cordon::server {
namespace {

// An image of this process would hold the database key. Best effort.
void RefuseCoreDumps() {
  const rlimit none = {0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
  (void)prctl(PR_SET_DUMPABLE, 0);
}

int Report(const absl::Status& status) {
  if (status.ok()) return 0;
  const std::string line =
      absl::StrCat("cordond: ", std::string(status.message()), "\n");
  std::fputs(line.c_str(), stderr);
  return 1;
}

void Say(const std::string& text) {
  std::fputs(text.c_str(), stdout);
}

// Says on stderr what goes on, once a second at most, first after one.
class SlowTeller {
 public:
  void Tell(const std::string& what) {
    const absl::Time now = SystemClock().Now();
    if (now - last_ < absl::Seconds(1)) return;
    last_ = now;
    std::fputs(absl::StrCat("cordond: ", what, "\n").c_str(), stderr);
  }

 private:
  absl::Time last_ = SystemClock().Now();
};

struct Runner {
  int operator()(const InitCommand& command) const {
    const absl::StatusOr<NewRelay> made =
        InitRelay(command, SystemClock(), SystemRandom());
    if (!made.ok()) return Report(made.status());
    const std::string text = absl::StrCat(
        "pin         ", cert::PinText(made->pin), "\n", "set-up code ",
        made->setup_code, "\n\n",
        "The code is shown once and works once. Give both to the authority's "
        "coordinator.\n");
    Say(text);
    return 0;
  }
  int operator()(const ServeCommand& command) const {
    return Report(RunRelay(command));
  }
  int operator()(const BackupCommand& command) const {
    SlowTeller teller;
    const absl::Status done = BackUp(
        command, [&teller](const std::string& what) { teller.Tell(what); });
    if (done.ok()) {
      Say(absl::StrCat("Backed up into ", command.to, ".",
                       command.with_key
                           ? " The database key is in it: keep it as safe as "
                             "the relay itself.\n"
                           : " The database key is not in it: keep a copy of "
                             "that somewhere else, or nothing of this can be "
                             "read.\n"));
    }
    return Report(done);
  }
  int operator()(const RestoreCommand& command) const {
    SlowTeller teller;
    const absl::Status done = Restore(
        command, [&teller](const std::string& what) { teller.Tell(what); });
    if (done.ok()) {
      Say(absl::StrCat("Restored into ", command.data.path,
                       "; `cordond serve` goes on with it.\n"));
    }
    return Report(done);
  }
  int operator()(const ExitCommand& command) const { return command.code; }
};

}  // namespace
}  // namespace cordon::server

// What a library throws ends the program, as it should.
// NOLINTNEXTLINE(bugprone-exception-escape): see above.
int main(int argc, char** argv) {
  cordon::server::RefuseCoreDumps();
  cordon::server::RestrictTlsVersions();
  cordon::SkipLockChecks();
  return std::visit(cordon::server::Runner(),
                    cordon::server::ParseCommandLine(argc, argv));
}
