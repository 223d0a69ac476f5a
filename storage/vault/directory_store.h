#ifndef CORDON_STORAGE_VAULT_DIRECTORY_STORE_H_
#define CORDON_STORAGE_VAULT_DIRECTORY_STORE_H_

// Who else there is: devices with their chains, participants of operations
// with their titles and countries, and which certificates were verified
// against which revocation list. All of it can be fetched or computed again; it
// is kept so that names show, and checks are quick, without a network.
// Threads and errors: as vault.h.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kDirectoryPageMax = 1000;
inline constexpr size_t kParticipantsMax = 5000;  // of one operation
inline constexpr size_t kParticipantBytesMax = 16 * 1024;

struct KnownDevice {
  DeviceId id;
  std::string name;
  Bytes chain;  // leaf and issuing certificate, the client's form
  absl::Time seen;
};

struct Participant {
  OperationId operation;
  std::string organisation;
  Bytes profile;  // title, country, region: the client's form
};

struct VerifiedCertificate {
  Fingerprint fingerprint;
  uint64_t crl_number = 0;  // of its issuer's list then known; 0: none
  absl::Time expires;
};

class DirectoryStore {
 public:
  explicit DirectoryStore(Statements* sql) : sql_(sql) {}

  // PutDevice adds, or replaces what was known under this id.
  // kAlreadyExists when another id has the name.
  absl::Status PutDevice(const KnownDevice& device);
  absl::StatusOr<KnownDevice> GetDevice(DeviceId id) const;
  absl::StatusOr<KnownDevice> FindDevice(absl::string_view name) const;
  // ListDevices gives up to kDirectoryPageMax devices whose name begins with
  // `prefix`, by name, after the name `after`; the empty one is before all.
  absl::StatusOr<std::vector<KnownDevice>> ListDevices(
      absl::string_view prefix, absl::string_view after) const;

  // PutParticipant adds or replaces. kResourceExhausted beyond the two limits.
  absl::Status PutParticipant(const Participant& participant);
  absl::StatusOr<Participant> GetParticipant(
      OperationId operation, absl::string_view organisation) const;
  // ListParticipants gives all of an operation, by organisation.
  absl::StatusOr<std::vector<Participant>> ListParticipants(
      OperationId operation) const;
  absl::Status EraseParticipant(OperationId operation,
                                absl::string_view organisation);

  // PutVerified remembers a successful check, replacing an earlier one.
  absl::Status PutVerified(const VerifiedCertificate& certificate);
  absl::StatusOr<VerifiedCertificate> GetVerified(
      Fingerprint fingerprint) const;
  absl::Status EraseVerifiedBefore(absl::Time expired);

 private:
  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_DIRECTORY_STORE_H_
