#ifndef CORDON_CLIENT_CLI_INVOCATION_H_
#define CORDON_CLIENT_CLI_INVOCATION_H_

// What one command line asks for: a request, what goes for every verb, and the
// few things that only the command line knows.
// Threads: values.

#include <string>
#include <vector>

#include "client/cli/request.h"
#include "client/cli/secrets.h"

namespace cordon::cli {

// What goes for every verb.
struct Globals {
  std::string profile{};
  SecretFiles secrets{};
  bool json = false;
  bool offline = false;
  bool no_wait = false;
  bool verbose = false;
};

// An argument whose value stands in a file; "-" is standard input.
struct ArgumentFile {
  std::string key{};
  std::string path{};
  bool is_json = false;
};

// What the command line asks for.
struct Invocation {
  Globals globals{};
  Request request{};
  std::vector<ArgumentFile> files{};
  // Beyond the verb.
  bool session = false;
  bool new_profile = false;  // of a session
  std::string events{};      // of a session
  bool watch = false;
  bool follow = false;
  std::string photos_folder{};  // of alert show
};

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_INVOCATION_H_
