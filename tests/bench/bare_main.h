#ifndef CORDON_TESTS_BENCH_BARE_MAIN_H_
#define CORDON_TESTS_BENCH_BARE_MAIN_H_

// The main of a program that measures a relay beside the bare server.

#include "absl/functional/function_ref.h"
#include <CLI/App.hpp>

namespace cordon::bench {

// MainBesideBare is the bare server where this program was started as that
// (bare_process.h); else it lets `app` read the arguments, and measures. The
// exit code.
int MainBesideBare(int argc, char** argv, CLI::App& app,
                   absl::FunctionRef<int()> measure);

}  // namespace cordon::bench

#endif  // CORDON_TESTS_BENCH_BARE_MAIN_H_
