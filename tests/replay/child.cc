#include "tests/replay/child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace cordon::replay {
namespace {

constexpr size_t kReadBytes = 64 * 1024;
constexpr mode_t kLogMode = 0600;
constexpr int kExecFailed = 127;
constexpr size_t kLastWordsBytes = 500;

absl::Status Failed(absl::string_view what) {
  return absl::InternalError(
      absl::StrCat("cannot ", what, ": ", std::strerror(errno)));
}

// In the new process: only calls that are safe between fork and exec.
[[noreturn]] void Become(char* const* argv, int input, int output, int log) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execv(argv[0], argv);
  _exit(kExecFailed);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Child>> Child::Start(
    const std::vector<std::string>& argv, const std::string& log) {
  std::vector<std::string> words = argv;
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  std::array<int, 2> input{};
  std::array<int, 2> output{};
  if (pipe2(input.data(), O_CLOEXEC) != 0) return Failed("make a pipe");
  if (pipe2(output.data(), O_CLOEXEC) != 0) {
    close(input[0]);
    close(input[1]);
    return Failed("make a pipe");
  }
  const int error =
      open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kLogMode);
  const pid_t pid = error < 0 ? -1 : fork();
  if (pid == 0) Become(pointers.data(), input[0], output[1], error);
  const absl::Status failure = Failed(absl::StrCat("start ", argv[0]));
  close(input[0]);
  close(output[1]);
  if (error >= 0) close(error);
  if (pid < 0) {
    close(input[1]);
    close(output[0]);
    return failure;
  }
  fcntl(input[1], F_SETFL, O_NONBLOCK);
  fcntl(output[0], F_SETFL, O_NONBLOCK);
  return std::unique_ptr<Child>(new Child(pid, input[1], output[0], log));
}

Child::~Child() {
  CloseInput();
  if (output_ >= 0) close(output_);
  if (Reap().has_value()) return;
  Signal(SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Child::Say(absl::string_view line) {
  if (input_ < 0) return;
  absl::StrAppend(&unwritten_, line, "\n");
  WriteSome();
}

void Child::WriteSome() {
  while (input_ >= 0 && !unwritten_.empty()) {
    const ssize_t done = write(input_, unwritten_.data(), unwritten_.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0 && errno == EAGAIN) return;
    if (done < 0) {
      // Its end shows on the other pipe; what was to be said is lost with it.
      unwritten_.clear();
      CloseInput();
      return;
    }
    unwritten_.erase(0, static_cast<size_t>(done));
  }
}

void Child::ReadSome(absl::FunctionRef<void(absl::string_view)> take) {
  std::array<char, kReadBytes> buffer;
  const ssize_t got = read(output_, buffer.data(), buffer.size());
  if (got < 0) return;  // Nothing now: the loop comes back.
  if (got == 0) {
    close(output_);
    output_ = -1;
    return;
  }
  unread_.append(buffer.data(), static_cast<size_t>(got));
  size_t begin = 0;
  for (size_t end = unread_.find('\n'); end != std::string::npos;
       end = unread_.find('\n', begin)) {
    take(absl::string_view(unread_).substr(begin, end - begin));
    begin = end + 1;
  }
  unread_.erase(0, begin);
}

void Child::CloseInput() {
  if (input_ < 0) return;
  close(input_);
  input_ = -1;
}

std::string Child::LastWords() const {
  std::ifstream in(log_);
  const std::string all{std::istreambuf_iterator<char>(in),
                        std::istreambuf_iterator<char>()};
  return all.size() <= kLastWordsBytes
             ? all
             : all.substr(all.size() - kLastWordsBytes);
}

void Child::Signal(int number) const {
  if (!ended_.has_value()) kill(pid_, number);
}

std::optional<int> Child::Reap() {
  int status = 0;
  if (!ended_.has_value() && waitpid(pid_, &status, WNOHANG) == pid_) {
    ended_ = status;
  }
  return ended_;
}

bool EndedWell(int wait_status) {
  return WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
}

std::string HowItEnded(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    return absl::StrCat("signal ", WTERMSIG(wait_status));
  }
  return absl::StrCat("exit code ", WEXITSTATUS(wait_status));
}

}  // namespace cordon::replay
