#include "client/cli/arguments.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/cli/fields.h"
#include "client/cli/number_text.h"
#include "client/cli/verb.h"
#include "client/core/command.h"
#include "client/core/model/codes.h"

namespace cordon::cli {

std::optional<absl::Time> Since(VerbInput& input) {
  const std::string text = input.in.Text("since");
  if (text.empty()) return std::nullopt;
  const std::optional<absl::Time> since =
      ParseSince(text, input.now, input.zone);
  if (!since.has_value()) {
    input.in.Fault("since",
                   "is not a time with an offset, a date, or a duration as 2h");
  }
  return since;
}

std::optional<absl::Time> Until(VerbInput& input, absl::string_view key) {
  const std::string text = input.in.Text(key);
  if (text.empty()) return std::nullopt;
  const std::optional<absl::Time> until = ParseUntil(text, input.now);
  if (!until.has_value()) {
    input.in.Fault(key, "is not a time with an offset or a duration as 24h");
  }
  return until;
}

void AddFiles(Fields& in, absl::string_view key, client::AttachmentRole role,
              std::vector<client::FileToAttach>& files) {
  for (std::string& path : in.Texts(key)) {
    files.push_back({.path = std::move(path), .role = role});
  }
}

}  // namespace cordon::cli
