#include "tests/e2e/programs.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "crypto/base/check.h"

namespace cordon::testing {
namespace {

struct Ends {
  int read = -1;
  int write = -1;
};

Ends Pipe() {
  std::array<int, 2> ends = {-1, -1};
  CORDON_CHECK(pipe2(ends.data(), O_CLOEXEC) == 0);
  return {ends[0], ends[1]};
}

void CloseFile(int& file) {
  if (file >= 0) close(file);
  file = -1;
}

// Appends what is there; closes the file at its end.
void Drain(int& file, std::string& text) {
  std::array<char, 16 * 1024> buffer;
  const ssize_t got = read(file, buffer.data(), buffer.size());
  if (got > 0) {
    text.append(buffer.data(), static_cast<size_t>(got));
  } else {
    CloseFile(file);
  }
}

}  // namespace

Program::Program(const std::string& path,
                 const std::vector<std::string>& arguments) {
  // A program that ended takes no input; writing says so.
  (void)signal(SIGPIPE, SIG_IGN);
  const Ends in = Pipe();
  const Ends out = Pipe();
  const Ends err = Pipe();
  std::vector<std::string> words = {path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = fork();
  CORDON_CHECK(pid_ >= 0);
  if (pid_ == 0) {
    // A session of its own: no terminal to ask anybody on.
    (void)setsid();
    (void)dup2(in.read, STDIN_FILENO);
    (void)dup2(out.write, STDOUT_FILENO);
    (void)dup2(err.write, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(in.read);
  close(out.write);
  close(err.write);
  in_ = in.write;
  out_ = out.read;
  err_ = err.read;
}

Program::~Program() {
  if (pid_ != 0) {
    (void)kill(pid_, SIGKILL);
    (void)waitpid(pid_, nullptr, 0);
  }
  CloseFile(in_);
  CloseFile(out_);
  CloseFile(err_);
}

void Program::Write(const std::string& text) {
  absl::string_view left = text;
  while (!left.empty()) {
    const ssize_t wrote = write(in_, left.data(), left.size());
    if (wrote <= 0) return;
    left.remove_prefix(static_cast<size_t>(wrote));
  }
}

void Program::CloseInput() {
  CloseFile(in_);
}

void Program::Signal(int signal) {
  CORDON_CHECK(kill(pid_, signal) == 0);
}

bool Program::Collect(absl::Time deadline) {
  const int64_t left =
      std::max<int64_t>(0, absl::ToInt64Milliseconds(deadline - absl::Now()));
  std::array<pollfd, 2> waiting = {
      {{.fd = out_, .events = POLLIN, .revents = 0},
       {.fd = err_, .events = POLLIN, .revents = 0}}};
  if (poll(waiting.data(), waiting.size(), static_cast<int>(left)) > 0) {
    if (waiting[0].revents != 0) Drain(out_, out_text_);
    if (waiting[1].revents != 0) Drain(err_, err_text_);
  }
  return out_ >= 0 || err_ >= 0;
}

std::string Program::ReadLine() {
  const absl::Time deadline = absl::Now() + kProgramPatience;
  while (true) {
    const size_t end = out_text_.find('\n');
    if (end != std::string::npos) {
      const std::string line = out_text_.substr(0, end);
      out_text_.erase(0, end + 1);
      return line;
    }
    if (out_ < 0 || absl::Now() >= deadline) return "";
    Collect(deadline);
  }
}

Ended Program::Wait() {
  CloseInput();
  const absl::Time deadline = absl::Now() + kProgramPatience;
  while (Collect(deadline)) {
    if (absl::Now() >= deadline) (void)kill(pid_, SIGKILL);
  }
  int status = 0;
  CORDON_CHECK(waitpid(pid_, &status, 0) == pid_);
  pid_ = 0;
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = std::move(out_text_),
          .err = std::move(err_text_)};
}

Ended RunProgram(const std::string& path,
                 const std::vector<std::string>& arguments,
                 const std::string& input) {
  Program program(path, arguments);
  program.Write(input);
  return program.Wait();
}

TestRelay::TestRelay() : TestRelay("") {}

TestRelay::TestRelay(const std::string& data)
    : data_(data.empty() ? folder_.File("relay") : data) {
  const Ended init = RunProgram(
      CORDON_CORDOND, {"init", "--data", data_, "--host", "127.0.0.1"});
  CORDON_CHECK(init.exit_code == 0);
  absl::string_view out = init.out;
  CORDON_CHECK(absl::ConsumePrefix(&out, "pin         "));
  pin_ = std::string(out.substr(0, out.find('\n')));
  out.remove_prefix(out.find('\n') + 1);
  CORDON_CHECK(absl::ConsumePrefix(&out, "set-up code "));
  setup_code_ = std::string(out.substr(0, out.find('\n')));
}

void TestRelay::Start(const std::vector<std::string>& more) {
  std::vector<std::string> words = {"serve", "--data", data_, "--listen",
                                    address()};
  words.insert(words.end(), more.begin(), more.end());
  serving_ = std::make_unique<Program>(CORDON_CORDOND, words);
  const std::string line = serving_->ReadLine();
  absl::string_view port = line;
  CORDON_CHECK(absl::ConsumePrefix(&port, "cordond listening on 127.0.0.1:"));
  port_ = std::string(port);
}

void TestRelay::Stop() {
  serving_->Signal(SIGTERM);
  CORDON_CHECK(serving_->Wait().exit_code == 0);
  serving_ = nullptr;
}

void TestRelay::Kill() {
  serving_->Signal(SIGKILL);
  (void)serving_->Wait();
  serving_ = nullptr;
}

std::string TestRelay::address() const {
  return absl::StrCat("127.0.0.1:", port_);
}

Person::Person(const std::string& name)
    : passphrase_(absl::StrCat("the passphrase of ", name)) {
  WriteFile("passphrase", absl::StrCat(passphrase_, "\n"));
  WriteFile("root_passphrase", "the passphrase of the root\n");
}

void Person::WriteFile(const std::string& name,
                       const std::string& content) const {
  std::FILE* const file = std::fopen(File(name).c_str(), "wb");
  CORDON_CHECK(file != nullptr);
  CORDON_CHECK(std::fwrite(content.data(), 1, content.size(), file) ==
               content.size());
  CORDON_CHECK(std::fclose(file) == 0);
}

std::vector<std::string> Person::Complete(
    std::vector<std::string> words) const {
  const std::vector<std::string> more = {"--profile",
                                         profile(),
                                         "--passphrase-file",
                                         File("passphrase"),
                                         "--root-passphrase-file",
                                         File("root_passphrase")};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Ended Person::Cordon(std::vector<std::string> words, const std::string& input) {
  words.emplace_back("--json");
  return RunProgram(CORDON_CORDON, Complete(std::move(words)), input);
}

Ended Person::Shown(std::vector<std::string> words) {
  return RunProgram(CORDON_CORDON, Complete(std::move(words)));
}

std::unique_ptr<Program> Person::Begin(std::vector<std::string> words) {
  words.emplace_back("--json");
  return std::make_unique<Program>(CORDON_CORDON, Complete(std::move(words)));
}

}  // namespace cordon::testing
