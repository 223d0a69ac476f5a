#ifndef CORDON_STORAGE_RELAY_STORES_H_
#define CORDON_STORAGE_RELAY_STORES_H_

// Everything the relay keeps in its database, opened together. One transaction
// may write through any of them.

#include "absl/status/statusor.h"

#include "storage/relay/blob_store.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/directory_store.h"
#include "storage/relay/enrolment_store.h"
#include "storage/relay/group_store.h"
#include "storage/relay/inbox_store.h"
#include "storage/relay/key_package_store.h"
#include "storage/relay/key_store.h"
#include "storage/sqlite/db.h"

namespace cordon::relay {

struct Stores {
  DeliveryLog log;
  GroupStore groups;
  InboxStore inboxes;
  KeyPackageStore key_packages;
  EnrolmentStore enrolment;
  DirectoryStore directory;
  BlobStore blobs;
  KeyStore keys;
};

// OpenStores migrates `db` to RelaySchema() and prepares every store; `db`
// outlives them. Errors: as sqlite::Migrate.
absl::StatusOr<Stores> OpenStores(sqlite::Db* db);

}  // namespace cordon::relay

#endif  // CORDON_STORAGE_RELAY_STORES_H_
