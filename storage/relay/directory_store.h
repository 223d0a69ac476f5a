#ifndef CORDON_STORAGE_RELAY_DIRECTORY_STORE_H_
#define CORDON_STORAGE_RELAY_DIRECTORY_STORE_H_

// Who takes part, as far as the relay must know: organisations with their
// issuing certificates, devices with their two chains, and the newest CRL of
// each issuer. Certificates are opaque bytes here; the caller has verified
// them.
//
// Threads: none; call it on the relay's lane only.
// Lifetime: the Db outlives the store, and holds RelaySchema().
// Writes happen in the caller's transaction and may be repeated.
// Errors: kNotFound for who is not there; kFailedPrecondition for a device or
// certificate of an unknown organisation, or a CRL older than the one held;
// kAlreadyExists for a second CRL of one number, or a fingerprint or name that
// is another device's; and what sqlite/db.h says of the file.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {

using CrlNumber = Number<struct CrlNumberTag>;

// Transport certificates by which one device may be known at a time: the one it
// renewed to, and the one it still uses if that answer was lost.
inline constexpr size_t kTransportFingerprintsMax = 2;

struct Organisation {
  std::string host;  // as in its name: fr.customs
  absl::Time since;
};

struct IssuingCertificate {
  Fingerprint fingerprint;
  std::string host;
  Bytes certificate;
};

struct Device {
  DeviceId id;
  std::string host;
  std::string name;  // the URI
  Bytes identity_chain;
  Bytes transport_chain;
  absl::Time since;
};

struct Crl {
  Fingerprint issuer;  // of the issuing certificate, or what the caller takes
  CrlNumber number;
  Bytes crl;
  Bytes issuing_certificate;  // empty: the root's list
};

class DirectoryStore {
 public:
  static absl::StatusOr<DirectoryStore> Create(sqlite::Db* db);
  DirectoryStore(DirectoryStore&&) noexcept;
  DirectoryStore& operator=(DirectoryStore&&) noexcept;
  ~DirectoryStore();

  // PutOrganisation keeps the first `since`.
  absl::Status PutOrganisation(const sqlite::Transaction& txn,
                               const Organisation& organisation);
  absl::StatusOr<Organisation> FindOrganisation(absl::string_view host);
  // Lists go by key, after `after`; the empty host, or the zero id, is before
  // all.
  absl::StatusOr<std::vector<Organisation>> ListOrganisations(
      absl::string_view after, size_t entries_max);

  absl::Status PutIssuingCertificate(const sqlite::Transaction& txn,
                                     const IssuingCertificate& certificate);
  absl::StatusOr<std::vector<IssuingCertificate>> IssuingCertificatesOf(
      absl::string_view host);

  // PutDevice adds a device or replaces its chains, keeping the first `since`.
  // It is known by `transport` from now on, and by the one before.
  absl::Status PutDevice(const sqlite::Transaction& txn, const Device& device,
                         Fingerprint transport);
  absl::StatusOr<Device> FindDevice(DeviceId id);
  absl::StatusOr<Device> FindDeviceByTransport(Fingerprint transport);
  absl::StatusOr<std::vector<Device>> ListDevices(DeviceId after,
                                                  size_t entries_max);
  absl::StatusOr<std::vector<Device>> ListDevicesOf(absl::string_view host,
                                                    DeviceId after,
                                                    size_t entries_max);

  // PutCrl replaces the issuer's CRL by a newer one; the same again is OK.
  absl::Status PutCrl(const sqlite::Transaction& txn, const Crl& crl);
  absl::StatusOr<Crl> FindCrl(Fingerprint issuer);
  absl::StatusOr<std::vector<Crl>> ListCrls(Fingerprint after,
                                            size_t entries_max);

 private:
  struct Statements;
  explicit DirectoryStore(std::unique_ptr<Statements> sql);
  absl::Status PutTransport(DeviceId device, Fingerprint transport);

  std::unique_ptr<Statements> sql_;
};

}  // namespace cordon::relay

#endif  // CORDON_STORAGE_RELAY_DIRECTORY_STORE_H_
