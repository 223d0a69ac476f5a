#ifndef CORDON_CLIENT_RUNNER_H_
#define CORDON_CLIENT_RUNNER_H_

// The core's thread: takes jobs from one mailbox, runs them one at a time, and
// lets the client know when time has passed.
//
//   Runner runner;
//   GrpcRelay relay(&runner);
//   Client client(parts with &relay);
//   runner.Start(&client);
//   runner.Post([&client, …] { client.Handle(…); });
//   …
//   runner.Stop();          // before client and relay go
//
// Threads: Post from any; Start and Stop from the one that owns the runner.
// Errors: none; more than kCoreJobsMax waiting jobs is a broken invariant:
// whoever posts waits for answers, so their number is bounded.

#include <cstddef>
#include <thread>

#include "client/core/client.h"
#include "client/core_thread.h"
#include "crypto/base/mailbox.h"

namespace cordon::client {

inline constexpr size_t kCoreJobsMax = 100'000;

class Runner final : public CoreThread {
 public:
  Runner() : jobs_(kCoreJobsMax) {}
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  ~Runner() override { Stop(); }

  // Start begins with what was posted before.
  void Start(Client* client);
  void Post(Job job) override;
  // Stop lets the jobs already posted run, then ends the thread.
  void Stop();

 private:
  void Run(Client* client);

  Mailbox<Job> jobs_;
  std::thread thread_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_RUNNER_H_
