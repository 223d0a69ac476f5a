#ifndef CORDON_CRYPTO_MLS_VECTORS_GIVEN_PSKS_H_
#define CORDON_CRYPTO_MLS_VECTORS_GIVEN_PSKS_H_

// The external pre-shared keys that a vector hands out. There are no resumption
// keys in vectors: those are of epochs that a passive client has not seen.
// Threads: none once filled.
// Errors: kNotFound for a key that the vector does not have.

#include <map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/mls/psk_secret.h"

namespace cordon::mls::vectors {

class GivenPsks final : public PskLookup {
 public:
  void Add(const Bytes& id, ByteSpan key) {
    keys_.insert_or_assign(id, SecretBytes::Copy(key));
  }

  absl::StatusOr<SecretBytes> External(ByteSpan id) const override {
    const auto found = keys_.find(ToBytes(id));
    if (found == keys_.end()) return absl::NotFoundError("psk: not given");
    return found->second.CloneSecret();
  }
  absl::StatusOr<SecretBytes> Resumption(ByteSpan /*group_id*/,
                                         Epoch /*epoch*/) const override {
    return absl::NotFoundError("psk: not given");
  }

 private:
  std::map<Bytes, SecretBytes> keys_;
};

}  // namespace cordon::mls::vectors

#endif  // CORDON_CRYPTO_MLS_VECTORS_GIVEN_PSKS_H_
