#ifndef CORDON_CLIENT_CORE_MODEL_INSTRUCTION_H_
#define CORDON_CLIENT_CORE_MODEL_INSTRUCTION_H_

// What coordinators tell everybody, and who has understood.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

#include "client/core/model/codes.h"

namespace cordon::client {

struct Instruction {
  uint32_t number = 0;  // sequential in the operation
  InstructionType type = InstructionType::kNone;
  std::string title;
  std::string body;
  Priority priority = Priority::kNone;
  AckLevel ack = AckLevel::kNone;  // kNone: none asked for
  std::optional<absl::Time> ack_deadline;
  uint32_t supersedes = 0;  // 0: none

  friend bool operator==(const Instruction&, const Instruction&) = default;
};

// The header's reference names what is acknowledged.
struct Ack {
  AckLevel level = AckLevel::kNone;
  std::string note;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_MODEL_INSTRUCTION_H_
