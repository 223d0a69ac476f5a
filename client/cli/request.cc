#include "client/cli/request.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/cli/fields.h"
#include "client/cli/verb.h"
#include "client/core/alert_rules.h"
#include "client/core/command.h"

namespace cordon::cli {
namespace {

constexpr absl::string_view kUsage = "usage";

// Faults of a verb's own arguments are wrong usage; faults of what a record
// says are content. The arguments that hold content:
constexpr absl::string_view kContent[] = {"alert", "guide"};

}  // namespace

std::variant<client::CommandBody, Refusal> MakeCommand(
    const Request& request, const MakeOptions& options) {
  const Verb* const verb = FindVerb(request.verb);
  if (verb == nullptr) {
    return Refusal{.code = std::string(kUsage),
                   .message = absl::StrCat("there is no verb \"", request.verb,
                                           "\"; cordon --help names them")};
  }
  std::vector<client::Finding> faults;
  Fields in(request.arguments, "", &faults);
  VerbInput input{.in = in,
                  .secrets = *options.secrets,
                  .now = options.now,
                  .zone = options.zone,
                  .trouble = absl::OkStatus()};
  client::CommandBody body = verb->make(input);
  in.Finish();
  if (!faults.empty()) {
    for (const absl::string_view key : kContent) {
      if (request.arguments.contains(std::string(key))) {
        return RefusalFrom(std::move(faults));
      }
    }
    return Refusal{
        .code = std::string(kUsage),
        .message = absl::StrCat(request.verb, ": the arguments are wrong"),
        .faults = std::move(faults)};
  }
  if (!input.trouble.ok()) return RefusalFrom(input.trouble);
  return body;
}

}  // namespace cordon::cli
