#ifndef CORDON_SERVER_LANE_H_
#define CORDON_SERVER_LANE_H_

// The lane: one thread that owns the relay's database, and one behind it, the
// herald, that tells the world what the lane has made durable.
//
// Whatever waits in the mailbox when the lane comes round runs in one
// transaction, each job in a savepoint of its own: a refused job takes back
// what it wrote, the others stay, and one sync pays for all (group commit).
// After the commit the herald calls every job's `done` in order, then publishes
// to the followers what the batch has added, together with what other batches
// committed while it was busy. So an answer always means
// "committed and synced", and nobody is sent what could still be lost.
//
// Threads: Post, PostOutside and Stop from any; steps run on the lane, `done`
// and the publishing on the herald. Neither may block or wait for the network.
// Lifetime: everything in Parts outlives the lane.
// Errors: Post says kResourceExhausted when jobs_max are unanswered and
// kUnavailable once stopped; then neither step nor done is called. `done` gets
// the step's error, or that of the commit, which then holds for the whole batch
// and after which the database answers kUnavailable until it is opened again.

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/mailbox.h"
#include "server/core/publications.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

class Fanout;

struct LaneOptions {
  size_t jobs_max = 8192;        // posted and not yet answered
  size_t batch_jobs_max = 1024;  // in one transaction
};

class Lane {
 public:
  // Its users need not know where it comes from.
  using Transaction = sqlite::Transaction;
  using Step = absl::AnyInvocable<absl::Status(sqlite::Transaction&) &&>;
  using Done = absl::AnyInvocable<void(const absl::Status&) &&>;

  // Borrowed for the lane's life. `publications` is where steps leave what is
  // to be published; only the lane's thread may touch it.
  struct Parts {
    sqlite::Db* db = nullptr;
    Publications* publications = nullptr;
    Fanout* fanout = nullptr;
    // Called on the lane after each step, when what it wrote is kept for the
    // commit, or has just been taken back.
    absl::AnyInvocable<void(bool kept)> on_step_end;
    // Called on the lane when a commit failed: what steps remembered of it in
    // memory is not so, and it may be time to stop.
    absl::AnyInvocable<void(const absl::Status&)> on_batch_lost;
  };

  Lane(Parts parts, const LaneOptions& options);
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  // Stops.
  ~Lane();

  absl::Status Post(Step step, Done done);

  // Ask is Post for a step with a result; `done` gets one or the other.
  template <typename Result, typename Work, typename Answer>
  absl::Status Ask(Work work, Answer done) {
    auto result = std::make_unique<absl::StatusOr<Result>>();
    absl::StatusOr<Result>* const slot = result.get();
    return Post(
        [slot, work = std::move(work)](sqlite::Transaction& txn) mutable {
          *slot = std::move(work)(txn);
          return slot->status();
        },
        [result = std::move(result),
         done = std::move(done)](const absl::Status& outcome) mutable {
          if (!outcome.ok()) *result = outcome;
          std::move(done)(std::move(*result));
        });
  }

  // PostOutside runs `work` on the lane between two transactions.
  absl::Status PostOutside(absl::AnyInvocable<void() &&> work);

  // Stop takes no more, finishes what was posted and joins both threads.
  void Stop();

  size_t unanswered() const { return unanswered_.load(); }

 private:
  struct Job {
    Step step;
    Done done;
  };
  using Outside = absl::AnyInvocable<void() &&>;
  using Posted = std::variant<Job, Outside>;
  struct Answer {
    Done done;
    absl::Status outcome;
  };
  // What the herald does for one committed (or lost) transaction.
  struct Heralded {
    std::vector<Answer> answers;
    std::vector<Publication> publications;
  };

  absl::Status PostCounted(Posted posted);
  void RunLane();
  void RunHerald();
  void RunBatch(std::vector<Job> jobs);
  Heralded Attempt(std::vector<Job> jobs);
  absl::Status RunStep(sqlite::Transaction& txn, Step step);

  Parts parts_;
  const LaneOptions options_;
  Mailbox<Posted> mailbox_;
  Mailbox<Heralded> heralded_;
  std::atomic<size_t> unanswered_{0};
  std::thread lane_;
  std::thread herald_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_LANE_H_
