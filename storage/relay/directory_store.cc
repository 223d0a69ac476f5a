#include "storage/relay/directory_store.h"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {
namespace {

constexpr absl::string_view kPutOrganisation = R"sql(
INSERT INTO organisation (host, since_ms)
VALUES (:host, :since_ms)
    ON CONFLICT (host) DO NOTHING
)sql";

constexpr absl::string_view kFindOrganisation = R"sql(
SELECT host, since_ms FROM organisation WHERE host = :host
)sql";

constexpr absl::string_view kListOrganisations = R"sql(
SELECT host, since_ms
  FROM organisation
 WHERE host > :after
 ORDER BY host
 LIMIT :entries_max
)sql";

// A certificate never changes under its fingerprint.
constexpr absl::string_view kPutIssuing = R"sql(
INSERT INTO issuing_certificate (fingerprint, host, certificate)
VALUES (:fingerprint, :host, :certificate)
    ON CONFLICT (fingerprint) DO NOTHING
)sql";

constexpr absl::string_view kIssuingOf = R"sql(
SELECT fingerprint, host, certificate
  FROM issuing_certificate
 WHERE host = :host
 ORDER BY fingerprint
)sql";

constexpr absl::string_view kPutDevice = R"sql(
INSERT INTO device (device_id, host, name, identity_chain, transport_chain,
                    since_ms)
VALUES (:device_id, :host, :name, :identity_chain, :transport_chain, :since_ms)
    ON CONFLICT (device_id) DO UPDATE
   SET identity_chain = excluded.identity_chain,
       transport_chain = excluded.transport_chain
)sql";

constexpr absl::string_view kPutTransport = R"sql(
INSERT INTO transport_fingerprint (fingerprint, device_id)
VALUES (:fingerprint, :device_id)
)sql";

constexpr absl::string_view kTrimTransports = R"sql(
DELETE FROM transport_fingerprint
 WHERE device_id = :device_id
   AND fingerprint_id NOT IN (SELECT fingerprint_id
                                FROM transport_fingerprint
                               WHERE device_id = :device_id
                               ORDER BY fingerprint_id DESC
                               LIMIT :fingerprints_max)
)sql";

constexpr absl::string_view kFindDevice = R"sql(
SELECT device_id, host, name, identity_chain, transport_chain, since_ms
  FROM device
 WHERE device_id = :device_id
)sql";

constexpr absl::string_view kFindByTransport = R"sql(
SELECT d.device_id, d.host, d.name, d.identity_chain, d.transport_chain,
       d.since_ms
  FROM transport_fingerprint AS t
  JOIN device AS d ON d.device_id = t.device_id
 WHERE t.fingerprint = :fingerprint
)sql";

constexpr absl::string_view kListDevices = R"sql(
SELECT device_id, host, name, identity_chain, transport_chain, since_ms
  FROM device
 WHERE device_id > :after
 ORDER BY device_id
 LIMIT :entries_max
)sql";

constexpr absl::string_view kListDevicesOf = R"sql(
SELECT device_id, host, name, identity_chain, transport_chain, since_ms
  FROM device
 WHERE host = :host
   AND device_id > :after
 ORDER BY device_id
 LIMIT :entries_max
)sql";

constexpr absl::string_view kPutCrl = R"sql(
INSERT INTO crl (issuer, number, crl, issuing_certificate)
VALUES (:issuer, :number, :crl, :issuing_certificate)
    ON CONFLICT (issuer) DO UPDATE
   SET number = excluded.number,
       crl = excluded.crl,
       issuing_certificate = excluded.issuing_certificate
)sql";

constexpr absl::string_view kFindCrl = R"sql(
SELECT issuer, number, crl, issuing_certificate FROM crl WHERE issuer = :issuer
)sql";

constexpr absl::string_view kListCrls = R"sql(
SELECT issuer, number, crl, issuing_certificate
  FROM crl
 WHERE issuer > :after
 ORDER BY issuer
 LIMIT :entries_max
)sql";

absl::StatusOr<bool> NextDevice(sqlite::Run& run, Device& device) {
  return run.Next(device.id, device.host, device.name, device.identity_chain,
                  device.transport_chain, device.since);
}

absl::StatusOr<Device> OneDevice(sqlite::Run& run) {
  Device device;
  CORDON_ASSIGN_OR_RETURN(const bool row, NextDevice(run, device));
  if (!row) return absl::NotFoundError("directory: no such device");
  return device;
}

