#ifndef CORDON_CLIENT_CORE_VIEW_OPERATION_H_
#define CORDON_CLIENT_CORE_VIEW_OPERATION_H_

// What is shown of operations and rooms. Data, not sentences.
// Threads: values.

#include <cstdint>
#include <string>
#include <vector>

#include "client/core/model/operation.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"

namespace cordon::client {

struct RoomView {
  RoomId id;
  std::string room;  // operation/name
  std::string title;
  std::string kind;   // channel, broadcast, …
  std::string state;  // joined, left, stopped
  std::string state_reason;
  Epoch epoch;
  LogSeq seq;             // read from the relay up to here
  uint32_t members = 0;   // devices
  uint64_t unread = 0;    // records of others
  uint64_t unsent = 0;    // records of ours in the outbox
  uint64_t findings = 0;  // entries kept aside because a check failed
};
struct RoomsView {
  std::vector<RoomView> rooms;
};

struct MemberView {
  std::string device;  // fr.customs/alice/laptop
  std::string title;   // of the organisation
  std::vector<std::string> roles;
};
struct RoomDetail {
  RoomView room;
  std::vector<MemberView> members;
  // Who may post what: "officer: alert, text" and so on, one rule each.
  std::vector<std::string> rules;
  // What this device found wrong with the room's log, one sentence each.
  std::vector<std::string> findings;
};

struct OperationView {
  OperationId id;
  OperationProfile profile;
  uint32_t participants = 0;
  uint32_t rooms = 0;
  uint64_t unread = 0;
};
struct OperationsView {
  std::vector<OperationView> operations;
};
struct OperationDetail {
  OperationView operation;
  std::vector<Participant> participants;
  std::vector<RoomView> rooms;
};

// What CreateOperation, AddToOperation, AddToRoom and their opposites did.
struct MembershipChange {
  std::vector<std::string> rooms;    // changed
  std::vector<std::string> devices;  // brought in or taken out
  // One sentence for each that could not be, and why.
  std::vector<std::string> left_out;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_VIEW_OPERATION_H_
