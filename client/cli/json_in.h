#ifndef CORDON_CLIENT_CLI_JSON_IN_H_
#define CORDON_CLIENT_CLI_JSON_IN_H_

// From the JSON of docs/json.md to the model of client/core: what people write
// by hand or programs send. Only the form is judged here (types, codes, times,
// decimals, unknown fields); what an alert must say is alert_rules.h's.
// Threads: pure functions; faults go where `in` notes them.

#include <vector>

#include "absl/time/time.h"

#include "client/cli/fields.h"
#include "client/core/alert_rules.h"
#include "client/core/model/alert.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"

namespace cordon::cli {

// ReadAlert numbers lines by their place where they carry no number.
client::Alert ReadAlert(Fields& in);
client::Guide ReadGuide(Fields& in);
// ReadInstruction reads title, text, type, priority, ack and so on, beside
// other fields of a verb; the deadline is the verb's (instruction.cc).
client::Instruction ReadInstruction(Fields& in);

// AddRuleFaults adds what alert_rules.h finds in an alert whose form is wrong
// already, so that its author hears of all at once. Fields with a fault of
// their own, or inside one that has, are left out: they were not read.
void AddRuleFaults(const client::Alert& alert,
                   const client::AlertRulesOptions& options,
                   std::vector<client::Finding>& faults);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_JSON_IN_H_
