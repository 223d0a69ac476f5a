#ifndef CORDON_TESTS_E2E_PROGRAMS_H_
#define CORDON_TESTS_E2E_PROGRAMS_H_

// The real programs in processes of their own, each bounded in time and ended
// with its object.
//
// Failures to start end the test program: nothing can be shown without it.
// Threads: one at a time.

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "tests/support/temp_folder.h"

namespace cordon::testing {

inline constexpr absl::Duration kProgramPatience = absl::Seconds(60);

// What a program printed and how it ended.
struct Ended {
  int exit_code = -1;  // -1: by a signal, or killed because it took too long
  std::string out{};
  std::string err{};
};

// A running program. Its output is collected while somebody waits for it.
class Program {
 public:
  Program(const std::string& path, const std::vector<std::string>& arguments);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  // Kills what still runs.
  ~Program();

  void Write(const std::string& text);
  void CloseInput();
  void Signal(int signal);

  // ReadLine waits for the next line of standard output; "" at its end or when
  // patience ran out.
  std::string ReadLine();
  // Wait closes the input, collects the rest and gives how it ended.
  Ended Wait();

  pid_t pid() const { return pid_; }

 private:
  // Reads what is there; false at the end of both outputs.
  bool Collect(absl::Time deadline);

  pid_t pid_ = 0;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  std::string out_text_;
  std::string err_text_;
};

Ended RunProgram(const std::string& path,
                 const std::vector<std::string>& arguments,
                 const std::string& input = "");

// A relay on a port of its choice.
class TestRelay {
 public:
  TestRelay();
  // In a folder of the test's own.
  explicit TestRelay(const std::string& data);

  // `more`: further words for `cordond serve`.
  void Start(const std::vector<std::string>& more = {});
  void Stop();
  // Kill is kill -9; Start goes on with the same folder and port.
  void Kill();

  const std::string& pin() const { return pin_; }
  const std::string& setup_code() const { return setup_code_; }
  std::string address() const;
  const std::string& data() const { return data_; }
  pid_t pid() const { return serving_->pid(); }

 private:
  TempFolder folder_;
  const std::string data_;
  std::string pin_;
  std::string setup_code_;
  std::string port_ = "0";
  std::unique_ptr<Program> serving_;
};

// A profile folder and the program on it.
class Person {
 public:
  explicit Person(const std::string& name);

  // Cordon runs `cordon words… --profile … --json` to its end.
  Ended Cordon(std::vector<std::string> words, const std::string& input = "");
  // Shown runs it without --json: what a person sees.
  Ended Shown(std::vector<std::string> words);
  // Begin starts it and does not wait.
  std::unique_ptr<Program> Begin(std::vector<std::string> words);

  std::string profile() const { return folder_.File("profile"); }
  // The vault's.
  const std::string& passphrase() const { return passphrase_; }
  std::string File(const std::string& name) const { return folder_.File(name); }
  void WriteFile(const std::string& name, const std::string& content) const;

 private:
  std::vector<std::string> Complete(std::vector<std::string> words) const;

  TempFolder folder_;
  const std::string passphrase_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_E2E_PROGRAMS_H_
