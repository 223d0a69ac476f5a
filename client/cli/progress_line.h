#ifndef CORDON_CLIENT_CLI_PROGRESS_LINE_H_
#define CORDON_CLIENT_CLI_PROGRESS_LINE_H_

// What is shown while a command runs: nothing for kQuietTime, since most are
// done by then; after that how far it has come, also if it has said so only
// once, at its beginning, or never.
// Threads: values.

#include <optional>
#include <string>

#include "absl/time/time.h"

#include "client/core/event.h"

namespace cordon::cli {

inline constexpr absl::Duration kQuietTime = absl::Seconds(1);

// ProgressText is "sending: 12 MB of 40 MB", for people.
std::string ProgressText(const client::Progress& progress);

class ProgressLine {
 public:
  explicit ProgressLine(absl::Time begun) : quiet_until_(begun + kQuietTime) {}

  void Note(const client::Progress& progress) { newest_ = progress; }

  // Due gives what is to be shown from now on, once for each change.
  std::optional<std::string> Due(absl::Time now);
  // Until when there is nothing to show if nothing happens.
  absl::Time next() const {
    return shows_ ? absl::InfiniteFuture() : quiet_until_;
  }

 private:
  const absl::Time quiet_until_;
  bool shows_ = false;
  std::optional<client::Progress> newest_;  // that was not shown
};

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_PROGRESS_LINE_H_
