#include "client/cli/printer.h"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json.hpp>

#include "client/cli/json_out.h"
#include "client/cli/json_text.h"
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

}  // namespace

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
            : absl::StrCat(screen_.Paint(Ink::kFaint, OneLine(record.room)),
                           "  ", Show(screen_, record)));
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

void Printer::ShowProgress(absl::string_view text) {
  if (!live_) return;
  Err(absl::StrCat("\r\x1b[K", text, " "));
  shows_progress_ = true;
}

void Printer::ClearProgress() {
  if (!shows_progress_) return;
  Err("\r\x1b[K");
  shows_progress_ = false;
}

}  // namespace cordon::cli
