#include "server/workers.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace cordon::server {

Workers::Worker::Worker(size_t posts_max)
    : mailbox(posts_max), thread([this] { Run(); }) {}

void Workers::Worker::Run() {
  while (true) {
    std::vector<Work> taken = mailbox.TakeAll(absl::InfiniteFuture());
    if (taken.empty()) return;
    for (Work& work : taken) std::move(work)();
  }
}

Workers::Workers(const WorkersOptions& options) {
  const size_t threads = std::max<size_t>(options.threads, 1);
  for (size_t i = 0; i < threads; ++i) {
    workers_.push_back(std::make_unique<Worker>(options.posts_max));
  }
}

Workers::~Workers() {
  Stop();
}

absl::Status Workers::Post(uint64_t key, Work work) {
  absl::Status status =
      workers_[key % workers_.size()]->mailbox.Post(std::move(work));
  if (absl::IsResourceExhausted(status)) {
    return absl::ResourceExhaustedError(
        "the relay is busy; try again in a moment");
  }
  return status;
}

void Workers::Stop() {
  for (const std::unique_ptr<Worker>& worker : workers_) {
    worker->mailbox.Close();
  }
  for (const std::unique_ptr<Worker>& worker : workers_) {
    if (worker->thread.joinable()) worker->thread.join();
  }
}

}  // namespace cordon::server
