#ifndef CORDON_TESTS_REPLAY_SESSION_H_
#define CORDON_TESTS_REPLAY_SESSION_H_

// One organisation's device: a `cordon session` with a profile of its own,
// asked in JSON lines (client/cli/README.md).
// Threads: the loop's.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json.hpp>

#include "tests/replay/cast.h"
#include "tests/replay/child.h"
#include "tests/replay/loop.h"

namespace cordon::replay {

using nlohmann::json;

class Session {
 public:
  using TakeResult = std::function<void(const json& result)>;
  // `error` is null when it was done.
  using TakeAnswer = std::function<void(const json& result, const json& error)>;
  using TakeEvent = std::function<void(Session& session, const json& event)>;

  // Borrows both for its life.
  Session(const Organisation* organisation, Loop* loop)
      : organisation_(*organisation), loop_(*loop) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  const Organisation& organisation() const { return organisation_; }
  const std::string& name() const { return organisation_.name; }
  Child* child() const { return child_.get(); }
  // The vault is open.
  bool ready() const { return ready_; }

  // Start runs the program; `log` takes its stderr.
  absl::Status Start(const std::vector<std::string>& argv,
                     const std::string& log);

  // Ask sends a verb; a refusal ends the replay.
  void Ask(json command, TakeResult take);
  // AskWhatever hands refusals on too.
  void AskWhatever(json command, TakeAnswer take);
  // What comes unasked goes to the act that is on.
  void OnEvent(TakeEvent take) { take_event_ = std::move(take); }

  // How many records this device has said to have stored.
  uint64_t arrivals() const { return arrivals_; }

 private:
  void TakeLine(absl::string_view line);
  void TakeAnswerLine(const json& line);
  void Fail(absl::string_view what);

  const Organisation& organisation_;
  Loop& loop_;
  std::unique_ptr<Child> child_;
  bool ready_ = false;
  uint64_t last_id_ = 0;
  uint64_t arrivals_ = 0;
  std::map<uint64_t, TakeAnswer> asked_;
  TakeEvent take_event_;
};

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_SESSION_H_
