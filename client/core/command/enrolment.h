#ifndef CORDON_CLIENT_CORE_COMMAND_ENROLMENT_H_
#define CORDON_CLIENT_CORE_COMMAND_ENROLMENT_H_

// Commands about who we are, who else there is, who comes in and who goes.
// Threads: values.
// Errors: kInvalidArgument for a name or an invitation that is none;
// kFailedPrecondition before this device has joined; kPermissionDenied for who
// may not do this; the relay's own.

#include <string>

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

// By the authority. The offer is what `info` says; the joiner cannot change it.
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

// Those this device made, with where each stands.
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

// Waits for users who were approved to come into the rooms that take them, and
// brings them in (newcomers.h).
struct BringIn {
  std::vector<std::string> users;  // "fr.customs/bob"
  absl::Duration patience = absl::Seconds(20);
};

// Asks the vault only; answered before joining too.
struct WhoAmI {};

// Who is there, as the relay says and this device has verified.
struct ListDevices {
  std::string organisation;  // empty: all
};
struct ListOrganisations {};
struct ListUsers {
  std::string organisation;  // empty: all
};

// Puts out a device ("fr.customs/alice/laptop"), a user ("fr.customs/alice") or
// an organisation ("fr.customs"): the issuer's next revocation list names it.
// The first two by the organisation's contact point, the last by who holds the
// root.
struct Revoke {
  std::string name;
  std::string reason;
  SecretBytes root_passphrase;  // for organisations; else empty
};

// Of the vault. The root key file has one of its own.
struct ChangePassphrase {
  SecretBytes old_passphrase;
  SecretBytes new_passphrase;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_COMMAND_ENROLMENT_H_
