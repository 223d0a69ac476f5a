#ifndef CORDON_CLIENT_CORE_INSTRUCTION_RULES_H_
#define CORDON_CLIENT_CORE_INSTRUCTION_RULES_H_

// What an instruction to everybody must say. Asked before sending and again
// after opening.
// Threads: pure functions.

#include "absl/time/time.h"

#include "client/core/findings.h"
#include "client/core/model/instruction.h"

namespace cordon::client {

// How long everybody has to answer where the author does not say.
inline constexpr absl::Duration kAckDeadlineDefault = absl::Hours(24);

// FillInstruction adds what an instruction sent `now` may leave open.
void FillInstruction(Instruction& instruction, absl::Time now);

ContentFindings CheckInstruction(const Instruction& instruction,
                                 absl::Time sent);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_INSTRUCTION_RULES_H_
