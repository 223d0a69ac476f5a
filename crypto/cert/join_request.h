#ifndef CORDON_CRYPTO_CERT_JOIN_REQUEST_H_
#define CORDON_CRYPTO_CERT_JOIN_REQUEST_H_

// A join request: "I hold this invitation; certify these keys". The joiner
// makes it, the relay keeps it, the inviter answers it (join_answer.h).
//
//   struct {                        TLS presentation, RFC 9420 section 2
//     opaque id[16];                of the invitation
//     opaque pin[32]; opaque root[32]; InvitationKind kind;
//     opaque device<V>;             "fr.customs/alice/laptop"
//     uint8 roles<V>; uint64 expires_s;
//     opaque identity<V>; opaque transport<V>;        CSRs (csr.h)
//     optional<opaque issuing<V>>;                    an organisation's
//   } JoinClaim;
//   struct {
//     uint8 version = 1; opaque claim<V>;             a JoinClaim
//     opaque signature[64];         the invitation's key over JoinSigned
//   } JoinRequest;
//   struct { opaque label<V> = "cordon join request v1"; opaque claim<V>;
//   } JoinSigned;
//
// Gives: a relay that swaps a key, a name or its own pin is found out, since
// it has only the public half of the invitation's key; each key is proven by
// its own CSR. Does not give: secrecy of names from the relay.
// Threads: values.
// Errors: kInvalidArgument for what does not parse; kUnauthenticated for a
// signature that does not match; kFailedPrecondition for an expired
// invitation; kPermissionDenied for anything that was not offered.

#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

inline constexpr size_t kJoinRequestBytesMax = 16 * 1024;

// The keys a joiner makes for itself; they never leave it.
struct JoinKeys {
  Ed25519PrivateKey identity;
  Ed25519PrivateKey transport;
  std::optional<Ed25519PrivateKey> issuing;  // of an organisation

  static JoinKeys Generate(InvitationKind kind, RandomSource& random);

  // What a joiner's vault keeps until the answer comes, seeds only:
  //   struct { uint8 version = 1; opaque identity[32]; opaque transport[32];
  //            optional<opaque issuing[32]>; } JoinKeys;
  // Errors: kInvalidArgument for anything else.
  SecretBytes Serialize() const;
  static absl::StatusOr<JoinKeys> Parse(const SecretBytes& bytes);
};

class JoinRequest {
 public:
  // Create names the joiner's device within the user offered; kInvalidArgument
  // for a name that is none, kFailedPrecondition if the invitation is over.
  static absl::StatusOr<JoinRequest> Create(const Invitation& invitation,
                                            absl::string_view device,
                                            const JoinKeys& keys,
                                            absl::Time now);

  // Parse checks the form, every CSR, and that they name this device.
  static absl::StatusOr<JoinRequest> Parse(ByteSpan bytes);

  // VerifyAtRelay is what can be checked with the public half of the
  // invitation's key and its expiry, as registered by the inviter.
  absl::Status VerifyAtRelay(const Ed25519PublicKey& invitation_key,
                             absl::Time registered_expiry,
                             absl::Time now) const;
  // VerifyAtInviter checks everything against what was offered. A request that
  // the relay took in time may be answered after the invitation's expiry.
  absl::Status VerifyAtInviter(const Invitation& invitation) const;

  // The bytes as sent.
  const Bytes& bytes() const { return bytes_; }
  const InvitationId& invitation() const { return claim_.id; }
  InvitationKind kind() const { return claim_.kind; }
  const DeviceName& device() const { return claim_.device; }
  const RoleSet& roles() const { return claim_.roles; }
  const Csr& identity() const { return claim_.identity; }
  const Csr& transport() const { return claim_.transport; }
  // There if kind() is kOrganisation.
  const std::optional<Csr>& issuing() const { return claim_.issuing; }

 private:
  struct Claim {
    InvitationId id;
    Pin pin;
    Fingerprint root;
    InvitationKind kind;
    DeviceName device;
    RoleSet roles;
    absl::Time expires;
    Csr identity;
    Csr transport;
    std::optional<Csr> issuing;
  };

  explicit JoinRequest(Claim claim) : claim_(std::move(claim)) {}

  static absl::StatusOr<Claim> ReadClaim(ByteSpan bytes);
  static absl::Status CheckClaim(const Claim& claim);
  static Bytes WriteClaim(const Claim& claim);
  absl::Status CheckSignature(const Ed25519PublicKey& invitation_key) const;

  Claim claim_;
  Bytes claim_bytes_;
  Bytes bytes_;
  Ed25519Signature signature_{};
};

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_JOIN_REQUEST_H_
