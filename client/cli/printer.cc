#include "client/cli/printer.h"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json.hpp>

#include "client/cli/json_out.h"
#include "client/cli/json_text.h"
#include "client/cli/number_text.h"
#include "client/cli/screen.h"
#include "client/cli/show.h"
#include "client/cli/terminal.h"
#include "client/cli/verb.h"
#include "client/core/event.h"
#include "client/core/model/record.h"

namespace cordon::cli {
namespace {

void Err(absl::string_view text) {
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
}

// A result that is one list of objects is printed a line for each.
std::string Lines(const Json& result) {
  if (result.size() == 1 && result.begin()->is_array()) {
    const Json& list = *result.begin();
    if (list.empty()) return "";
    if (list.front().is_object()) {
      std::string lines;
      for (const Json& one : list) absl::StrAppend(&lines, JsonLine(one), "\n");
      return lines;
    }
  }
  return absl::StrCat(JsonLine(result), "\n");
}

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

Printer::Printer(Screen screen, bool json)
    : screen_(screen), json_(json), live_(!json && IsTerminal(STDERR_FILENO)) {}

Printer::~Printer() {
  ClearProgress();
}

void Printer::Out(absl::string_view text) {
  ClearProgress();
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
      std::fflush(stdout) != 0) {
    ok_ = false;
  }
}

void Printer::Answer(const client::AnswerBody& answer) {
  Out(json_ ? Lines(AnswerJson(answer)) : ShowAnswer(screen_, answer));
}

void Printer::Record(const client::RecordView& record) {
  Out(json_ ? absl::StrCat(JsonLine(ToJson(record)), "\n")
            : Show(screen_, record));
}

void Printer::Refused(const Refusal& refusal) {
  ClearProgress();
  if (json_) {
    Err(absl::StrCat(JsonLine({{"error", ToJson(refusal)}}), "\n"));
  } else {
    Err(absl::StrCat("cordon: ", Clean(RefusalText(refusal)), "\n"));
  }
}

void Printer::Remark(absl::string_view text) {
  if (json_) return;
  ClearProgress();
  Err(absl::StrCat(Clean(text), "\n"));
}

void Printer::ShowProgress(const client::Progress& progress) {
  if (!live_) return;
  Err(absl::StrCat("\r\x1b[K", ProgressText(progress), " "));
  shows_progress_ = true;
}

void Printer::ClearProgress() {
  if (!shows_progress_) return;
  Err("\r\x1b[K");
  shows_progress_ = false;
}

}  // namespace cordon::cli
