#include "client/core/cases.h"

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"

#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/record.h"
#include "crypto/base/id.h"

namespace cordon::client {

std::vector<Case> ResolveCases(absl::Span<const CaseRecord> records) {
  std::vector<Case> cases;
  absl::flat_hash_map<RecordId, size_t> case_of;  // any version -> its case
  for (size_t place = 0; place < records.size(); ++place) {
    const CaseRecord& record = records[place];
    if (case_of.contains(record.id)) continue;
    if (!record.replaces.has_value()) {
      if (!record.alert.has_value()) continue;
      case_of[record.id] = cases.size();
      cases.push_back({.organisation = record.organisation,
                       .versions = {place},
                       .alert = place});
      continue;
    }
    const auto found = case_of.find(*record.replaces);
    if (found == case_of.end()) continue;
    const size_t index = found->second;
    Case& one = cases[index];
    if (one.cancelled || one.organisation != record.organisation) continue;
    case_of[record.id] = index;
    one.versions.push_back(place);
    if (record.alert.has_value()) {
      one.alert = place;
    } else {
      one.cancelled = true;
    }
  }
  return cases;
}

std::optional<Reference> ChangedBy(const RecordBody& body) {
  const bool changes = body.msg_type == MsgType::kUpdate ||
                       std::holds_alternative<Cancel>(body.content);
  if (!changes || body.refs.empty()) return std::nullopt;
  return body.refs.front();
}

}  // namespace cordon::client
