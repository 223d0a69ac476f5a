#include "client/core/instruction_rules.h"

#include "absl/time/time.h"

#include "client/core/content.h"
#include "client/core/findings.h"
#include "client/core/model/codes.h"
#include "client/core/model/instruction.h"

namespace cordon::client {

void FillInstruction(Instruction& instruction, absl::Time now) {
  if (instruction.ack != AckLevel::kNone &&
      !instruction.ack_deadline.has_value()) {
    instruction.ack_deadline = now + kAckDeadlineDefault;
  }
}

ContentFindings CheckInstruction(const Instruction& instruction,
                                 absl::Time sent) {
  ContentFindings found;
  if (instruction.number == 0) found.Missing("number");
  found.Text("title", instruction.title, kTitleBytesMax);
  found.Text("body", instruction.body, kTextBytesMax);
  found.Code("type", instruction.type, /*needed=*/true);
  found.Code("priority", instruction.priority, /*needed=*/true);
  found.Code("ack", instruction.ack, /*needed=*/false);
  if (instruction.ack == AckLevel::kNone) {
    if (instruction.ack_deadline.has_value()) {
      found.Fault("ack_deadline",
                  "stands there, but nothing is to be answered");
    }
  } else if (!instruction.ack_deadline.has_value()) {
    found.Missing("ack_deadline");
  } else if (*instruction.ack_deadline <= sent) {
    found.Fault("ack_deadline", "has passed");
  }
  if (instruction.supersedes != 0 &&
      instruction.supersedes >= instruction.number) {
    found.Fault("supersedes", "must be an earlier instruction's number");
  }
  return found;
}

}  // namespace cordon::client
