#ifndef CORDON_CLIENT_CLI_REQUEST_H_
#define CORDON_CLIENT_CLI_REQUEST_H_

// A Request is what both ways of asking come to: the command line makes the
// same JSON object of its flags that a session reads from a line.
// Threads: the face's.

#include <string>
#include <variant>

#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/json_text.h"
#include "client/cli/secrets.h"
#include "client/cli/verb.h"
#include "client/core/command.h"

namespace cordon::cli {

struct Request {
  std::string verb;
  Json arguments;  // an object
};

struct MakeOptions {
  Secrets* secrets = nullptr;
  absl::Time now;
  absl::TimeZone zone;
};

// MakeCommand finds every fault of the arguments at once.
std::variant<client::CommandBody, Refusal> MakeCommand(
    const Request& request, const MakeOptions& options);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_REQUEST_H_
