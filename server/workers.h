#ifndef CORDON_SERVER_WORKERS_H_
#define CORDON_SERVER_WORKERS_H_

// Threads for work that needs no database: checking commits and key packages
// (the verification pool), and reading and writing blob files.
//
// Each thread has its own mailbox; work under one key runs on one thread, in
// the order posted.
// Threads: Post and Stop from any.
// Errors: kResourceExhausted when that thread has posts_max waiting,
// kUnavailable once stopped; then the work is not run.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"

#include "crypto/base/mailbox.h"

namespace cordon::server {

struct WorkersOptions {
  size_t threads = 1;
  size_t posts_max = 256;  // waiting for each thread
};

class Workers {
 public:
  using Work = absl::AnyInvocable<void() &&>;

  explicit Workers(const WorkersOptions& options);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  // Stops.
  ~Workers();

  absl::Status Post(uint64_t key, Work work);

  // Stop finishes what was posted and joins the threads.
  void Stop();

 private:
  struct Worker {
    explicit Worker(size_t posts_max);
    void Run();

    Mailbox<Work> mailbox;
    std::thread thread;
  };

  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_WORKERS_H_
