#include "storage/relay/key_package_store.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {
namespace {

constexpr absl::string_view kOwner = R"sql(
SELECT device_id FROM key_package WHERE ref = :ref
)sql";

constexpr absl::string_view kForgetLastResort = R"sql(
DELETE FROM key_package WHERE device_id = :device_id AND last_resort = 1
)sql";

constexpr absl::string_view kPublish = R"sql(
INSERT INTO key_package (ref, device_id, expires_ms, last_resort, claimed,
                         package)
VALUES (:ref, :device_id, :expires_ms, :last_resort, 0, :package)
)sql";

constexpr absl::string_view kNext = R"sql(
SELECT package_id, ref, last_resort, package
  FROM key_package
 WHERE device_id = :device_id
   AND claimed = 0
   AND expires_ms > :now_ms
 ORDER BY last_resort, package_id
 LIMIT 1
)sql";

constexpr absl::string_view kMarkClaimed = R"sql(
UPDATE key_package
   SET claimed = 1,
       package = x''
 WHERE package_id = :package_id
)sql";

constexpr absl::string_view kCounts = R"sql(
SELECT count(*) FILTER (WHERE last_resort = 0),
       count(*) FILTER (WHERE last_resort = 1)
  FROM key_package
 WHERE device_id = :device_id
   AND claimed = 0
   AND expires_ms > :now_ms
)sql";

constexpr absl::string_view kDeleteOf = R"sql(
DELETE FROM key_package WHERE device_id = :device_id
)sql";

constexpr absl::string_view kDeleteExpired = R"sql(
DELETE FROM key_package WHERE expires_ms <= :now_ms
)sql";

}  // namespace

struct KeyPackageStore::Statements {
  sqlite::Statement owner;
  sqlite::Statement forget_last_resort;
  sqlite::Statement publish;
  sqlite::Statement next;
  sqlite::Statement mark_claimed;
  sqlite::Statement counts;
  sqlite::Statement delete_of;
  sqlite::Statement delete_expired;
};

absl::StatusOr<KeyPackageStore> KeyPackageStore::Create(sqlite::Db* db) {
  sqlite::Preparer prepare(db);
  auto sql = absl::WrapUnique(new Statements{
      .owner = prepare(kOwner),
      .forget_last_resort = prepare(kForgetLastResort),
      .publish = prepare(kPublish),
      .next = prepare(kNext),
      .mark_claimed = prepare(kMarkClaimed),
      .counts = prepare(kCounts),
      .delete_of = prepare(kDeleteOf),
      .delete_expired = prepare(kDeleteExpired),
  });
  CORDON_RETURN_IF_ERROR(prepare.status());
  return KeyPackageStore(std::move(sql));
}

KeyPackageStore::KeyPackageStore(std::unique_ptr<Statements> sql)
    : sql_(std::move(sql)) {}
KeyPackageStore::KeyPackageStore(KeyPackageStore&&) noexcept = default;
KeyPackageStore& KeyPackageStore::operator=(KeyPackageStore&&) noexcept =
    default;
KeyPackageStore::~KeyPackageStore() = default;

absl::StatusOr<bool> KeyPackageStore::IsKnown(const NewKeyPackage& package) {
  sqlite::Run run = sql_->owner.Start();
  run.Bind("ref", package.ref);
  DeviceId owner;
  CORDON_ASSIGN_OR_RETURN(const bool row, run.Next(owner));
  if (row && owner != package.device) {
    return absl::AlreadyExistsError("key packages: another device's reference");
  }
  return row;
}

absl::Status KeyPackageStore::Publish(const sqlite::Transaction& /*txn*/,
                                      const NewKeyPackage& package) {
  CORDON_ASSIGN_OR_RETURN(const bool known, IsKnown(package));
  if (known) return absl::OkStatus();
  if (package.last_resort) {
    CORDON_RETURN_IF_ERROR(sql_->forget_last_resort.Start()
                               .Bind("device_id", package.device)
                               .Finish());
  } else {
    // An expired package takes up room until it is swept.
    CORDON_ASSIGN_OR_RETURN(const KeyPackageCounts counts,
                            Counts(package.device, absl::UnixEpoch()));
    if (counts.unclaimed >= kKeyPackagesMax) {
      return absl::ResourceExhaustedError("key packages: kKeyPackagesMax");
    }
  }
  return sql_->publish.Start()
      .Bind("ref", package.ref)
      .Bind("device_id", package.device)
      .Bind("expires_ms", package.expires)
      .Bind("last_resort", package.last_resort)
      .Bind("package", package.package)
      .Finish();
}

absl::StatusOr<ClaimedKeyPackage> KeyPackageStore::Claim(
    const sqlite::Transaction& /*txn*/, DeviceId device, absl::Time now) {
  ClaimedKeyPackage claimed;
  int64_t package_id = 0;
  {
    sqlite::Run run = sql_->next.Start();
    run.Bind("device_id", device).Bind("now_ms", now);
    CORDON_ASSIGN_OR_RETURN(
        const bool row, run.Next(package_id, claimed.ref, claimed.last_resort,
                                 claimed.package));
    if (!row) return absl::NotFoundError("key packages: the device has none");
  }
  if (!claimed.last_resort) {
    CORDON_RETURN_IF_ERROR(
        sql_->mark_claimed.Start().Bind("package_id", package_id).Finish());
  }
  return claimed;
}

absl::StatusOr<KeyPackageCounts> KeyPackageStore::Counts(DeviceId device,
                                                         absl::Time now) {
  sqlite::Run run = sql_->counts.Start();
  run.Bind("device_id", device).Bind("now_ms", now);
  KeyPackageCounts counts;
  uint64_t last_resorts = 0;
  CORDON_RETURN_IF_ERROR(run.Next(counts.unclaimed, last_resorts).status());
  counts.last_resort = last_resorts > 0;
  return counts;
}

absl::Status KeyPackageStore::DeleteOf(const sqlite::Transaction& /*txn*/,
                                       DeviceId device) {
  return sql_->delete_of.Start().Bind("device_id", device).Finish();
}

absl::Status KeyPackageStore::DeleteExpired(const sqlite::Transaction& /*txn*/,
                                            absl::Time now) {
  return sql_->delete_expired.Start().Bind("now_ms", now).Finish();
}

}  // namespace cordon::relay
