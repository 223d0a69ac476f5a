#include "client/cli/verb.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include <nlohmann/json.hpp>

#include "client/cli/json_out.h"
#include "client/cli/json_text.h"
#include "client/core/alert_rules.h"

namespace cordon::cli {
namespace {

constexpr absl::string_view kContentRefused = "content_refused";

std::vector<absl::Span<const Verb>> AllVerbs() {
  return {AuthorityVerbs(),   InviteVerbs(), DirectoryVerbs(),
          OperationVerbs(),   RoomVerbs(),   MessageVerbs(),
          InstructionVerbs(), AlertVerbs(),  GuideVerbs(),
          FileVerbs(),        OutboxVerbs()};
}

}  // namespace

const Verb* FindVerb(absl::string_view name) {
  for (const absl::Span<const Verb> verbs : AllVerbs()) {
    for (const Verb& verb : verbs) {
      if (verb.name == name) return &verb;
    }
  }
  return nullptr;
}

std::vector<absl::string_view> VerbNames() {
  std::vector<absl::string_view> names;
  for (const absl::Span<const Verb> verbs : AllVerbs()) {
    for (const Verb& verb : verbs) names.push_back(verb.name);
  }
  return names;
}

Refusal RefusalFrom(const absl::Status& status) {
  return {
      .code = absl::AsciiStrToLower(absl::StatusCodeToString(status.code())),
      .message = std::string(status.message())};
}

Refusal RefusalFrom(std::vector<client::Finding> faults) {
  return {.code = std::string(kContentRefused),
          .message = "nothing was sent: correct these fields",
          .faults = std::move(faults)};
}

Json ToJson(const Refusal& refusal) {
  Json out = {{"code", refusal.code}, {"message", refusal.message}};
  if (!refusal.faults.empty()) out["faults"] = FindingsJson(refusal.faults);
  return out;
}

std::string RefusalText(const Refusal& refusal) {
  std::string text = refusal.message;
  for (const client::Finding& fault : refusal.faults) {
    absl::StrAppend(&text, "\n  ", fault.field, fault.field.empty() ? "" : " ",
                    fault.what);
  }
  return text;
}

}  // namespace cordon::cli
