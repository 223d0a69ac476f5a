#include "tests/support/relay_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "crypto/base/check.h"
#include "crypto/cert/pin.h"
#include "server/data_folder.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::testing {
namespace {

struct Child {
  pid_t pid = 0;
  int out = -1;  // its standard output
};

// Spawn starts the program that the build put beside the tests. What it logs
// goes to `log`, or where our own errors go if that is empty.
Child Spawn(const std::vector<std::string>& arguments,
            const std::string& log = {}) {
  int ends[2];
  CORDON_CHECK(pipe2(ends, O_CLOEXEC) == 0);
  std::vector<std::string> words = {CORDON_CORDOND};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t pid = fork();
  CORDON_CHECK(pid >= 0);
  if (pid == 0) {
    dup2(ends[1], STDOUT_FILENO);
    if (!log.empty()) {
      dup2(open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600),
           STDERR_FILENO);
    }
    execv(CORDON_CORDOND, argv.data());
    _exit(127);
  }
  close(ends[1]);
  return {pid, ends[0]};
}

std::string ReadLine(int file) {
  std::string line;
  char c = 0;
  while (read(file, &c, 1) == 1 && c != '\n') line.push_back(c);
  return line;
}

int ExitCodeOf(pid_t pid) {
  int status = 0;
  CORDON_CHECK(waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

Finished RunCordond(const std::vector<std::string>& arguments) {
  const Child child = Spawn(arguments);
  Finished finished;
  char buffer[4096];
  while (true) {
    const ssize_t got = read(child.out, buffer, sizeof(buffer));
    if (got <= 0) break;
    finished.out.append(buffer, static_cast<size_t>(got));
  }
  close(child.out);
  finished.exit_code = ExitCodeOf(child.pid);
  return finished;
}

RelayProcess::RelayProcess() {
  const Finished init =
      RunCordond({"init", "--data", data(), "--host", "127.0.0.1,localhost"});
  CORDON_CHECK(init.exit_code == 0);
  absl::string_view out = init.out;
  CORDON_CHECK(absl::ConsumePrefix(&out, "pin         "));
  const size_t line = out.find('\n');
  absl::StatusOr<cert::Pin> pin = cert::ParsePin(out.substr(0, line));
  CORDON_CHECK(pin.ok());
  pin_ = *pin;
  out.remove_prefix(line + 1);
  CORDON_CHECK(absl::ConsumePrefix(&out, "set-up code "));
  setup_code_ = std::string(out.substr(0, out.find('\n')));
}

RelayProcess::~RelayProcess() {
  if (pid_ != 0) Kill();
}

void RelayProcess::LogToFile() {
  log_ = folder_.File("log");
}

void RelayProcess::Start(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"serve", "--data", data(), "--listen",
                                        "127.0.0.1:0"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  StartWith(arguments);
}

void RelayProcess::StartWith(const std::vector<std::string>& arguments) {
  const Child child = Spawn(arguments, log_);
  const std::string line = ReadLine(child.out);
  close(child.out);
  pid_ = child.pid;
  absl::string_view port = line;
  CORDON_CHECK(absl::ConsumePrefix(&port, "cordond listening on 127.0.0.1:"));
  CORDON_CHECK(absl::SimpleAtoi(port, &port_));
}

std::string RelayProcess::address() const {
  return absl::StrCat("127.0.0.1:", port_);
}

int RelayProcess::Wait() {
  return ExitCodeOf(std::exchange(pid_, 0));
}

void RelayProcess::Kill() {
  CORDON_CHECK(kill(pid_, SIGKILL) == 0);
  Wait();
}

int RelayProcess::Stop() {
  CORDON_CHECK(kill(pid_, SIGTERM) == 0);
  return Wait();
}

void RelayProcess::Edit(
    const std::function<void(relay::Stores&, sqlite::Transaction&)>& edit) {
  CORDON_CHECK(pid_ == 0);
  absl::StatusOr<std::unique_ptr<sqlite::Db>> db =
      server::OpenDatabase({.path = data()}, sqlite::OpenMode::kMustExist);
  CORDON_CHECK(db.ok());
  absl::StatusOr<relay::Stores> stores = relay::OpenStores(db->get());
  CORDON_CHECK(stores.ok());
  absl::StatusOr<sqlite::Transaction> txn =
      sqlite::Transaction::Begin(db->get());
  CORDON_CHECK(txn.ok());
  edit(*stores, *txn);
  CORDON_CHECK(txn->Commit().ok());
}

}  // namespace cordon::testing
