#ifndef CORDON_TESTS_SUPPORT_FINDING_FIELDS_H_
#define CORDON_TESTS_SUPPORT_FINDING_FIELDS_H_

// The fields that findings name, in their order.

#include <string>
#include <vector>

#include "client/core/findings.h"

namespace cordon::testing {

inline std::vector<std::string> FieldsOf(
    const std::vector<client::Finding>& findings) {
  std::vector<std::string> fields;
  fields.reserve(findings.size());
  for (const client::Finding& finding : findings) {
    fields.push_back(finding.field);
  }
  return fields;
}

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FINDING_FIELDS_H_
