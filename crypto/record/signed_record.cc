#include "crypto/record/signed_record.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::record {
namespace {

constexpr uint16_t kVersion = 1;
constexpr absl::string_view kLabel = "cordon 1.0 Record";

Bytes SignatureInput(ByteSpan record) {
  codec::Writer out;
  out.Reserve(record.size() + kLabel.size() + 8);
  out.Vector(AsBytes(kLabel));
  out.Vector(record);
  return out.Take();
}

absl::StatusOr<Bytes> ReadCertificate(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan certificate, in.Vector());
  if (certificate.empty() || certificate.size() > kCertificateBytesMax) {
    return absl::InvalidArgumentError("signed record: certificate's length");
  }
  return ToBytes(certificate);
}

}  // namespace

absl::StatusOr<SignedRecord> SignedRecord::Sign(
    ByteSpan record, const Ed25519PrivateKey& key,
    const std::vector<Bytes>& chain) {
  codec::Writer out;
  out.U16(kVersion);
  out.Vector(record);
  out.Vector(key.Sign(SignatureInput(record)));
  out.Nested([&chain](codec::Writer& content) {
    for (const Bytes& certificate : chain) content.Vector(certificate);
  });
  // What we send is what a receiver would accept, or it is not sent.
  return Parse(out.bytes());
}

absl::StatusOr<SignedRecord> SignedRecord::Parse(ByteSpan bytes) {
  codec::Reader in(bytes);
  CORDON_ASSIGN_OR_RETURN(const uint16_t version, in.U16());
  if (version != kVersion) {
    return absl::InvalidArgumentError("signed record: unknown version");
  }
  CORDON_ASSIGN_OR_RETURN(const ByteSpan record, in.Vector());
  if (record.empty()) {
    return absl::InvalidArgumentError("signed record: empty");
  }
  if (record.size() > kRecordBytesMax) {
    return absl::ResourceExhaustedError(
        "signed record: longer than kRecordBytesMax");
  }
  SignedRecord parsed;
  parsed.at_ = static_cast<size_t>(record.data() - bytes.data());
  parsed.size_ = record.size();
  CORDON_ASSIGN_OR_RETURN(const ByteSpan signature, in.Vector());
  if (signature.size() != parsed.signature_.size()) {
    return absl::InvalidArgumentError("signed record: signature's length");
  }
  std::copy(signature.begin(), signature.end(), parsed.signature_.begin());
  CORDON_ASSIGN_OR_RETURN(
      parsed.chain_,
      codec::ReadVectorOf<Bytes>(in, kChainCertificatesMax, ReadCertificate));
  if (parsed.chain_.empty()) {
    return absl::InvalidArgumentError("signed record: no certificate");
  }
  CORDON_RETURN_IF_ERROR(in.End());
  parsed.bytes_ = ToBytes(bytes);
  return parsed;
}

absl::Status SignedRecord::VerifySignature(const Ed25519PublicKey& key) const {
  if (!VerifyEd25519(key, SignatureInput(record()), signature_)) {
    return absl::UnauthenticatedError("signed record: signature");
  }
  return absl::OkStatus();
}

}  // namespace cordon::record
