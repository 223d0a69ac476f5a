#ifndef CORDON_CRYPTO_CERT_JOIN_ANSWER_H_
#define CORDON_CRYPTO_CERT_JOIN_ANSWER_H_

// The answer to a join request: the certificates asked for.
//
//   struct {                        TLS presentation, RFC 9420 section 2
//     uint8 version = 1; InvitationKind kind;
//     opaque root<V>; opaque issuing<V>;              DER
//     select (kind) {
//       organisation: struct {};    the joiner certifies its first device
//       device: opaque identity<V>; opaque transport<V>;
//     }
//   } JoinAnswer;
//
// It is not signed: its certificates are, up to the root whose fingerprint the
// invitation names.
// Threads: values.
// Errors: kInvalidArgument for what does not parse; else as chain.h says.

#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/join_request.h"

namespace cordon::cert {

inline constexpr size_t kJoinAnswerBytesMax = 32 * 1024;

class JoinAnswer {
 public:
  static absl::StatusOr<JoinAnswer> Parse(ByteSpan bytes);

  Bytes ToBytes() const;

  InvitationKind kind() const {
    return device_.has_value() ? InvitationKind::kDevice
                               : InvitationKind::kOrganisation;
  }
  const Certificate& root() const { return root_; }
  const Certificate& issuing() const { return issuing_; }

  // A device's two certificates, both issued by issuing().
  struct Device {
    Certificate identity;
    Certificate transport;
  };
  // There if kind() is kDevice.
  const std::optional<Device>& device() const { return device_; }

  // VerifyAtJoiner: the root is the invitation's, everything leads to it and
  // is valid now, and certifies exactly what `request` asked for.
  absl::Status VerifyAtJoiner(const Invitation& invitation,
                              const JoinRequest& request, absl::Time now) const;

 private:
  friend absl::StatusOr<JoinAnswer> AnswerOrganisation(const JoinRequest&,
                                                       const Invitation&,
                                                       const RootIssuer&,
                                                       const Making&);
  friend absl::StatusOr<JoinAnswer> AnswerDevice(const JoinRequest&,
                                                 const Invitation&,
                                                 const Certificate&,
                                                 const OrgIssuer&,
                                                 const Making&);

  JoinAnswer(Certificate root, Certificate issuing,
             std::optional<Device> device)
      : root_(std::move(root)),
        issuing_(std::move(issuing)),
        device_(std::move(device)) {}

  absl::Status CheckOrganisation(const JoinRequest& request,
                                 absl::Time now) const;
  absl::Status CheckDevice(const Device& device, const JoinRequest& request,
                           absl::Time now) const;

  Certificate root_;
  Certificate issuing_;
  std::optional<Device> device_;
};

// AnswerOrganisation verifies the request against the invitation and certifies
// its issuing key.
absl::StatusOr<JoinAnswer> AnswerOrganisation(const JoinRequest& request,
                                              const Invitation& invitation,
                                              const RootIssuer& root,
                                              const Making& making);

// AnswerDevice verifies the request against the invitation and certifies its
// device keys.
absl::StatusOr<JoinAnswer> AnswerDevice(const JoinRequest& request,
                                        const Invitation& invitation,
                                        const Certificate& root,
                                        const OrgIssuer& issuer,
                                        const Making& making);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_JOIN_ANSWER_H_
