#include "client/cli/progress_line.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/cli/number_text.h"
#include "client/cli/screen.h"
#include "client/core/event.h"

namespace cordon::cli {
namespace {

absl::string_view StageWords(client::Stage stage) {
  switch (stage) {
    case client::Stage::kMakingKeys:
      return "making keys";
    case client::Stage::kWaitingForApproval:
      return "waiting to be approved";
    case client::Stage::kAskingRelay:
      return "asking the relay";
    case client::Stage::kClaimingKeys:
      return "fetching keys of those to come in";
    case client::Stage::kCommitting:
      return "changing rooms";
    case client::Stage::kSealingFile:
      return "sealing";
    case client::Stage::kSendingFile:
      return "sending";
    case client::Stage::kFetchingFile:
      return "fetching";
    case client::Stage::kOpeningFile:
      return "opening";
    case client::Stage::kCatchingUp:
      return "reading what is new";
    case client::Stage::kSendingRecords:
      return "sending records";
    case client::Stage::kWaitingForNewcomers:
      return "waiting for newcomers to come in";
  }
  return "working";
}

bool CountsBytes(client::Stage stage) {
  return stage == client::Stage::kSealingFile ||
         stage == client::Stage::kSendingFile ||
         stage == client::Stage::kFetchingFile ||
         stage == client::Stage::kOpeningFile;
}

}  // namespace

std::string ProgressText(const client::Progress& progress) {
  std::string text(StageWords(progress.stage));
  const auto amount = [&](uint64_t count) {
    return CountsBytes(progress.stage) ? SizeText(count) : GroupedText(count);
  };
  if (progress.total > 0) {
    absl::StrAppend(&text, ": ", amount(progress.done), " of ",
                    amount(progress.total));
  } else if (progress.done > 0) {
    absl::StrAppend(&text, ": ", amount(progress.done));
  }
  return text;
}

std::optional<std::string> ProgressLine::Due(absl::Time now) {
  if (now < quiet_until_) return std::nullopt;
  const bool first = !std::exchange(shows_, true);
  const std::optional<client::Progress> newest =
      std::exchange(newest_, std::nullopt);
  if (newest.has_value()) return ProgressText(*newest);
  return first ? std::optional<std::string>("working") : std::nullopt;
}

}  // namespace cordon::cli
