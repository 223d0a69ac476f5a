#include "client/runner.h"

#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "client/core/client.h"
#include "crypto/base/check.h"

namespace cordon::client {

void Runner::Start(Client* client) {
  thread_ = std::thread([this, client] { Run(client); });
}

void Runner::Post(Job job) {
  const absl::Status posted = jobs_.Post(std::move(job));
  // Closed: what comes after the end is dropped, as promised.
  CORDON_CHECK(posted.ok() || absl::IsUnavailable(posted));
}

void Runner::Stop() {
  jobs_.Close();
  if (thread_.joinable()) thread_.join();
}

void Runner::Run(Client* client) {
  while (true) {
    std::vector<Job> jobs = jobs_.TakeAll(client->next_tick());
    if (jobs.empty() && jobs_.closed()) return;
    for (Job& job : jobs) std::move(job)();
    client->Tick();
  }
}

}  // namespace cordon::client
