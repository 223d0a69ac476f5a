#ifndef CORDON_TESTS_BENCH_BARE_PROCESS_H_
#define CORDON_TESTS_BENCH_BARE_PROCESS_H_

// The bare server in a process of its own: this program once more, started with
// the one argument kBareArgument. TLS is the relay's: version 1.3, Ed25519, a
// client certificate asked for.
// Failures to start end the program.

#include <sys/types.h>

#include <memory>
#include <string>

#include "crypto/cert/pin.h"

namespace cordon::bench {

inline constexpr char kBareArgument[] = "--be-the-bare-server";

class BareProcess {
 public:
  BareProcess();
  BareProcess(const BareProcess&) = delete;
  BareProcess& operator=(const BareProcess&) = delete;
  // Ends it.
  ~BareProcess();

  pid_t pid() const { return pid_; }
  const std::string& address() const { return address_; }
  const cert::Pin& pin() const { return pin_; }

 private:
  pid_t pid_ = 0;
  std::string address_;
  cert::Pin pin_;
};

// RunBareServer is what main does for kBareArgument: prints port and pin, and
// serves until it is killed. The kernel does that when the parent ends.
int RunBareServer();

}  // namespace cordon::bench

#endif  // CORDON_TESTS_BENCH_BARE_PROCESS_H_
