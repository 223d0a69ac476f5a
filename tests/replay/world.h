#ifndef CORDON_TESTS_REPLAY_WORLD_H_
#define CORDON_TESTS_REPLAY_WORLD_H_

// Everything of one replay: the plan, its folder, the relay, a session for each
// organisation, and what was measured. Destroying it ends every program and
// removes the folder unless it is to be kept.
// Threads: one.

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "tests/replay/cases.h"
#include "tests/replay/cast.h"
#include "tests/replay/child.h"
#include "tests/replay/loop.h"
#include "tests/replay/plan.h"
#include "tests/replay/report.h"
#include "tests/replay/session.h"

namespace cordon::replay {

inline constexpr absl::string_view kOperation = "stop3";

struct Options {
  bool small = false;
  bool tamper = false;   // for tests: one more piece in one line of one record
  std::string keep;      // folder to leave; empty: a temporary one
  std::string programs;  // folder with cordond and cordon
};

class World {
 public:
  // Open makes the folder and its parts.
  static absl::StatusOr<std::unique_ptr<World>> Open(const Options& options);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  const Options& options() const { return options_; }
  const Published& published() const { return plan_.published; }
  const std::vector<Organisation>& cast() const { return cast_; }
  const std::vector<Case>& cases() const { return cases_; }
  Loop& loop() { return loop_; }
  Measures& measures() { return measures_; }
  Session& session(size_t index) { return *sessions_[index]; }
  size_t size() const { return sessions_.size(); }
  // The coordinating unit is the first of the cast.
  Session& unit() { return *sessions_[0]; }

  std::string Path(absl::string_view name) const;
  std::string Program(absl::string_view name) const;
  std::string ProfileOf(const Organisation& organisation) const;

  // StartRelay makes a relay and runs it.
  absl::Status StartRelay();
  const std::string& address() const { return address_; }
  const std::string& pin() const { return pin_; }
  const std::string& setup_code() const { return setup_code_; }
  pid_t relay() const { return relay_->pid(); }
  // StartSession opens an organisation's profile.
  absl::Status StartSession(size_t index);

  // OnEvent hands every session's events to the act that is on, counted.
  void OnEvent(const Session::TakeEvent& take);
  // Phase says what begins and notes how long the one before took.
  void Phase(const std::string& name);
  // Stop ends all programs as a person would, and measures what is left.
  absl::Status Stop();
  // How to go on by hand, with --keep.
  std::string HowToGoOn() const;

 private:
  World(const Options& options, std::string folder);
  absl::Status MakeFolders() const;
  absl::Status EndSessions();
  absl::Status EndRelay();

  const Options options_;
  const Plan& plan_;
  const std::string folder_;
  const std::vector<Organisation> cast_;
  std::vector<Case> cases_;
  Loop loop_;
  Measures measures_;
  absl::Time phase_began_;
  std::string phase_;
  std::set<std::string> record_ids_;
  std::string address_;
  std::string pin_;
  std::string setup_code_;
  std::unique_ptr<Child> relay_;
  std::vector<std::unique_ptr<Session>> sessions_;
};

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_WORLD_H_
