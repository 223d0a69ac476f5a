#ifndef CORDON_CLIENT_CORE_VIEW_ENROLMENT_H_
#define CORDON_CLIENT_CORE_VIEW_ENROLMENT_H_

// What is shown of who we are and who else there is. Data, not sentences.
// Threads: values.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "crypto/base/id.h"
#include "crypto/base/secret.h"

namespace cordon::client {

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

// Who of those that were approved is not in all their rooms yet.
struct NewcomersView {
  std::vector<std::string> outside;
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

struct OrganisationView {
  std::string name;  // fr.customs
  // As a coordinator signed it, where an operation we are in says so.
  std::string title;
  std::string country;
  std::string region;
  uint32_t devices = 0;
};
struct OrganisationsView {
  std::vector<OrganisationView> organisations;
};

struct UserView {
  std::string name;  // fr.customs/alice
  std::vector<std::string> roles;
  uint32_t devices = 0;
};
struct UsersView {
  std::vector<UserView> users;
};

// A revocation took hold: what the new list names.
struct RevokedView {
  std::vector<std::string> names;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_VIEW_ENROLMENT_H_
