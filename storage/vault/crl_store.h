#ifndef CORDON_STORAGE_VAULT_CRL_STORE_H_
#define CORDON_STORAGE_VAULT_CRL_STORE_H_

// The newest revocation list of each issuer. The store compares numbers; that
// a list is what it says was verified before it came here.
//
// A list is replaced by one with a higher number only: whoever hands out an
// older one is withholding revocations, and is told apart by the error.
// Threads and errors: as vault.h.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kCrlIssuersMax = 2000;

struct Crl {
  Fingerprint issuer;  // of the issuing certificate
  uint64_t number = 0;
  Bytes list;                 // DER
  Bytes issuing_certificate;  // DER; empty: the root issued it
  absl::Time first_seen;
};

// The number alone, for record headers.
struct CrlNumber {
  Fingerprint issuer;
  uint64_t number = 0;
};

class CrlStore {
 public:
  explicit CrlStore(Statements* sql) : sql_(sql) {}

  // Put stores a newer list. The same list again is OK and changes nothing.
  // kFailedPrecondition for an older one; kAlreadyExists for another list with
  // the number of the stored one; kResourceExhausted beyond kCrlBytesMax or
  // kCrlIssuersMax.
  absl::Status Put(const Crl& crl);
  // Get is kNotFound for an issuer without a list.
  absl::StatusOr<Crl> Get(Fingerprint issuer) const;
  absl::StatusOr<std::vector<CrlNumber>> ListNumbers() const;

 private:
  static absl::Status CheckReplaces(const Crl& stored, const Crl& newer);
  absl::Status CheckRoom() const;

  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_CRL_STORE_H_
