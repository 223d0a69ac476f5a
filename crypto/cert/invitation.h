#ifndef CORDON_CRYPTO_CERT_INVITATION_H_
#define CORDON_CRYPTO_CERT_INVITATION_H_

// An invitation: what somebody needs to join, handed over outside cordon.
// Whoever holds its text can ask to join under the name and roles in it, once;
// so the text is a secret until it is used.
//
//   enum { organisation(1), device(2), (255) } InvitationKind;
//   struct {                        TLS presentation, RFC 9420 section 2
//     uint8 version = 1;
//     opaque id[16];
//     InvitationKind kind;
//     opaque relay<V>;              host:port
//     opaque pin[32];               of the relay's key (pin.h)
//     opaque root[32];              fingerprint of the root certificate
//     opaque user<V>;               "fr.customs/alice"
//     uint8 roles<V>;               ascending
//     uint64 expires_s;             Unix seconds
//     opaque secret[32];
//     opaque checksum[4];           of SHA-256 over all before
//   } Invitation;
//   text = "cordon+join:" base64url(Invitation), without padding
//
// The checksum tells a paste that was cut off from one that is whole; it
// proves nothing. The secret gives an Ed25519 key whose public half the relay
// keeps, so it can turn strangers away and forge nothing.
// Threads: values. Secrets: the text and secret live in secret types.
// Errors: kInvalidArgument for what is no invitation of this version.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

inline constexpr absl::string_view kInvitationPrefix = "cordon+join:";
inline constexpr absl::Duration kInvitationLifetimeMax = absl::Hours(24 * 30);
inline constexpr size_t kInvitationTextBytesMax = 1024;
inline constexpr size_t kRelayAddressBytesMax = 255;
// Latest expiry read from the wire: the end of the year 9999.
inline constexpr uint64_t kUnixSecondsMax = 253'402'300'799;

// Numbers are on the wire.
enum class InvitationKind : uint8_t {
  kOrganisation = 1,  // the joiner gets an issuing key certified by the root
  kDevice = 2,        // the joiner gets a device certified by its organisation
};

// What is offered; everything but the id and the secret.
struct Offer {
  InvitationKind kind = InvitationKind::kDevice;
  std::string relay;  // host:port
  Pin pin;
  Fingerprint root;
  UserName user;
  RoleSet roles;
  absl::Time expires;  // whole seconds count
};

class Invitation {
 public:
  // Create: kPermissionDenied for roles that the kind of organisation may not
  // have; kInvalidArgument for a relay that is not host:port, or unless
  // now < expires <= now + kInvitationLifetimeMax.
  static absl::StatusOr<Invitation> Create(Offer offer, absl::Time now,
                                           RandomSource& random);

  // ParseText ignores space around the text. Its errors tell apart what is no
  // invitation, one that was cut off, and one that needs a newer client.
  static absl::StatusOr<Invitation> ParseText(absl::string_view text);
  // ParseSecretText is the same for a text from the vault or a prompt.
  static absl::StatusOr<Invitation> ParseSecretText(const SecretBytes& text);
  SecretBytes ToText() const;

  const InvitationId& id() const { return id_; }
  const Offer& offer() const { return offer_; }
  bool ExpiredAt(absl::Time now) const { return now >= offer_.expires; }

  // Key signs the join request; the relay gets its public half.
  Ed25519PrivateKey Key() const;

  // For the inviter's vault, which keeps the text: the only full form.
  Invitation CloneSecret() const;

 private:
  using Secret = SecretArray<32>;

  Invitation(const InvitationId& id, Offer offer, Secret secret)
      : id_(id), offer_(std::move(offer)), secret_(std::move(secret)) {}

  static absl::StatusOr<Invitation> ParseBytes(ByteSpan bytes);
  SecretBytes ToBytes() const;

  InvitationId id_;
  Offer offer_;
  Secret secret_;
};

// Roles as one byte each, ascending; for this folder's other structures.
Bytes RolesToBytes(const RoleSet& roles);
// Errors: kInvalidArgument for a number unknown here or out of order.
absl::StatusOr<RoleSet> RolesFromBytes(ByteSpan bytes);

// Errors: kInvalidArgument for a number that is no kind.
absl::StatusOr<InvitationKind> InvitationKindFrom(uint8_t number);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_INVITATION_H_
