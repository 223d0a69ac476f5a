#ifndef CORDON_TESTS_SUPPORT_RELAY_PROCESS_H_
#define CORDON_TESTS_SUPPORT_RELAY_PROCESS_H_

// A real cordond in a process of its own: started, talked to over TLS on a port
// of its choice, killed or stopped. Its folder outlives it, so that it can be
// started again.
//
// Failures to start end the test program: nothing can be shown without it.

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "crypto/cert/pin.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/temp_folder.h"

namespace cordon::testing {

// What a program printed and how it ended.
struct Finished {
  int exit_code = -1;  // -1: by a signal
  std::string out{};
};
// RunCordond runs it to its end.
Finished RunCordond(const std::vector<std::string>& arguments);

class RelayProcess {
 public:
  // Init: `cordond init`, with the pin and the code that it printed.
  RelayProcess();
  RelayProcess(const RelayProcess&) = delete;
  RelayProcess& operator=(const RelayProcess&) = delete;
  ~RelayProcess();

  // LogToFile keeps what it logs beside its folder, instead of showing it.
  void LogToFile();
  void Start(const std::vector<std::string>& more = {});
  // StartWith runs it with exactly these words.
  void StartWith(const std::vector<std::string>& arguments);
  // Kill is kill -9. Stop is SIGTERM and gives the exit code.
  void Kill();
  int Stop();

  // Edit opens the database of a relay that is not running.
  void Edit(
      const std::function<void(relay::Stores&, sqlite::Transaction&)>& edit);

  const cert::Pin& pin() const { return pin_; }
  const std::string& setup_code() const { return setup_code_; }
  int port() const { return port_; }
  std::string address() const;
  std::string data() const { return folder_.File("relay"); }
  pid_t pid() const { return pid_; }

 private:
  int Wait();

  TempFolder folder_;
  std::string log_;
  cert::Pin pin_;
  std::string setup_code_;
  int port_ = 0;
  pid_t pid_ = 0;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_RELAY_PROCESS_H_
