#ifndef CORDON_CLIENT_CLI_TERMINAL_H_
#define CORDON_CLIENT_CLI_TERMINAL_H_

// The person's terminal: passphrases typed without echo, and whether output
// goes to one.
// Threads: the face's.
// Errors: kFailedPrecondition when there is no terminal to ask on.

#include <string>

#include "absl/status/statusor.h"

#include "crypto/base/secret.h"

namespace cordon::cli {

inline constexpr size_t kPassphraseBytesMax = 1024;

// AskSecret shows `question` and reads a line that is not shown.
absl::StatusOr<SecretBytes> AskSecret(const std::string& question);

bool IsTerminal(int file);
// In columns; 80 where it is not known.
int TerminalColumns(int file);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_TERMINAL_H_
