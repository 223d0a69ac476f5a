#ifndef CORDON_CRYPTO_RECORD_SIGNED_RECORD_H_
#define CORDON_CRYPTO_RECORD_SIGNED_RECORD_H_

// SignedRecord: a record's bytes, its author's signature and certificates. This
// is what is sealed into a room, kept in vaults, handed over in grants and put
// into evidence packs, and can be checked years later without any server.
//
// TLS presentation language, <V> as in RFC 9420, 2.1.2:
//   struct {
//     uint16 version = 1;
//     opaque record<V>;       // kRecordBytesMax; what is inside is not our
//     opaque signature<V>;    // business; 64 bytes
//     Certificate chain<V>;   // leaf, then issuing certificate
//   } SignedRecord;
//   struct { opaque certificate<V>; } Certificate;   // DER
// The signature is Ed25519 by the author's identity key over
//   struct { opaque label<V> = "cordon 1.0 Record"; opaque record<V>; }
// The same key signs MLS structures, always as SignContent (RFC 9420, 5.1.2),
// whose first field is a label beginning "MLS 1.0 ". Byte 1 of our input is
// 'c', of theirs 'M' (labels of both are shorter than 64 bytes, so one byte of
// length stands before), so neither can be read as the other. The length in
// front of the record leaves one way to read the input.
//
// The bytes are kept as they came and never made twice: fields that a newer
// client added stay under their signature.
// Gives: the holder of the key signed these bytes. Does not give: whose key it
// is (crypto/cert checks the chain), nor where and when (see record_header.h).
// Threads: read-only once made.
// Errors: kInvalidArgument for bytes that do not parse; kUnauthenticated for a
// signature that does not match; kResourceExhausted for a record beyond
// kRecordBytesMax.

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::record {

// A whole SignedRecord with its chain must fit into an envelope, with room left
// for MLS around it.
inline constexpr size_t kRecordBytesMax = kEnvelopeBytesMax - size_t{16} * 1024;

class SignedRecord {
 public:
  // Sign makes the one serialization there will ever be. `chain` holds 1 to
  // kChainCertificatesMax certificates of at most kCertificateBytesMax.
  static absl::StatusOr<SignedRecord> Sign(ByteSpan record,
                                           const Ed25519PrivateKey& key,
                                           const std::vector<Bytes>& chain);
  // Parse checks the form, not the signature.
  static absl::StatusOr<SignedRecord> Parse(ByteSpan bytes);

  // VerifySignature takes the key that the verified chain certifies.
  absl::Status VerifySignature(const Ed25519PublicKey& key) const;

  // The whole, byte for byte as signed or received.
  const Bytes& bytes() const { return bytes_; }
  // SHA-256 of the whole: how other records refer to this one.
  Digest digest() const { return Sha256(bytes_); }
  // The parts live as long as this object.
  ByteSpan record() const { return ByteSpan(bytes_).subspan(at_, size_); }
  const std::vector<Bytes>& chain() const { return chain_; }

 private:
  SignedRecord() = default;

  Bytes bytes_;
  size_t at_ = 0;  // where in bytes_ the record stands, and how long it is
  size_t size_ = 0;
  Ed25519Signature signature_{};
  std::vector<Bytes> chain_;
};

}  // namespace cordon::record

#endif  // CORDON_CRYPTO_RECORD_SIGNED_RECORD_H_
