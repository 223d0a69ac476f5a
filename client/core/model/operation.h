#ifndef CORDON_CLIENT_CORE_MODEL_OPERATION_H_
#define CORDON_CLIENT_CORE_MODEL_OPERATION_H_

// What coordinators say of the operation, its participants and its rooms.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "crypto/prim/hash.h"

namespace cordon::client {

struct OperationProfile {
  std::string name;  // short, as typed in commands
  std::string title;
  absl::CivilDay first_day;
  absl::CivilDay last_day;  // included
  std::string zone;         // IANA name
};

struct Participant {
  std::string organisation;  // cordon name: fr.customs
  std::string title;
  std::string country;  // ISO 3166-1 alpha-2; empty for bodies without one
  std::string region;   // one of the six WCO regions' codes, or empty
};

// Replaces the list before it.
struct Participants {
  std::vector<Participant> participants;
};

struct RoomProfile {
  std::string name;  // as typed in commands
  std::string title;
  uint32_t kind = 0;  // crypto/policy/room_policy.h
  OperationProfile operation;
};

// The relay's key will change to one with this pin.
struct PinNotice {
  Digest next_pin{};
  absl::Time from;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_MODEL_OPERATION_H_