absl::StatusOr<std::vector<Device>> AllDevices(sqlite::Run& run) {
  std::vector<Device> devices;
  while (true) {
    Device device;
    CORDON_ASSIGN_OR_RETURN(const bool row, NextDevice(run, device));
    if (!row) return devices;
    devices.push_back(std::move(device));
  }
}

}  // namespace

struct DirectoryStore::Statements {
  sqlite::Statement put_organisation;
  sqlite::Statement find_organisation;
  sqlite::Statement list_organisations;
  sqlite::Statement put_issuing;
  sqlite::Statement issuing_of;
  sqlite::Statement put_device;
  sqlite::Statement put_transport;
  sqlite::Statement trim_transports;
  sqlite::Statement find_device;
  sqlite::Statement find_by_transport;
  sqlite::Statement list_devices;
  sqlite::Statement list_devices_of;
  sqlite::Statement put_crl;
  sqlite::Statement find_crl;
  sqlite::Statement list_crls;
};

absl::StatusOr<DirectoryStore> DirectoryStore::Create(sqlite::Db* db) {
  sqlite::Preparer prepare(db);
  auto sql = absl::WrapUnique(new Statements{
      .put_organisation = prepare(kPutOrganisation),
      .find_organisation = prepare(kFindOrganisation),
      .list_organisations = prepare(kListOrganisations),
      .put_issuing = prepare(kPutIssuing),
      .issuing_of = prepare(kIssuingOf),
      .put_device = prepare(kPutDevice),
      .put_transport = prepare(kPutTransport),
      .trim_transports = prepare(kTrimTransports),
      .find_device = prepare(kFindDevice),
      .find_by_transport = prepare(kFindByTransport),
      .list_devices = prepare(kListDevices),
      .list_devices_of = prepare(kListDevicesOf),
      .put_crl = prepare(kPutCrl),
      .find_crl = prepare(kFindCrl),
      .list_crls = prepare(kListCrls),
  });
  CORDON_RETURN_IF_ERROR(prepare.status());
  return DirectoryStore(std::move(sql));
}

DirectoryStore::DirectoryStore(std::unique_ptr<Statements> sql)
    : sql_(std::move(sql)) {}
DirectoryStore::DirectoryStore(DirectoryStore&&) noexcept = default;
DirectoryStore& DirectoryStore::operator=(DirectoryStore&&) noexcept = default;
DirectoryStore::~DirectoryStore() = default;

absl::Status DirectoryStore::PutOrganisation(const sqlite::Transaction& /*txn*/,
                                             const Organisation& organisation) {
  return sql_->put_organisation.Start()
      .Bind("host", organisation.host)
      .Bind("since_ms", organisation.since)
      .Finish();
}

absl::StatusOr<Organisation> DirectoryStore::FindOrganisation(
    absl::string_view host) {
  sqlite::Run run = sql_->find_organisation.Start();
  run.Bind("host", host);
  Organisation organisation;
  CORDON_ASSIGN_OR_RETURN(const bool row,
                          run.Next(organisation.host, organisation.since));
  if (!row) return absl::NotFoundError("directory: no such organisation");
  return organisation;
}

absl::StatusOr<std::vector<Organisation>> DirectoryStore::ListOrganisations(
    absl::string_view after, size_t entries_max) {
  sqlite::Run run = sql_->list_organisations.Start();
  run.Bind("after", after).Bind("entries_max", entries_max);
  std::vector<Organisation> organisations;
  while (true) {
    Organisation organisation;
    CORDON_ASSIGN_OR_RETURN(const bool row,
                            run.Next(organisation.host, organisation.since));
    if (!row) return organisations;
    organisations.push_back(std::move(organisation));
  }
}

absl::Status DirectoryStore::PutIssuingCertificate(
    const sqlite::Transaction& /*txn*/, const IssuingCertificate& certificate) {
  return sql_->put_issuing.Start()
      .Bind("fingerprint", certificate.fingerprint)
      .Bind("host", certificate.host)
      .Bind("certificate", certificate.certificate)
      .Finish();
}

absl::StatusOr<std::vector<IssuingCertificate>>
DirectoryStore::IssuingCertificatesOf(absl::string_view host) {
  sqlite::Run run = sql_->issuing_of.Start();
  run.Bind("host", host);
  std::vector<IssuingCertificate> certificates;
  while (true) {
    IssuingCertificate certificate;
    CORDON_ASSIGN_OR_RETURN(const bool row,
                            run.Next(certificate.fingerprint, certificate.host,
                                     certificate.certificate));
    if (!row) return certificates;
    certificates.push_back(std::move(certificate));
  }
}

