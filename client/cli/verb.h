#ifndef CORDON_CLIENT_CLI_VERB_H_
#define CORDON_CLIENT_CLI_VERB_H_

// A verb is one thing that can be asked, by words or as JSON: its name, and how
// its arguments become a Command of the core.
//
// Each noun's file has its verbs; FindVerb knows them all.
// Threads: constant tables.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "client/cli/fields.h"
#include "client/cli/json_text.h"
#include "client/cli/secrets.h"
#include "client/core/alert_rules.h"
#include "client/core/command.h"

namespace cordon::cli {

// How a verb goes with the relay, when it is the only thing a program does.
enum class Manner : uint8_t {
  kHere = 1,     // asks this device only
  kAsks = 2,     // asks the relay by itself
  kReads = 3,    // shows what others said: look for news first
  kChanges = 4,  // changes rooms: look for news first, see off afterwards
  kWrites = 5,   // makes records: the same
  kEnrols = 6    // makes the profile
};

// What a verb is made from. `trouble` keeps the first passphrase that was not
// to be had.
struct VerbInput {
  Fields& in;
  Secrets& secrets;
  absl::Time now;
  absl::TimeZone zone;
  absl::Status trouble;
};

struct Verb {
  absl::string_view name;  // "room create"
  Manner manner = Manner::kHere;
  client::CommandBody (*make)(VerbInput& input) = nullptr;
};

// Why something was not done, as stdout or stderr says it. `code` is "usage",
// "content_refused" or a status code's name in small letters.
struct Refusal {
  std::string code;
  std::string message;
  std::vector<client::Finding> faults;
};
Refusal RefusalFrom(const absl::Status& status);
Refusal RefusalFrom(std::vector<client::Finding> faults);
Json ToJson(const Refusal& refusal);
// RefusalText is the sentence, with a line for each fault.
std::string RefusalText(const Refusal& refusal);

// nullptr for what is no verb.
const Verb* FindVerb(absl::string_view name);
std::vector<absl::string_view> VerbNames();

// ---- the verbs of each noun
absl::Span<const Verb> AuthorityVerbs();
absl::Span<const Verb> InviteVerbs();
absl::Span<const Verb> DirectoryVerbs();
absl::Span<const Verb> OperationVerbs();
absl::Span<const Verb> RoomVerbs();
absl::Span<const Verb> MessageVerbs();
absl::Span<const Verb> InstructionVerbs();
absl::Span<const Verb> AlertVerbs();
absl::Span<const Verb> GuideVerbs();
absl::Span<const Verb> FileVerbs();
absl::Span<const Verb> OutboxVerbs();

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_VERB_H_
