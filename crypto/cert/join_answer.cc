#include "crypto/cert/join_answer.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/join_request.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"

namespace cordon::cert {
namespace {

constexpr uint8_t kVersion = 1;

absl::StatusOr<Certificate> ReadCertificate(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan der, in.Vector());
  return Certificate::Parse(der);
}

absl::Status NotAsked() {
  return absl::PermissionDeniedError(
      "answer: certifies something else than was asked for");
}

// One of a device's certificates is what `request` asked for with `csr`.
absl::Status CheckCertified(const VerifiedChain& chain, const Csr& csr,
                            const JoinRequest& request, absl::Time now) {
  CORDON_RETURN_IF_ERROR(chain.CheckUsage(csr.usage()));
  CORDON_RETURN_IF_ERROR(chain.CheckDates(now));
  if (chain.signature_key() != csr.public_key() ||
      chain.device() != request.device() || chain.roles() != request.roles()) {
    return NotAsked();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<JoinAnswer> JoinAnswer::Parse(ByteSpan bytes) {
  if (bytes.size() > kJoinAnswerBytesMax) {
    return absl::InvalidArgumentError("answer: beyond kJoinAnswerBytesMax");
  }
  codec::Reader in(bytes);
  CORDON_ASSIGN_OR_RETURN(const uint8_t version, in.U8());
  if (version != kVersion) {
    return absl::InvalidArgumentError("answer: needs a newer version");
  }
  CORDON_ASSIGN_OR_RETURN(const uint8_t kind_number, in.U8());
  CORDON_ASSIGN_OR_RETURN(const InvitationKind kind,
                          InvitationKindFrom(kind_number));
  CORDON_ASSIGN_OR_RETURN(Certificate root, ReadCertificate(in));
  CORDON_ASSIGN_OR_RETURN(Certificate issuing, ReadCertificate(in));
  if (root.usage() != Usage::kRoot || issuing.usage() != Usage::kIssuing) {
    return absl::InvalidArgumentError(
        "answer: the root or issuing certificate is none");
  }
  std::optional<Device> device;
  if (kind == InvitationKind::kDevice) {
    CORDON_ASSIGN_OR_RETURN(Certificate identity, ReadCertificate(in));
    CORDON_ASSIGN_OR_RETURN(Certificate transport, ReadCertificate(in));
    device = Device{std::move(identity), std::move(transport)};
  }
  CORDON_RETURN_IF_ERROR(in.End());
  return JoinAnswer(std::move(root), std::move(issuing), std::move(device));
}

Bytes JoinAnswer::ToBytes() const {
  codec::Writer out;
  out.U8(kVersion);
  out.U8(static_cast<uint8_t>(kind()));
  out.Vector(root_.der());
  out.Vector(issuing_.der());
  if (device_.has_value()) {
    out.Vector(device_->identity.der());
    out.Vector(device_->transport.der());
  }
  return out.Take();
}

absl::Status JoinAnswer::CheckOrganisation(const JoinRequest& request,
                                           absl::Time now) const {
  CORDON_RETURN_IF_ERROR(ProveIssuing(root_, issuing_));
  if (!issuing_.validity().Contains(now)) {
    return absl::UnauthenticatedError(
        "answer: the issuing certificate is not valid now");
  }
  const std::optional<Csr>& asked = request.issuing();
  if (!asked.has_value() || issuing_.public_key() != asked->public_key() ||
      issuing_.org() != request.device().org()) {
    return NotAsked();
  }
  return absl::OkStatus();
}

absl::Status JoinAnswer::CheckDevice(const Device& device,
                                     const JoinRequest& request,
                                     absl::Time now) const {
  const auto check = [&](const Certificate& leaf,
                         const Csr& csr) -> absl::Status {
    const std::vector<ByteSpan> chain = {leaf.der(), issuing_.der()};
    CORDON_ASSIGN_OR_RETURN(const VerifiedChain verified,
                            VerifiedChain::Prove(root_, chain));
    return CheckCertified(verified, csr, request, now);
  };
  CORDON_RETURN_IF_ERROR(check(device.identity, request.identity()));
  return check(device.transport, request.transport());
}

absl::Status JoinAnswer::VerifyAtJoiner(const Invitation& invitation,
                                        const JoinRequest& request,
                                        absl::Time now) const {
  if (root_.fingerprint() != invitation.offer().root) {
    return absl::UnauthenticatedError(
        "answer: comes from another root than the invitation names");
  }
  if (kind() != request.kind()) return NotAsked();
  if (device_.has_value()) return CheckDevice(*device_, request, now);
  return CheckOrganisation(request, now);
}

absl::StatusOr<JoinAnswer> AnswerOrganisation(const JoinRequest& request,
                                              const Invitation& invitation,
                                              const RootIssuer& root,
                                              const Making& making) {
  CORDON_RETURN_IF_ERROR(request.VerifyAtInviter(invitation));
  const std::optional<Csr>& asked = request.issuing();
  if (!asked.has_value()) {
    return absl::PermissionDeniedError(
        "answer: the root certifies organisations only");
  }
  CORDON_ASSIGN_OR_RETURN(Certificate issuing,
                          root.IssueIssuing(*asked, making));
  return JoinAnswer(root.certificate(), std::move(issuing), std::nullopt);
}

absl::StatusOr<JoinAnswer> AnswerDevice(const JoinRequest& request,
                                        const Invitation& invitation,
                                        const Certificate& root,
                                        const OrgIssuer& issuer,
                                        const Making& making) {
  CORDON_RETURN_IF_ERROR(request.VerifyAtInviter(invitation));
  if (request.kind() != InvitationKind::kDevice) {
    return absl::PermissionDeniedError(
        "answer: an organisation certifies devices only");
  }
  CORDON_ASSIGN_OR_RETURN(
      Certificate identity,
      issuer.IssueDevice(request.identity(), request.roles(), making));
  CORDON_ASSIGN_OR_RETURN(
      Certificate transport,
      issuer.IssueDevice(request.transport(), request.roles(), making));
  return JoinAnswer(
      root, issuer.certificate(),
      JoinAnswer::Device{std::move(identity), std::move(transport)});
}

}  // namespace cordon::cert
