#ifndef CORDON_CLIENT_CLI_PRINTER_H_
#define CORDON_CLIENT_CLI_PRINTER_H_

// Where a one-shot command's output goes: results to stdout, everything else to
// stderr, as text for a person or JSON lines for a program.
// Threads: the face's.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

#include "client/cli/json_text.h"
#include "client/cli/screen.h"
#include "client/cli/verb.h"
#include "client/core/event.h"
#include "client/core/model/record.h"

namespace cordon::cli {

class Printer {
 public:
  Printer(Screen screen, bool json);
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;
  ~Printer();

  bool json() const { return json_; }

  void Answer(const client::AnswerBody& answer);
  // One that arrived, with its room.
  void Record(const client::RecordView& record);
  void Refused(const Refusal& refusal);
  // A remark for a person; not in JSON.
  void Remark(absl::string_view text);

  // A line that is written over again, on a terminal only.
  void ShowProgress(absl::string_view text);
  void ClearProgress();

  // Whether everything could be written so far.
  bool ok() const { return ok_; }

 private:
  void Out(absl::string_view text);

  const Screen screen_;
  const bool json_;
  const bool live_;  // stderr is a terminal
  bool shows_progress_ = false;
  bool ok_ = true;
};

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_PRINTER_H_
