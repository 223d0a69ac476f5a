#ifndef CORDON_CLIENT_CORE_THREAD_H_
#define CORDON_CLIENT_CORE_THREAD_H_

// The way onto the core's thread, as whoever answers from another one sees it.

#include "absl/functional/any_invocable.h"

namespace cordon::client {

class CoreThread {
 public:
  using Job = absl::AnyInvocable<void() &&>;

  virtual ~CoreThread() = default;

  // Post has `job` run on the core's thread, in the order posted. Any thread.
  // After the thread has ended, jobs are dropped unrun.
  virtual void Post(Job job) = 0;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_THREAD_H_
