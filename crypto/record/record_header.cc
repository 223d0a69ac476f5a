#include "crypto/record/record_header.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"

#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/log/chain_hash.h"
#include "crypto/policy/marking.h"
#include "crypto/policy/record_kind.h"

namespace cordon::record {
namespace {

absl::Status ValidateCrls(const std::vector<KnownCrl>& crls) {
  if (crls.size() > kKnownCrlsMax) {
    return absl::InvalidArgumentError("header: more CRLs than kKnownCrlsMax");
  }
  for (size_t i = 1; i < crls.size(); ++i) {
    if (crls[i - 1].issuer >= crls[i].issuer) {
      return absl::InvalidArgumentError("header: CRLs out of order");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Validate(const RecordHeader& header) {
  if (static_cast<uint16_t>(header.kind) == 0) {
    return absl::InvalidArgumentError("header: no kind");
  }
  if (header.id.is_zero() || header.room.is_zero() || header.author.is_zero()) {
    return absl::InvalidArgumentError("header: an id is missing");
  }
  if (header.operation.is_zero() && header.kind != policy::RecordKind::kGuide) {
    return absl::InvalidArgumentError("header: no operation");
  }
  if (header.counter == AuthorCounter{0}) {
    return absl::InvalidArgumentError("header: counters begin at 1");
  }
  if (header.head.seq == LogSeq{0} && header.head != ChainStart(header.room)) {
    return absl::InvalidArgumentError("header: no log begins with this head");
  }
  CORDON_RETURN_IF_ERROR(ValidateCrls(header.known_crls));
  return policy::Validate(header.marking);
}

absl::Status ValidateAt(const RecordHeader& header, const RecordPlace& place) {
  CORDON_RETURN_IF_ERROR(Validate(header));
  if (header.room != place.room) {
    return absl::InvalidArgumentError("header: signed for another room");
  }
  if (!header.operation.is_zero() && header.operation != place.operation) {
    return absl::InvalidArgumentError("header: signed for another operation");
  }
  if (header.author != place.author) {
    return absl::InvalidArgumentError("header: sealed by another device");
  }
  return absl::OkStatus();
}

}  // namespace cordon::record