absl::Status DirectoryStore::PutDevice(const sqlite::Transaction& /*txn*/,
                                       const Device& device,
                                       Fingerprint transport) {
  const absl::StatusOr<Device> owner = FindDeviceByTransport(transport);
  if (owner.ok() && owner->id != device.id) {
    return absl::AlreadyExistsError("directory: another device's certificate");
  }
  if (!owner.ok() && !absl::IsNotFound(owner.status())) return owner.status();
  CORDON_RETURN_IF_ERROR(sql_->put_device.Start()
                             .Bind("device_id", device.id)
                             .Bind("host", device.host)
                             .Bind("name", device.name)
                             .Bind("identity_chain", device.identity_chain)
                             .Bind("transport_chain", device.transport_chain)
                             .Bind("since_ms", device.since)
                             .Finish());
  return owner.ok() ? absl::OkStatus() : PutTransport(device.id, transport);
}

absl::Status DirectoryStore::PutTransport(DeviceId device,
                                          Fingerprint transport) {
  CORDON_RETURN_IF_ERROR(sql_->put_transport.Start()
                             .Bind("fingerprint", transport)
                             .Bind("device_id", device)
                             .Finish());
  return sql_->trim_transports.Start()
      .Bind("device_id", device)
      .Bind("fingerprints_max", kTransportFingerprintsMax)
      .Finish();
}

absl::StatusOr<Device> DirectoryStore::FindDevice(DeviceId id) {
  sqlite::Run run = sql_->find_device.Start();
  run.Bind("device_id", id);
  return OneDevice(run);
}

absl::StatusOr<Device> DirectoryStore::FindDeviceByTransport(
    Fingerprint transport) {
  sqlite::Run run = sql_->find_by_transport.Start();
  run.Bind("fingerprint", transport);
  return OneDevice(run);
}

absl::StatusOr<std::vector<Device>> DirectoryStore::ListDevices(
    DeviceId after, size_t entries_max) {
  sqlite::Run run = sql_->list_devices.Start();
  run.Bind("after", after).Bind("entries_max", entries_max);
  return AllDevices(run);
}

absl::StatusOr<std::vector<Device>> DirectoryStore::ListDevicesOf(
    absl::string_view host, DeviceId after, size_t entries_max) {
  sqlite::Run run = sql_->list_devices_of.Start();
  run.Bind("host", host).Bind("after", after).Bind("entries_max", entries_max);
  return AllDevices(run);
}

absl::Status DirectoryStore::PutCrl(const sqlite::Transaction& /*txn*/,
                                    const Crl& crl) {
  const absl::StatusOr<Crl> held = FindCrl(crl.issuer);
  if (!held.ok() && !absl::IsNotFound(held.status())) return held.status();
  if (held.ok() && crl.number < held->number) {
    return absl::FailedPreconditionError("directory: a newer CRL is held");
  }
  if (held.ok() && crl.number == held->number) {
    if (held->crl == crl.crl) return absl::OkStatus();
    return absl::AlreadyExistsError("directory: a second CRL of this number");
  }
  return sql_->put_crl.Start()
      .Bind("issuer", crl.issuer)
      .Bind("number", crl.number)
      .Bind("crl", crl.crl)
      .Bind("issuing_certificate", crl.issuing_certificate)
      .Finish();
}

absl::StatusOr<Crl> DirectoryStore::FindCrl(Fingerprint issuer) {
  sqlite::Run run = sql_->find_crl.Start();
  run.Bind("issuer", issuer);
  Crl crl;
  CORDON_ASSIGN_OR_RETURN(
      const bool row,
      run.Next(crl.issuer, crl.number, crl.crl, crl.issuing_certificate));
  if (!row) return absl::NotFoundError("directory: no CRL of this issuer");
  return crl;
}

absl::StatusOr<std::vector<Crl>> DirectoryStore::ListCrls(Fingerprint after,
                                                          size_t entries_max) {
  sqlite::Run run = sql_->list_crls.Start();
  run.Bind("after", after).Bind("entries_max", entries_max);
  std::vector<Crl> crls;
  while (true) {
    Crl crl;
    CORDON_ASSIGN_OR_RETURN(
        const bool row,
        run.Next(crl.issuer, crl.number, crl.crl, crl.issuing_certificate));
    if (!row) return crls;
    crls.push_back(std::move(crl));
  }
}

}  // namespace cordon::relay
