#ifndef CORDON_CLIENT_CORE_CASE_SHELF_H_
#define CORDON_CLIENT_CORE_CASE_SHELF_H_

// The cases that this device's alerts rooms hold, found by any of their records
// or by their reference number.
//
// A number is its author's claim: several organisations may use one, and two
// colleagues who could not see each other's records may take the same. Whoever
// looks a number up gets all cases that carry it.
// Threads: none; within the caller's transaction.
// Errors: kNotFound, kDataLoss as record_reader.h.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/core/cases.h"
#include "storage/vault/record_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

// One case as it stands here.
struct StandingCase {
  std::string organisation;
  std::vector<vault::StoredRecord> versions;  // never none; the last one stands
  bool cancelled = false;
};

// CaseRecordOf reads a kAlert record.
absl::StatusOr<CaseRecord> CaseRecordOf(const vault::StoredRecord& stored);

// FindCase gives the case that a kAlert record belongs to, following what
// changes what. If it began before this device came in, it begins with the
// oldest version that is here; kNotFound if none of them is an alert.
absl::StatusOr<StandingCase> FindCase(const vault::VaultTxn& txn,
                                      const vault::RecordName& version);

// FindCases gives the cases of which a version carries `ref_no`.
absl::StatusOr<std::vector<StandingCase>> FindCases(const vault::VaultTxn& txn,
                                                    absl::string_view ref_no);

// SeveralCases is kInvalidArgument, for one who asked for the case `ref_no`:
// whose they are and by which ids to ask instead.
absl::Status SeveralCases(absl::string_view ref_no,
                          const std::vector<StandingCase>& cases);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_CASE_SHELF_H_
