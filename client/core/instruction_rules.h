#ifndef CORDON_CLIENT_CORE_INSTRUCTION_RULES_H_
#define CORDON_CLIENT_CORE_INSTRUCTION_RULES_H_

// What an instruction to everybody must say. Asked before sending and again
// after opening.
// Threads: pure functions.

#include "absl/time/time.h"

#include "client/core/findings.h"
#include "client/core/model/instruction.h"

namespace cordon::client {

ContentFindings CheckInstruction(const Instruction& instruction,
                                 absl::Time sent);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_INSTRUCTION_RULES_H_
