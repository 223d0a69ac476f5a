#include "tests/bench/bare_main.h"

#include <cstring>

#include "absl/functional/function_ref.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Error.hpp>
#include <CLI/Formatter.hpp>

#include "crypto/base/lock_checks.h"
#include "tests/bench/bare_process.h"

namespace cordon::bench {

int MainBesideBare(int argc, char** argv, CLI::App& app,
                   absl::FunctionRef<int()> measure) {
  SkipLockChecks();
  if (argc == 2 && std::strcmp(argv[1], kBareArgument) == 0) {
    return RunBareServer();
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return measure();
}

}  // namespace cordon::bench
