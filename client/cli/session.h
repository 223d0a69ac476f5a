#ifndef CORDON_CLIENT_CLI_SESSION_H_
#define CORDON_CLIENT_CLI_SESSION_H_

// The long conversation with a program: commands as JSON lines on standard
// input, answers and the events that were asked for on standard output. The
// protocol is README.md's.
//
// Commands run at the same time; at most kCommandsUnderWayMax are under way,
// then standard input is not read. Lines may hold an invitation: they are wiped
// when they have been read.
// Threads: the face's; SIGINT and SIGTERM are blocked in every thread.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/cli/face.h"
#include "client/cli/json_text.h"
#include "client/cli/secrets.h"
#include "client/cli/verb.h"
#include "client/core/event.h"
#include "crypto/base/clock.h"

namespace cordon::cli {

inline constexpr size_t kSessionLineBytesMax = kJsonBytesMax;
// How long a session waits for what is under way after a signal.
inline constexpr absl::Duration kSignalPatience = absl::Seconds(1);

// ParseEventKinds reads "none", "all" or kinds with commas between.
absl::StatusOr<EventKinds> ParseEventKinds(absl::string_view text);

// EventJson is the event as `wanted` kinds ask for it; null for one of the
// others, and for an answer. A record may be wanted in both forms: `put` is
// called for each.
void PutEvent(const FaceItem& item, EventKinds wanted,
              absl::FunctionRef<void(const Json&)> put);

class Session {
 public:
  struct Parts {
    Face* face;
    Secrets* secrets;
    const Clock* clock;
    absl::TimeZone zone;
    int in;  // file descriptors
    int out;
  };
  Session(const Parts& parts, EventKinds wanted);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Run gives the exit code, after `quit`, the end of input or a signal.
  int Run();

 private:
  enum class State : uint8_t {
    kOpen = 1,
    kEnding = 2,  // no more commands; what is under way is answered
    kBroken = 3   // nobody reads what we write
  };

  struct Asked {
    uint64_t id = 0;  // the caller's
    bool enrols = false;
  };

  void ReadSome();
  void HandleLines();
  void HandleLine(absl::string_view line);
  void HandleCommand(uint64_t id, Json command);
  void WantEvents(uint64_t id, const Json& command);
  void HandleItem(FaceItem& item);
  void PutReady(const absl::StatusOr<client::AnswerBody>& who);

  void PutDone(uint64_t id, Json result);
  void PutRefused(uint64_t id, const Refusal& refusal);
  void Put(const Json& line);
  void Flush();
  bool MayBegin() const;
  bool Done() const;
  void WaitForSomething(int signals);

  const Parts parts_;
  EventKinds wanted_;
  State state_ = State::kOpen;
  uint64_t opening_ = 0;  // the face's id of the first question: who we are
  bool ready_ = false;
  bool quit_asked_ = false;
  uint64_t quit_id_ = 0;
  absl::Time give_up_ = absl::InfiniteFuture();
  std::string input_;  // what was read and not handled yet
  bool input_ended_ = false;
  bool has_whole_line_ = false;  // in input_
  bool skipping_ = false;        // the rest of an overlong line
  std::string output_;
  std::map<uint64_t, Asked> under_way_;  // by the face's id
};

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_SESSION_H_
