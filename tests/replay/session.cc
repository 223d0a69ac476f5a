#include "tests/replay/session.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json.hpp>

#include "crypto/base/status.h"
#include "tests/replay/child.h"
#include "tests/replay/loop.h"

namespace cordon::replay {

Session::~Session() {
  if (child_ != nullptr) loop_.Forget(child_.get());
}

absl::Status Session::Start(const std::vector<std::string>& argv,
                            const std::string& log) {
  CORDON_ASSIGN_OR_RETURN(child_, Child::Start(argv, log));
  loop_.Watch(child_.get(), [this](absl::string_view line) { TakeLine(line); });
  return absl::OkStatus();
}

void Session::Ask(json command, TakeResult take) {
  const std::string verb = command.value("verb", "");
  AskWhatever(std::move(command), [this, verb, take = std::move(take)](
                                      const json& result, const json& error) {
    if (error.is_null()) {
      take(result);
    } else {
      Fail(absl::StrCat(verb, " was refused: ", error.dump()));
    }
  });
}

void Session::AskWhatever(json command, TakeAnswer take) {
  command["id"] = ++last_id_;
  asked_[last_id_] = std::move(take);
  child_->Say(command.dump());
}

void Session::TakeLine(absl::string_view line) {
  const json parsed = json::parse(line.begin(), line.end(), /*cb=*/nullptr,
                                  /*allow_exceptions=*/false);
  if (!parsed.is_object()) {
    Fail(absl::StrCat("said what is no JSON object: ", line));
    return;
  }
  const auto event = parsed.find("event");
  if (event == parsed.end()) {
    TakeAnswerLine(parsed);
    return;
  }
  if (*event == "ready") ready_ = true;
  if (*event == "arrival") ++arrivals_;
  if (*event == "finding" || *event == "refused" || *event == "dropped") {
    Fail(absl::StrCat("said: ", line));
    return;
  }
  if (take_event_ != nullptr) take_event_(*this, parsed);
}

void Session::TakeAnswerLine(const json& line) {
  const auto asked = asked_.find(line.value("id", uint64_t{0}));
  if (asked == asked_.end()) {
    Fail(absl::StrCat("answered what was not asked: ", line.dump()));
    return;
  }
  const TakeAnswer take = std::move(asked->second);
  asked_.erase(asked);
  if (line.value("ok", false)) {
    take(line.value("result", json()), json());
  } else {
    take(json(), line.value("error", json::object()));
  }
}

void Session::Fail(absl::string_view what) {
  loop_.Fail(absl::InternalError(absl::StrCat(name(), ": ", what)));
}

}  // namespace cordon::replay
