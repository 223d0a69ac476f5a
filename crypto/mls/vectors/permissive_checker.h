#ifndef CORDON_CRYPTO_MLS_VECTORS_PERMISSIVE_CHECKER_H_
#define CORDON_CRYPTO_MLS_VECTORS_PERMISSIVE_CHECKER_H_

// The credential checker of vectors: it believes everybody. Vectors have basic
// credentials and unbounded lifetimes, and several members of one name, so a
// device is told apart by its signature key. Only for vectors: it proves
// nothing about anybody. Threads: any. Errors: none.

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/mls/credential.h"
#include "crypto/prim/hash.h"

namespace cordon::mls::vectors {

class PermissiveChecker final : public CredentialChecker {
 public:
  absl::StatusOr<DeviceId> Identify(const Credential& /*credential*/,
                                    ByteSpan signature_key,
                                    const CheckAt& /*at*/) const override {
    return DeviceId(Sha256(signature_key));
  }
  absl::Status CheckSuccessor(const Credential& /*old*/,
                              const Credential& /*next*/) const override {
    return absl::OkStatus();
  }
  absl::Status CheckLifetime(const Lifetime& /*lifetime*/,
                             const CheckAt& /*at*/) const override {
    return absl::OkStatus();
  }
};

}  // namespace cordon::mls::vectors

#endif  // CORDON_CRYPTO_MLS_VECTORS_PERMISSIVE_CHECKER_H_
