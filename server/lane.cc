#include "server/lane.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/check.h"
#include "crypto/base/log.h"
#include "crypto/base/status.h"
#include "server/core/fanout.h"
#include "server/core/publications.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

Lane::Lane(Parts parts, const LaneOptions& options)
    : parts_(std::move(parts)),
      options_(options),
      mailbox_(options.jobs_max),
      heralded_(options.jobs_max),
      lane_([this] { RunLane(); }),
      herald_([this] { RunHerald(); }) {}

Lane::~Lane() {
  Stop();
}

void Lane::Stop() {
  mailbox_.Close();
  if (lane_.joinable()) lane_.join();
  heralded_.Close();
  if (herald_.joinable()) herald_.join();
}

absl::Status Lane::Post(Step step, Done done) {
  return PostCounted(Job{std::move(step), std::move(done)});
}

absl::Status Lane::PostOutside(Outside work) {
  return PostCounted(std::move(work));
}

absl::Status Lane::PostCounted(Posted posted) {
  if (unanswered_.fetch_add(1) >= options_.jobs_max) {
    unanswered_.fetch_sub(1);
    return absl::ResourceExhaustedError(
        "the relay is busy; try again in a moment");
  }
  absl::Status status = mailbox_.Post(std::move(posted));
  if (!status.ok()) {
    unanswered_.fetch_sub(1);
    return absl::UnavailableError("the relay is stopping");
  }
  return status;
}

void Lane::RunLane() {
  while (true) {
    std::vector<Posted> taken = mailbox_.TakeAll(absl::InfiniteFuture());
    if (taken.empty()) return;
    std::vector<Job> batch;
    for (Posted& posted : taken) {
      if (auto* const job = std::get_if<Job>(&posted)) {
        batch.push_back(std::move(*job));
        if (batch.size() < options_.batch_jobs_max) continue;
        RunBatch(std::exchange(batch, {}));
      } else {
        RunBatch(std::exchange(batch, {}));
        std::move(std::get<Outside>(posted))();
        unanswered_.fetch_sub(1);
      }
    }
    RunBatch(std::move(batch));
  }
}

void Lane::RunBatch(std::vector<Job> jobs) {
  if (jobs.empty()) return;
  // Never full: a batch holds at least one of jobs_max unanswered jobs.
  CORDON_CHECK(heralded_.Post(Attempt(std::move(jobs))).ok());
}

Lane::Heralded Lane::Attempt(std::vector<Job> jobs) {
  Heralded heralded;
  heralded.answers.reserve(jobs.size());
  absl::Status committed;
  {
    absl::StatusOr<sqlite::Transaction> txn =
        sqlite::Transaction::Begin(parts_.db);
    for (Job& job : jobs) {
      absl::Status outcome =
          txn.ok() ? RunStep(*txn, std::move(job.step)) : txn.status();
      parts_.on_step_end(outcome.ok());
      heralded.answers.push_back({std::move(job.done), std::move(outcome)});
    }
    committed = txn.ok() ? txn->Commit() : txn.status();
  }
  heralded.publications = parts_.publications->TakeAll();
  if (!committed.ok()) {
    LogError("lane: a batch was lost code=",
             static_cast<int>(committed.code()));
    heralded.publications.clear();
    for (Answer& answer : heralded.answers) {
      if (answer.outcome.ok()) answer.outcome = committed;
    }
    parts_.on_batch_lost(committed);
  }
  return heralded;
}

absl::Status Lane::RunStep(sqlite::Transaction& txn, Step step) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Savepoint savepoint,
                          sqlite::Savepoint::Begin(txn));
  const size_t mark = parts_.publications->size();
  absl::Status status = std::move(step)(txn);
  if (status.ok()) status = savepoint.Keep();
  if (!status.ok()) parts_.publications->TruncateTo(mark);
  return status;
}

void Lane::RunHerald() {
  while (true) {
    std::vector<Heralded> taken = heralded_.TakeAll(absl::InfiniteFuture());
    if (taken.empty()) return;
    std::vector<Publication> publications;
    size_t answered = 0;
    for (Heralded& heralded : taken) {
      for (Answer& answer : heralded.answers) {
        std::move(answer.done)(answer.outcome);
      }
      answered += heralded.answers.size();
      std::move(heralded.publications.begin(), heralded.publications.end(),
                std::back_inserter(publications));
    }
    // What was committed while the herald was busy goes out together: then a
    // follower is written to once for all of it.
    parts_.fanout->Publish(publications);
    unanswered_.fetch_sub(answered);
  }
}

}  // namespace cordon::server
