#ifndef CORDON_CRYPTO_BASE_ID_H_
#define CORDON_CRYPTO_BASE_ID_H_

// Ids are types: a room's id is never taken for an envelope's. An Id is N
// public bytes; it is compared, hashed and stored, and shown to people only as
// an alias (log.h) or where a face prints it on purpose, with ToHex.

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"

namespace cordon {

template <class Tag, size_t N>
class Id {
 public:
  static constexpr size_t kBytes = N;

  // The zero id: what a default-made struct holds. No real id is zero.
  constexpr Id() = default;
  constexpr explicit Id(const std::array<uint8_t, N>& raw) : raw_(raw) {}

  // Parse fails with kInvalidArgument unless `bytes` is exactly N long.
  static absl::StatusOr<Id> Parse(ByteSpan bytes) {
    if (bytes.size() != N) {
      return absl::InvalidArgumentError("id: wrong length");
    }
    Id id;
    std::copy(bytes.begin(), bytes.end(), id.raw_.begin());
    return id;
  }

  static Id Random(RandomSource& random) {
    Id id;
    random.Fill(MutableByteSpan(id.raw_));
    return id;
  }

  ByteSpan span() const { return raw_; }
  bool is_zero() const { return *this == Id(); }

  friend bool operator==(const Id&, const Id&) = default;
  friend auto operator<=>(const Id&, const Id&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Id& id) {
    return H::combine(std::move(state), id.raw_);
  }

 private:
  std::array<uint8_t, N> raw_{};
};

// Ids that more than one folder needs.
using RoomId = Id<struct RoomIdTag, 16>;  // one room, one MLS group id
using OperationId = Id<struct OperationIdTag, 16>;
using EnvelopeId = Id<struct EnvelopeIdTag, 16>;  // client-made; dedup key
using RecordId = Id<struct RecordIdTag, 16>;      // client-made; time-ordered
using BlobId = Id<struct BlobIdTag, 16>;          // client-made upload id
using InvitationId = Id<struct InvitationIdTag, 16>;
using DeviceId = Id<struct DeviceIdTag, 32>;  // SHA-256 of the device's name
using Fingerprint = Id<struct FingerprintTag, 32>;  // SHA-256 of a certificate
using ChainHash = Id<struct ChainHashTag, 32>;      // of a log; crypto/log
// Who issues certificates and revocation lists: the SHA-256 of the issuer's
// public key as X.509 writes it (its SPKI). It outlives the issuer's
// certificate, which is renewed with the same key, so that revocations do too.
using IssuerId = Id<struct IssuerIdTag, 32>;

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_ID_H_
