#include "crypto/blob/blob_ref.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/blob/blob_cipher.h"
#include "crypto/blob/padding.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/secret_stream.h"

namespace cordon::blob {
namespace {

constexpr uint16_t kVersion = 1;

}  // namespace

absl::Status CheckFileBytes(uint64_t plaintext_bytes) {
  if (plaintext_bytes == 0) {
    return absl::InvalidArgumentError("file is empty");
  }
  if (plaintext_bytes > kFileBytesMax) {
    return absl::ResourceExhaustedError("file is larger than kFileBytesMax");
  }
  return absl::OkStatus();
}

uint64_t CiphertextBytes(uint64_t plaintext_bytes) {
  CORDON_CHECK(CheckFileBytes(plaintext_bytes).ok());
  const uint64_t padded = PaddedBytes(plaintext_bytes);
  const uint64_t chunks = (padded + kChunkBytes - 1) / kChunkBytes;
  return kSecretStreamHeaderBytes + padded +
         chunks * kSecretStreamChunkOverheadBytes;
}

absl::StatusOr<BlobRef> BlobRef::Create(const Facts& facts,
                                        SecretStreamKey key) {
  if (facts.id.is_zero()) {
    return absl::InvalidArgumentError("blob ref: no id");
  }
  CORDON_RETURN_IF_ERROR(CheckFileBytes(facts.plaintext_bytes));
  return BlobRef(facts, std::move(key));
}

absl::StatusOr<BlobRef> BlobRef::Parse(const SecretBytes& bytes) {
  return Parse(bytes.ExposeSecret());
}

absl::StatusOr<BlobRef> BlobRef::Parse(ByteSpan bytes) {
  codec::Reader in(bytes);
  CORDON_ASSIGN_OR_RETURN(const uint16_t version, in.U16());
  if (version != kVersion) {
    return absl::InvalidArgumentError("blob ref: unknown version");
  }
  Facts facts;
  CORDON_ASSIGN_OR_RETURN(const ByteSpan id, in.Fixed(BlobId::kBytes));
  CORDON_ASSIGN_OR_RETURN(facts.id, BlobId::Parse(id));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan raw_key,
                          in.Fixed(kSecretStreamKeyBytes));
  CORDON_ASSIGN_OR_RETURN(SecretStreamKey key, SecretStreamKey::Copy(raw_key));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan digest, in.Fixed(kDigestBytes));
  std::copy(digest.begin(), digest.end(), facts.plaintext_digest.begin());
  CORDON_ASSIGN_OR_RETURN(facts.plaintext_bytes, in.U64());
  CORDON_RETURN_IF_ERROR(in.End());
  return Create(facts, std::move(key));
}

SecretBytes BlobRef::Serialize() const {
  codec::Writer out = codec::Writer::OfSecrets();
  out.U16(kVersion);
  out.Fixed(facts_.id.span());
  out.Fixed(key_.ExposeSecret());
  out.Fixed(facts_.plaintext_digest);
  out.U64(facts_.plaintext_bytes);
  return out.TakeSecret();
}

Bytes BlobRef::SerializeForRecord() const {
  return ToBytes(Serialize().ExposeSecret());
}

}  // namespace cordon::blob
