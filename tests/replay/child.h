#ifndef CORDON_TESTS_REPLAY_CHILD_H_
#define CORDON_TESTS_REPLAY_CHILD_H_

// One program that runs beside us: lines to its stdin, lines from its stdout,
// its stderr in a file. It dies with us: destroying the object kills it, and
// the kernel does if we are killed ourselves.
// Threads: none; pipes are watched by a Loop (loop.h).

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cordon::replay {

class Child {
 public:
  // Start runs argv[0], a path; what it says on stderr goes to `log`.
  static absl::StatusOr<std::unique_ptr<Child>> Start(
      const std::vector<std::string>& argv, const std::string& log);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  // Kills it if it still runs.
  ~Child();

  pid_t pid() const { return pid_; }
  // LastWords is the end of what it said on stderr.
  std::string LastWords() const;
  int input() const { return input_; }    // -1: closed
  int output() const { return output_; }  // -1: at its end
  bool has_unwritten() const { return !unwritten_.empty(); }

  // Say adds a line to what its stdin gets; never blocks.
  void Say(absl::string_view line);
  // WriteSome writes what the pipe takes now.
  void WriteSome();
  // ReadSome calls `take` for every whole line that is there.
  void ReadSome(absl::FunctionRef<void(absl::string_view)> take);
  void CloseInput();

  void Signal(int number) const;
  // Reap asks whether it has ended: its wait status, once known.
  std::optional<int> Reap();

 private:
  Child(pid_t pid, int input, int output, std::string log)
      : pid_(pid), input_(input), output_(output), log_(std::move(log)) {}

  const pid_t pid_;
  int input_;
  int output_;
  const std::string log_;
  std::string unwritten_;
  std::string unread_;
  std::optional<int> ended_;
};

// Ended well: by itself with code 0.
bool EndedWell(int wait_status);
// HowItEnded is for people: "exit code 1", "signal 9".
std::string HowItEnded(int wait_status);

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_CHILD_H_
