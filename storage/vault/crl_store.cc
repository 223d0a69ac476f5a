#include "storage/vault/crl_store.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kCountIssuers = R"sql(
SELECT count(*) FROM crl
)sql";

constexpr absl::string_view kPut = R"sql(
INSERT OR REPLACE INTO crl
  (issuer, number, list, issuing_certificate, first_seen_ms)
VALUES
  (:issuer, :number, :list, :issuing_certificate, :first_seen_ms)
)sql";

constexpr absl::string_view kGet = R"sql(
SELECT issuer, number, list, issuing_certificate, first_seen_ms
  FROM crl
 WHERE issuer = :issuer
)sql";

constexpr absl::string_view kListNumbers = R"sql(
SELECT issuer, number FROM crl ORDER BY issuer
)sql";

}  // namespace

absl::Status CrlStore::Put(const Crl& crl) {
  if (crl.list.size() > kCrlBytesMax) {
    return absl::ResourceExhaustedError("vault: kCrlBytesMax");
  }
  const absl::StatusOr<Crl> stored = Get(crl.issuer);
  if (stored.ok()) {
    if (stored->number == crl.number && stored->list == crl.list) {
      return absl::OkStatus();
    }
    CORDON_RETURN_IF_ERROR(CheckReplaces(*stored, crl));
  } else if (absl::IsNotFound(stored.status())) {
    CORDON_RETURN_IF_ERROR(CheckRoom());
  } else {
    return stored.status();
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPut));
  sqlite::Run run = put->Start();
  run.Bind("issuer", crl.issuer)
      .Bind("number", crl.number)
      .Bind("list", crl.list)
      .Bind("issuing_certificate", crl.issuing_certificate)
      .Bind("first_seen_ms", crl.first_seen);
  return run.Finish();
}

absl::Status CrlStore::CheckReplaces(const Crl& stored, const Crl& newer) {
  if (newer.number < stored.number) {
    return absl::FailedPreconditionError("vault: a newer list is stored");
  }
  if (newer.number == stored.number) {
    return absl::AlreadyExistsError("vault: another list has this number");
  }
  return absl::OkStatus();
}

absl::Status CrlStore::CheckRoom() const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count, sql_->Get(kCountIssuers));
  CORDON_ASSIGN_OR_RETURN(const uint64_t issuers, ReadCount(*count));
  if (issuers >= kCrlIssuersMax) {
    return absl::ResourceExhaustedError("vault: kCrlIssuersMax");
  }
  return absl::OkStatus();
}

absl::StatusOr<Crl> CrlStore::Get(Fingerprint issuer) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGet));
  sqlite::Run run = get->Start();
  run.Bind("issuer", issuer);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "list"));
  Crl crl;
  CORDON_RETURN_IF_ERROR(run.Read(crl.issuer, crl.number, crl.list,
                                  crl.issuing_certificate, crl.first_seen));
  return crl;
}

absl::StatusOr<std::vector<CrlNumber>> CrlStore::ListNumbers() const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kListNumbers));
  sqlite::Run run = list->Start();
  std::vector<CrlNumber> numbers;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return numbers;
    CrlNumber number;
    CORDON_RETURN_IF_ERROR(run.Read(number.issuer, number.number));
    numbers.push_back(number);
  }
}

}  // namespace cordon::vault
