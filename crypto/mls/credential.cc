#include "crypto/mls/credential.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"

namespace cordon::mls {
namespace {

absl::StatusOr<ByteSpan> ReadCertificate(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan certificate, in.Vector());
  if (certificate.size() > kCertificateBytesMax) {
    return absl::InvalidArgumentError(
        "credential: certificate beyond kCertificateBytesMax");
  }
  return certificate;
}

absl::StatusOr<std::vector<ByteSpan>> ReadChain(ByteSpan content) {
  std::vector<ByteSpan> chain;
  codec::Reader in(content);
  while (!in.AtEnd()) {
    if (chain.size() == kChainCertificatesMax) {
      return absl::InvalidArgumentError(
          "credential: chain beyond kChainCertificatesMax");
    }
    CORDON_ASSIGN_OR_RETURN(const ByteSpan certificate, ReadCertificate(in));
    chain.push_back(certificate);
  }
  if (chain.empty()) {
    return absl::InvalidArgumentError("credential: empty chain");
  }
  return chain;
}

}  // namespace

Credential::Credential(CredentialType type, Bytes content)
    : type_(type), content_(std::move(content)) {}

Credential Credential::Basic(ByteSpan identity) {
  return Credential(kBasicCredential, ToBytes(identity));
}

Credential Credential::X509(const std::vector<Bytes>& chain) {
  codec::Writer out;
  for (const Bytes& certificate : chain) out.Vector(certificate);
  return Credential(kX509Credential, out.Take());
}

absl::StatusOr<std::vector<ByteSpan>> Credential::Chain() const {
  if (type_ != kX509Credential) {
    return absl::InvalidArgumentError("credential: not of type x509");
  }
  return ReadChain(content_);
}

void Write(const Credential& credential, codec::Writer& out) {
  out.U16(credential.type().value);
  out.Vector(credential.content());
}

absl::StatusOr<Credential> ReadCredential(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint16_t type, in.U16());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan content, in.Vector());
  if (CredentialType{type} == kX509Credential) {
    CORDON_RETURN_IF_ERROR(ReadChain(content).status());
  }
  return Credential(CredentialType{type}, ToBytes(content));
}

absl::Status CheckLifetimeWithin(const Lifetime& lifetime, const CheckAt& at,
                                 absl::Duration longest) {
  if (lifetime.not_after_s < lifetime.not_before_s) {
    return absl::InvalidArgumentError("lifetime: ends before it starts");
  }
  // In whole seconds: the numbers are a peer's and need not fit absl::Time.
  const uint64_t span_s = lifetime.not_after_s - lifetime.not_before_s;
  if (span_s > static_cast<uint64_t>(absl::ToInt64Seconds(longest))) {
    return absl::InvalidArgumentError("lifetime: longer than allowed");
  }
  if (at.standing == CheckAt::Standing::kStanding) return absl::OkStatus();
  const int64_t now_s = absl::ToUnixSeconds(at.instant);
  if (now_s < 0 || static_cast<uint64_t>(now_s) < lifetime.not_before_s) {
    return absl::InvalidArgumentError("lifetime: has not started");
  }
  if (static_cast<uint64_t>(now_s) > lifetime.not_after_s) {
    return absl::InvalidArgumentError("lifetime: is over");
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls
