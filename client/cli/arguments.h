#ifndef CORDON_CLIENT_CLI_ARGUMENTS_H_
#define CORDON_CLIENT_CLI_ARGUMENTS_H_

// Arguments that verbs of several nouns share.
// Threads: pure functions; faults go where the fields note them.

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/cli/fields.h"
#include "client/cli/verb.h"
#include "client/core/command.h"
#include "client/core/model/codes.h"

namespace cordon::cli {

// "since": a time, a date, or so long ago.
std::optional<absl::Time> Since(VerbInput& input);

// Until gives the time in `key`, or what lies so long ahead.
std::optional<absl::Time> Until(VerbInput& input, absl::string_view key);

// AddFiles reads a list of paths; each file goes with the record in `role`.
void AddFiles(Fields& in, absl::string_view key, client::AttachmentRole role,
              std::vector<client::FileToAttach>& files);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_ARGUMENTS_H_
