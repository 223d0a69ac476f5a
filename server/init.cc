#include "server/init.h"

#include <memory>

#include "absl/status/statusor.h"

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "server/config.h"
#include "server/core/enrolment.h"
#include "server/data_folder.h"
#include "server/relay_keys.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

namespace {

absl::StatusOr<NewRelay> FillFolder(const InitCommand& command,
                                    const Clock& clock, RandomSource& random) {
  CORDON_ASSIGN_OR_RETURN(
      const std::unique_ptr<sqlite::Db> db,
      OpenDatabase(command.data, sqlite::OpenMode::kMayCreate));
  CORDON_ASSIGN_OR_RETURN(relay::Stores stores, relay::OpenStores(db.get()));
  NewRelay made{.pin = {}, .setup_code = MakeSetupCode(random)};
  CORDON_ASSIGN_OR_RETURN(sqlite::Transaction txn,
                          sqlite::Transaction::Begin(db.get()));
  CORDON_ASSIGN_OR_RETURN(
      made.pin,
      MakeRelayKeys(txn, stores.keys, command.hosts, {clock.Now(), random}));
  CORDON_RETURN_IF_ERROR(
      stores.enrolment.BeginSetup(txn, SetupCodeVerifier(made.setup_code)));
  CORDON_RETURN_IF_ERROR(txn.Commit());
  return made;
}

}  // namespace

absl::StatusOr<NewRelay> InitRelay(const InitCommand& command,
                                   const Clock& clock, RandomSource& random) {
  CORDON_RETURN_IF_ERROR(MakeFolder(command.data, random));
  absl::StatusOr<NewRelay> made = FillFolder(command, clock, random);
  if (made.ok()) return made;
  // So that it can be tried again.
  ClearFolder(command.data);
  return ExplainDatabase(command.data, made.status());
}

}  // namespace cordon::server
