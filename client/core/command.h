#ifndef CORDON_CLIENT_CORE_COMMAND_H_
#define CORDON_CLIENT_CORE_COMMAND_H_

// Everything a face can ask of the client. A face fills a struct, posts it with
// an id of its own, and gets one Answered event (event.h) with that id.
//
// Names are as people type them: organisation "fr.customs", user "alice",
// device "laptop". They are checked in the core, which refuses with
// kInvalidArgument and a sentence; a face checks nothing.
// Threads: values; handed over through the runner's mailbox.

#include <cstdint>
#include <string>
#include <variant>

#include "absl/time/time.h"

#include "crypto/base/secret.h"

namespace cordon::client {

// Makes a root, its first organisation and this device, and hands the root's
// certificate to a fresh relay. Starting it again after an unknown answer goes
// on with the same keys.
struct CreateAuthority {
  std::string relay_address;  // host:port
  std::string pin;            // as `cordond init` printed it
  std::string setup_code;
  std::string organisation;  // ocu.authority
  std::string title;
  std::string user;
  std::string user_name;
  std::string device;
  SecretBytes root_passphrase;
};

// What an organisation is called, for people.
struct OrganisationInfo {
  std::string title;
  std::string country;  // ISO 3166-1 alpha-2; empty for bodies without one
  std::string region;   // of the WCO; empty for bodies without one
};

struct InviteOrganisation {
  std::string organisation;
  OrganisationInfo info;
  std::string contact;  // user id of its contact point
  std::string contact_name;
  absl::Duration lifetime;
};

// A user of the caller's own organisation.
struct InviteUser {
  std::string user;
  std::string user_name;
  std::string role;
  absl::Duration lifetime;
};

struct ListInvitations {};

struct RevokeInvitation {
  std::string invitation;  // a unique prefix of its id, or the user offered
};

// Redeems an invitation and waits until it is answered; starting it again goes
// on waiting.
struct Join {
  SecretBytes invitation;  // cordon+join:…
  std::string device;
};

// Certifies the join requests that wait for this device.
struct Approve {
  std::string invitation;       // as RevokeInvitation; empty: all
  SecretBytes root_passphrase;  // for organisations; else empty
};

struct WhoAmI {};

struct ListDevices {
  std::string organisation;  // empty: all
};

using CommandBody = std::variant<CreateAuthority, InviteOrganisation,
                                 InviteUser, ListInvitations, RevokeInvitation,
                                 Join, Approve, WhoAmI, ListDevices>;

struct Command {
  uint64_t id = 0;  // the face's own
  CommandBody body;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_COMMAND_H_
