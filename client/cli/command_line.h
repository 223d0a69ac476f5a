#ifndef CORDON_CLIENT_CLI_COMMAND_LINE_H_
#define CORDON_CLIENT_CLI_COMMAND_LINE_H_

// From argv to what is asked for. Help and usage errors are printed here.
// Threads: none; before any other starts.

#include <variant>

#include "absl/status/status.h"

#include "client/cli/invocation.h"

namespace cordon::cli {

// The command line asked for help or was wrong; the text was printed.
struct ExitCommand {
  int code = 0;
};

inline constexpr int kExitDone = 0;
inline constexpr int kExitRefused = 1;
inline constexpr int kExitUsage = 2;

// `defaults` is what the environment says; flags win.
std::variant<Invocation, ExitCommand> ParseCommandLine(int argc, char** argv,
                                                       Globals defaults);

// LoadArguments reads the files that arguments stand in, and standard input
// where a text or an invitation is "-". kNotFound or kInvalidArgument with a
// sentence.
absl::Status LoadArguments(Invocation& invocation);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_COMMAND_LINE_H_
