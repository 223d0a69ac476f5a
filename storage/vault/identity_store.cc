#include "storage/vault/identity_store.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

// Stored: never renumbered.
enum class Chain : uint8_t { kIdentity = 1, kTransport = 2, kIssuing = 3 };

constexpr absl::string_view kPutDevice = R"sql(
INSERT INTO device
  (only, name, identity_seed, transport_seed, inbox_key, issuing_seed)
VALUES
  (1, :name, :identity_seed, :transport_seed, :inbox_key, :issuing_seed)
)sql";

constexpr absl::string_view kGetDevice = R"sql(
SELECT name, identity_seed, transport_seed, inbox_key, issuing_seed FROM device
)sql";

constexpr absl::string_view kEraseCertificates = R"sql(
DELETE FROM own_certificate
)sql";

constexpr absl::string_view kPutCertificate = R"sql(
INSERT INTO own_certificate (chain, place, der) VALUES (:chain, :place, :der)
)sql";

constexpr absl::string_view kGetCertificates = R"sql(
SELECT der FROM own_certificate WHERE chain = :chain ORDER BY place
)sql";

constexpr absl::string_view kPutRelay = R"sql(
INSERT OR REPLACE INTO relay (only, address, pin, next_pin, root_certificate)
VALUES (1, :address, :pin, :next_pin, :root_certificate)
)sql";

constexpr absl::string_view kGetRelay = R"sql(
SELECT address, pin, next_pin, root_certificate FROM relay
)sql";

constexpr absl::string_view kPutEnrolment = R"sql(
INSERT INTO enrolment (only, invitation, keys, request, made_ms)
VALUES (1, :invitation, :keys, :request, :made_ms)
)sql";

constexpr absl::string_view kGetEnrolment = R"sql(
SELECT invitation, keys, request, made_ms FROM enrolment
)sql";

constexpr absl::string_view kEraseEnrolment = R"sql(
DELETE FROM enrolment
)sql";

// The same bound holds for a new name only.
constexpr absl::string_view kPutSetting = R"sql(
INSERT INTO setting (name, value)
SELECT :name, :value
 WHERE (SELECT count(*) FROM setting WHERE name <> :name) < :settings_max
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
)sql";

constexpr absl::string_view kGetSetting = R"sql(
SELECT value FROM setting WHERE name = :name
)sql";

constexpr absl::string_view kEraseSetting = R"sql(
DELETE FROM setting WHERE name = :name
)sql";

constexpr absl::string_view kListSettings = R"sql(
SELECT name, value FROM setting ORDER BY name
)sql";

absl::Status PutChain(Statements& sql, Chain chain,
                      const std::vector<Bytes>& certificates) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql.Get(kPutCertificate));
  uint32_t place = 0;
  for (const Bytes& der : certificates) {
    sqlite::Run run = put->Start();
    run.Bind("chain", static_cast<uint8_t>(chain))
        .Bind("place", place++)
        .Bind("der", der);
    CORDON_RETURN_IF_ERROR(run.Finish());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Bytes>> GetChain(Statements& sql, Chain chain) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql.Get(kGetCertificates));
  sqlite::Run run = get->Start();
  run.Bind("chain", static_cast<uint8_t>(chain));
  std::vector<Bytes> certificates;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return certificates;
    Bytes der;
    CORDON_RETURN_IF_ERROR(run.Read(der));
    certificates.push_back(std::move(der));
  }
}

}  // namespace

absl::Status IdentityStore::PutDevice(const OwnDevice& device) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutDevice));
  sqlite::Run run = put->Start();
  run.Bind("name", device.name)
      .Bind("identity_seed", device.identity_seed)
      .Bind("transport_seed", device.transport_seed)
      .Bind("inbox_key", device.inbox_key)
      .Bind("issuing_seed", device.issuing_seed);
  return run.Finish();
}

absl::StatusOr<OwnDevice> IdentityStore::GetDevice() const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetDevice));
  sqlite::Run run = get->Start();
  CORDON_RETURN_IF_ERROR(StepToRow(run, "device: not enrolled yet"));
  OwnDevice device;
  CORDON_RETURN_IF_ERROR(run.Read(device.name, device.identity_seed,
                                  device.transport_seed, device.inbox_key,
                                  device.issuing_seed));
  return device;
}

