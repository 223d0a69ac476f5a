#include "storage/relay/stores.h"

#include <utility>

#include "absl/status/statusor.h"

#include "crypto/base/status.h"
#include "storage/relay/blob_store.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/directory_store.h"
#include "storage/relay/enrolment_store.h"
#include "storage/relay/group_store.h"
#include "storage/relay/inbox_store.h"
#include "storage/relay/key_package_store.h"
#include "storage/relay/key_store.h"
#include "storage/relay/schema.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/migrate.h"

namespace cordon::relay {

absl::StatusOr<Stores> OpenStores(sqlite::Db* db) {
  CORDON_RETURN_IF_ERROR(sqlite::Migrate(db, RelaySchema()));
  CORDON_ASSIGN_OR_RETURN(DeliveryLog log, DeliveryLog::Create(db));
  CORDON_ASSIGN_OR_RETURN(GroupStore groups, GroupStore::Create(db));
  CORDON_ASSIGN_OR_RETURN(InboxStore inboxes, InboxStore::Create(db));
  CORDON_ASSIGN_OR_RETURN(KeyPackageStore key_packages,
                          KeyPackageStore::Create(db));
  CORDON_ASSIGN_OR_RETURN(EnrolmentStore enrolment, EnrolmentStore::Create(db));
  CORDON_ASSIGN_OR_RETURN(DirectoryStore directory, DirectoryStore::Create(db));
  CORDON_ASSIGN_OR_RETURN(BlobStore blobs, BlobStore::Create(db));
  CORDON_ASSIGN_OR_RETURN(KeyStore keys, KeyStore::Create(db));
  return Stores{.log = std::move(log),
                .groups = std::move(groups),
                .inboxes = std::move(inboxes),
                .key_packages = std::move(key_packages),
                .enrolment = std::move(enrolment),
                .directory = std::move(directory),
                .blobs = std::move(blobs),
                .keys = std::move(keys)};
}

}  // namespace cordon::relay
