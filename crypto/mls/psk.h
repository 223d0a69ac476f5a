#ifndef CORDON_CRYPTO_MLS_PSK_H_
#define CORDON_CRYPTO_MLS_PSK_H_

// How pre-shared keys are named. RFC 9420, section 8.4. What comes of the keys
// themselves stands in psk_secret.h.
//
//   struct { uint8 psktype;
//            select { external:   opaque psk_id<V>;
//                     resumption: uint8 usage; opaque psk_group_id<V>;
//                                 uint64 psk_epoch; };
//            opaque psk_nonce<V>; } PreSharedKeyID;
//
// Threads: values.
// Errors: kInvalidArgument for what does not parse.

#include <cstdint>
#include <variant>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/random.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"

namespace cordon::mls {

enum class ResumptionUsage : uint8_t {
  kApplication = 1,
  kReinit = 2,
  kBranch = 3
};

// A key that the application gave to both sides.
struct ExternalPsk {
  Bytes id;

  friend bool operator==(const ExternalPsk&, const ExternalPsk&) = default;
};

// The resumption_psk of an epoch of some group.
struct ResumptionPsk {
  ResumptionUsage usage = ResumptionUsage::kApplication;
  Bytes group_id;
  Epoch epoch;

  friend bool operator==(const ResumptionPsk&, const ResumptionPsk&) = default;
};

struct PreSharedKeyId {
  std::variant<ExternalPsk, ResumptionPsk> psk;
  // Fresh for every use, KDF.Nh bytes.
  Bytes nonce;

  friend bool operator==(const PreSharedKeyId&,
                         const PreSharedKeyId&) = default;
};

void Write(const PreSharedKeyId& id, codec::Writer& out);
absl::StatusOr<PreSharedKeyId> ReadPreSharedKeyId(codec::Reader& in);

// With a fresh nonce.
PreSharedKeyId MakeExternalPskId(ByteSpan id, RandomSource& random);
PreSharedKeyId MakeResumptionPskId(ResumptionPsk psk, RandomSource& random);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_PSK_H_
