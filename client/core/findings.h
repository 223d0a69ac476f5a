#ifndef CORDON_CLIENT_CORE_FINDINGS_H_
#define CORDON_CLIENT_CORE_FINDINGS_H_

// What is wrong with content, or worth a second look: all of it in one pass,
// each with the path of its field in the JSON form ("lines[1].quantity.unit").
// Filled by the rules of each kind (alert_rules.h, guide_rules.h,
// instruction_rules.h), which are asked before sending and again after opening.
// Threads: values.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/core/model/codes.h"
#include "client/core/model/record.h"

namespace cordon::client {

struct Finding {
  std::string field;
  std::string what;  // a sentence without the field's name
};

struct ContentFindings {
  std::vector<Finding> faults;    // the record is refused
  std::vector<Finding> warnings;  // it is taken, and shown with them

  void Fault(std::string field, std::string what) {
    faults.push_back({std::move(field), std::move(what)});
  }
  void Warn(std::string field, std::string what) {
    warnings.push_back({std::move(field), std::move(what)});
  }
  void Missing(std::string field) { Fault(std::move(field), "is missing"); }

  // Code: given where it is needed, and known.
  template <typename Enum>
  void Code(std::string field, Enum value, bool needed) {
    if (value == Enum::kNone) {
      if (needed) Missing(std::move(field));
    } else if (!IsKnown(value)) {
      Fault(std::move(field), "is a code this client does not know");
    }
  }

  void Length(std::string field, absl::string_view text, size_t bytes_max) {
    if (text.size() <= bytes_max) return;
    Fault(std::move(field),
          absl::StrCat("is longer than ", bytes_max, " bytes"));
  }

  // Photos: pictures, by their first bytes. Says whether any is one.
  bool Photos(const std::vector<Attachment>& attachments) {
    bool any = false;
    for (const Attachment& one : attachments) {
      if (one.role != AttachmentRole::kGoods) continue;
      if (absl::StartsWith(one.media_type, "image/")) {
        any = true;
      } else {
        Warn("photos",
             absl::StrCat(one.name, " is no picture (", one.media_type, ")"));
      }
    }
    return any;
  }

  // Text: given, and within its length.
  void Text(std::string field, absl::string_view text, size_t bytes_max) {
    if (text.empty()) {
      Missing(std::move(field));
    } else {
      Length(std::move(field), text, bytes_max);
    }
  }

  // Count: as many as the rule says.
  void Count(std::string field, size_t count, size_t least, size_t most) {
    if (count >= least && count <= most) return;
    if (count == 0) {
      Missing(std::move(field));
    } else if (least == most) {
      Fault(std::move(field), absl::StrCat("must be ", least, " in number"));
    } else {
      Fault(std::move(field),
            absl::StrCat("must be ", least, " to ", most, " in number"));
    }
  }
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_FINDINGS_H_
