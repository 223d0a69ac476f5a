#ifndef CORDON_CLIENT_CORE_RELAY_TYPES_H_
#define CORDON_CLIENT_CORE_RELAY_TYPES_H_

// The wire's messages in domain types: what the core hands to the relay and
// gets from it. proto/cordon/wire/v1 says what each field means; sizes and
// lengths were checked by whoever converted them.
// Threads: values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/pin.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::client {

// An answer that says no more than "done".
struct Unit {};

struct SetUpCall {
  std::string setup_code;
  Bytes root_certificate;
  Bytes issuing_certificate;
  std::vector<Bytes> identity;
  std::vector<Bytes> transport;
};

struct InviteCall {
  InvitationId invitation;
  Bytes public_key;
  absl::Time expires;
  bool for_organisation = false;
};

enum class InvitationState : uint8_t {
  kOpen = 1,
  kRequested = 2,
  kAnswered = 3,
  kRevoked = 4
};

struct InvitationRow {
  InvitationId invitation;
  absl::Time expires;
  InvitationState state = InvitationState::kOpen;
  Bytes request;  // empty until there is one
};

struct InvitationPage {
  std::vector<InvitationRow> invitations;
  bool more = false;
};

struct DeviceRow {
  DeviceId device;
  std::vector<Bytes> identity;  // unverified
  absl::Time since;
};

struct DevicePage {
  std::vector<DeviceRow> devices;
  bool more = false;
};

// How a device proves who it is to the relay.
struct TransportIdentity {
  cert::Certificate transport;
  cert::Certificate issuing;
  Ed25519PrivateKey key;
};

// Whose relay, and who calls. Without an identity only the calls that need no
// certificate pass.
struct ConnectCall {
  std::string address;          // host:port
  std::vector<cert::Pin> pins;  // of the relay's key: now, and next
  std::optional<TransportIdentity> identity;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_RELAY_TYPES_H_
