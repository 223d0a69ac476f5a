#ifndef CORDON_CLIENT_CORE_EVENT_H_
#define CORDON_CLIENT_CORE_EVENT_H_

// Everything a face can be told: the answer to a command, and its progress.
// Events carry data, not sentences; the one exception is the message of an
// error, which is a sentence for a person and says what to do.
// Threads: values; handed over through the face's mailbox.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/id.h"
#include "crypto/base/secret.h"

namespace cordon::client {

// The command did what it says; there is nothing to show.
struct Nothing {};

struct InvitationMade {
  InvitationId id;
  SecretBytes text;     // cordon+join:…; whoever has it can join
  std::string offered;  // "fr.customs/alice"
  absl::Time expires;
};

enum class InvitationStage : uint8_t {
  kOpen = 1,
  kRequested = 2,  // waits for Approve
  kApproved = 3,
  kClosed = 4,  // revoked
  kExpired = 5
};

struct InvitationView {
  InvitationId id;
  std::string offered;
  std::vector<std::string> roles;
  bool for_organisation = false;
  InvitationStage stage = InvitationStage::kOpen;
  absl::Time expires;
};
struct InvitationsView {
  std::vector<InvitationView> invitations;
};

struct Approved {
  std::vector<std::string> names;
  // One sentence for each request that was refused.
  std::vector<std::string> refusals;
};

// This device; `device` is empty before it has joined.
struct IdentityView {
  std::string device;  // "fr.customs/alice/laptop"
  std::vector<std::string> roles;
  std::string relay_address;
  std::string pin;
  std::string root_fingerprint;
  absl::Time certificate_until;
  bool holds_root = false;
  bool issues = false;
  bool joining = false;  // an invitation was redeemed and not yet answered
};

struct DeviceView {
  std::string name;
  std::vector<std::string> roles;
  absl::Time since;
  std::string trouble;  // why its certificates do not hold; empty: they do
};
struct DevicesView {
  std::vector<DeviceView> devices;
};

using AnswerBody = std::variant<Nothing, InvitationMade, InvitationsView,
                                Approved, IdentityView, DevicesView>;

struct Answered {
  uint64_t command = 0;
  absl::StatusOr<AnswerBody> answer;
};

enum class Stage : uint8_t {
  kMakingKeys = 1,
  kWaitingForApproval = 2,
  kAskingRelay = 3
};

// For whatever takes over a second. total 0: unknown.
struct Progress {
  uint64_t command = 0;
  Stage stage = Stage::kMakingKeys;
  uint64_t done = 0;
  uint64_t total = 0;
};

using Event = std::variant<Answered, Progress>;

class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void Emit(Event event) = 0;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_EVENT_H_