absl::Status IdentityStore::PutCertificates(
    const OwnCertificates& certificates) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase,
                          sql_->Get(kEraseCertificates));
  CORDON_RETURN_IF_ERROR(erase->Start().Finish());
  CORDON_RETURN_IF_ERROR(
      PutChain(*sql_, Chain::kIdentity, certificates.identity_chain));
  CORDON_RETURN_IF_ERROR(
      PutChain(*sql_, Chain::kTransport, certificates.transport_chain));
  return PutChain(*sql_, Chain::kIssuing, certificates.issuing_chain);
}

absl::StatusOr<OwnCertificates> IdentityStore::GetCertificates() const {
  OwnCertificates certificates;
  CORDON_ASSIGN_OR_RETURN(certificates.identity_chain,
                          GetChain(*sql_, Chain::kIdentity));
  CORDON_ASSIGN_OR_RETURN(certificates.transport_chain,
                          GetChain(*sql_, Chain::kTransport));
  CORDON_ASSIGN_OR_RETURN(certificates.issuing_chain,
                          GetChain(*sql_, Chain::kIssuing));
  return certificates;
}

absl::Status IdentityStore::PutRelay(const RelayAccess& relay) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutRelay));
  sqlite::Run run = put->Start();
  run.Bind("address", relay.address)
      .Bind("pin", relay.pin)
      .Bind("next_pin",
            relay.next_pin.has_value() ? relay.next_pin->span() : ByteSpan())
      .Bind("root_certificate", relay.root_certificate);
  return run.Finish();
}

absl::StatusOr<RelayAccess> IdentityStore::GetRelay() const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetRelay));
  sqlite::Run run = get->Start();
  CORDON_RETURN_IF_ERROR(StepToRow(run, "relay: none was set"));
  RelayAccess relay;
  Bytes next_pin;
  CORDON_RETURN_IF_ERROR(
      run.Read(relay.address, relay.pin, next_pin, relay.root_certificate));
  if (next_pin.empty()) return relay;
  const absl::StatusOr<RelayPin> parsed = RelayPin::Parse(next_pin);
  if (!parsed.ok()) return absl::DataLossError("vault: a pin's length");
  relay.next_pin = *parsed;
  return relay;
}

absl::Status IdentityStore::PutEnrolment(const Enrolment& enrolment) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutEnrolment));
  sqlite::Run run = put->Start();
  run.Bind("invitation", enrolment.invitation)
      .Bind("keys", enrolment.keys)
      .Bind("request", enrolment.request)
      .Bind("made_ms", enrolment.made);
  return run.Finish();
}

absl::StatusOr<Enrolment> IdentityStore::GetEnrolment() const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetEnrolment));
  sqlite::Run run = get->Start();
  CORDON_RETURN_IF_ERROR(StepToRow(run, "enrolment in progress"));
  Enrolment enrolment;
  CORDON_RETURN_IF_ERROR(run.Read(enrolment.invitation, enrolment.keys,
                                  enrolment.request, enrolment.made));
  return enrolment;
}

absl::Status IdentityStore::EraseEnrolment() {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase,
                          sql_->Get(kEraseEnrolment));
  return erase->Start().Finish();
}

absl::Status IdentityStore::PutSetting(absl::string_view name, ByteSpan value) {
  if (name.empty() || name.size() > kSettingNameBytesMax) {
    return absl::InvalidArgumentError("vault: a setting's name");
  }
  if (value.size() > kSettingBytesMax) {
    return absl::ResourceExhaustedError("vault: kSettingBytesMax");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutSetting));
  sqlite::Run run = put->Start();
  run.Bind("name", name)
      .Bind("value", value)
      .Bind("settings_max", kSettingsMax);
  CORDON_RETURN_IF_ERROR(run.Finish());
  if (run.Changes() == 0) {
    return absl::ResourceExhaustedError("vault: kSettingsMax");
  }
  return absl::OkStatus();
}

absl::StatusOr<Bytes> IdentityStore::GetSetting(absl::string_view name) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetSetting));
  sqlite::Run run = get->Start();
  run.Bind("name", name);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "setting"));
  Bytes value;
  CORDON_RETURN_IF_ERROR(run.Read(value));
  return value;
}

absl::Status IdentityStore::EraseSetting(absl::string_view name) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase, sql_->Get(kEraseSetting));
  sqlite::Run run = erase->Start();
  run.Bind("name", name);
  return run.Finish();
}

absl::StatusOr<std::vector<Setting>> IdentityStore::ListSettings() const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kListSettings));
  sqlite::Run run = list->Start();
  std::vector<Setting> settings;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return settings;
    Setting setting;
    CORDON_RETURN_IF_ERROR(run.Read(setting.name, setting.value));
    settings.push_back(std::move(setting));
  }
}

}  // namespace cordon::vault
