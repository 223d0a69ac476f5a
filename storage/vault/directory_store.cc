#include "storage/vault/directory_store.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kPutDevice = R"sql(
INSERT INTO known_device (device_id, name, chain, seen_ms)
VALUES (:device_id, :name, :chain, :seen_ms)
    ON CONFLICT (device_id) DO UPDATE
   SET name = excluded.name, chain = excluded.chain, seen_ms = excluded.seen_ms
)sql";

constexpr absl::string_view kGetDevice = R"sql(
SELECT device_id, name, chain, seen_ms
  FROM known_device
 WHERE device_id = :device_id
)sql";

constexpr absl::string_view kFindDevice = R"sql(
SELECT device_id, name, chain, seen_ms FROM known_device WHERE name = :name
)sql";

constexpr absl::string_view kListDevices = R"sql(
SELECT device_id, name, chain, seen_ms
  FROM known_device
 WHERE name > :after
   AND name >= :prefix
   AND substr(name, 1, length(:prefix)) = :prefix
 ORDER BY name
 LIMIT :limit
)sql";

// The bound holds for a new organisation only.
constexpr absl::string_view kPutParticipant = R"sql(
INSERT INTO participant (operation_id, organisation, profile)
SELECT :operation_id, :organisation, :profile
 WHERE (SELECT count(*)
          FROM participant
         WHERE operation_id = :operation_id
           AND organisation <> :organisation) < :participants_max
    ON CONFLICT (operation_id, organisation) DO UPDATE
   SET profile = excluded.profile
)sql";

constexpr absl::string_view kGetParticipant = R"sql(
SELECT operation_id, organisation, profile
  FROM participant
 WHERE operation_id = :operation_id
   AND organisation = :organisation
)sql";

constexpr absl::string_view kListParticipants = R"sql(
SELECT operation_id, organisation, profile
  FROM participant
 WHERE operation_id = :operation_id
 ORDER BY organisation
)sql";

constexpr absl::string_view kEraseParticipant = R"sql(
DELETE FROM participant
 WHERE operation_id = :operation_id
   AND organisation = :organisation
)sql";

constexpr absl::string_view kPutVerified = R"sql(
INSERT OR REPLACE INTO verified_certificate
  (fingerprint, crl_number, expires_ms)
VALUES
  (:fingerprint, :crl_number, :expires_ms)
)sql";

constexpr absl::string_view kGetVerified = R"sql(
SELECT fingerprint, crl_number, expires_ms
  FROM verified_certificate
 WHERE fingerprint = :fingerprint
)sql";

constexpr absl::string_view kEraseVerified = R"sql(
DELETE FROM verified_certificate WHERE expires_ms < :expired_ms
)sql";

absl::StatusOr<KnownDevice> ReadDevice(sqlite::Run& run) {
  KnownDevice device;
  CORDON_RETURN_IF_ERROR(
      run.Read(device.id, device.name, device.chain, device.seen));
  return device;
}

absl::StatusOr<Participant> ReadParticipant(sqlite::Run& run) {
  Participant participant;
  CORDON_RETURN_IF_ERROR(run.Read(
      participant.operation, participant.organisation, participant.profile));
  return participant;
}

}  // namespace

absl::Status DirectoryStore::PutDevice(const KnownDevice& device) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutDevice));
  sqlite::Run run = put->Start();
  run.Bind("device_id", device.id)
      .Bind("name", device.name)
      .Bind("chain", device.chain)
      .Bind("seen_ms", device.seen);
  return run.Finish();
}

absl::StatusOr<KnownDevice> DirectoryStore::GetDevice(DeviceId id) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetDevice));
  sqlite::Run run = get->Start();
  run.Bind("device_id", id);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "device"));
  return ReadDevice(run);
}

absl::StatusOr<KnownDevice> DirectoryStore::FindDevice(
    absl::string_view name) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * find, sql_->Get(kFindDevice));
  sqlite::Run run = find->Start();
  run.Bind("name", name);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "device"));
  return ReadDevice(run);
}

absl::StatusOr<std::vector<KnownDevice>> DirectoryStore::ListDevices(
    absl::string_view prefix, absl::string_view after) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kListDevices));
  sqlite::Run run = list->Start();
  run.Bind("prefix", prefix)
      .Bind("after", after)
      .Bind("limit", kDirectoryPageMax);
  std::vector<KnownDevice> devices;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return devices;
    CORDON_ASSIGN_OR_RETURN(KnownDevice device, ReadDevice(run));
    devices.push_back(std::move(device));
  }
}

absl::Status DirectoryStore::PutParticipant(const Participant& participant) {
  if (participant.profile.size() > kParticipantBytesMax) {
    return absl::ResourceExhaustedError("vault: kParticipantBytesMax");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutParticipant));
  sqlite::Run run = put->Start();
  run.Bind("operation_id", participant.operation)
      .Bind("organisation", participant.organisation)
      .Bind("profile", participant.profile)
      .Bind("participants_max", kParticipantsMax);
  CORDON_RETURN_IF_ERROR(run.Finish());
  if (run.Changes() == 0) {
    return absl::ResourceExhaustedError("vault: kParticipantsMax");
  }
  return absl::OkStatus();
}

absl::StatusOr<Participant> DirectoryStore::GetParticipant(
    OperationId operation, absl::string_view organisation) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetParticipant));
  sqlite::Run run = get->Start();
  run.Bind("operation_id", operation).Bind("organisation", organisation);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "participant"));
  return ReadParticipant(run);
}

absl::StatusOr<std::vector<Participant>> DirectoryStore::ListParticipants(
    OperationId operation) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list,
                          sql_->Get(kListParticipants));
  sqlite::Run run = list->Start();
  run.Bind("operation_id", operation);
  std::vector<Participant> participants;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return participants;
    CORDON_ASSIGN_OR_RETURN(Participant participant, ReadParticipant(run));
    participants.push_back(std::move(participant));
  }
}

absl::Status DirectoryStore::EraseParticipant(OperationId operation,
                                              absl::string_view organisation) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase,
                          sql_->Get(kEraseParticipant));
  sqlite::Run run = erase->Start();
  run.Bind("operation_id", operation).Bind("organisation", organisation);
  CORDON_RETURN_IF_ERROR(run.Finish());
  return ExpectChange(run, "participant");
}

absl::Status DirectoryStore::PutVerified(
    const VerifiedCertificate& certificate) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutVerified));
  sqlite::Run run = put->Start();
  run.Bind("fingerprint", certificate.fingerprint)
      .Bind("crl_number", certificate.crl_number)
      .Bind("expires_ms", certificate.expires);
  return run.Finish();
}

absl::StatusOr<VerifiedCertificate> DirectoryStore::GetVerified(
    Fingerprint fingerprint) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetVerified));
  sqlite::Run run = get->Start();
  run.Bind("fingerprint", fingerprint);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "verified certificate"));
  VerifiedCertificate certificate;
  CORDON_RETURN_IF_ERROR(run.Read(certificate.fingerprint,
                                  certificate.crl_number, certificate.expires));
  return certificate;
}

absl::Status DirectoryStore::EraseVerifiedBefore(absl::Time expired) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase, sql_->Get(kEraseVerified));
  sqlite::Run run = erase->Start();
  run.Bind("expired_ms", expired);
  return run.Finish();
}

}  // namespace cordon::vault
