#ifndef CORDON_CLIENT_CORE_TASK_H_
#define CORDON_CLIENT_CORE_TASK_H_

// Coroutines for the core: a flow with several answers from the relay reads top
// to bottom, without threads and without nested callbacks.
//
//   Task<absl::Status> Admit(Relay& relay, …) {
//     auto claimed = co_await Ask<Claimed>([&](Done<Claimed> done) {
//       relay.ClaimKeyPackages(room, devices, std::move(done));
//     });
//     …
//     co_return absl::OkStatus();
//   }
//
// A Task starts when it is awaited or spawned and belongs to who holds it;
// destroying one that has not finished destroys its frame and all it awaits,
// and an answer that comes later is dropped.
// Threads: none; everything happens on the core's thread. An answer resumes its
// flow at once, inside the call of `done`.
// Ownership: coroutine parameters are values, or references to what outlives
// the client (stores, relay, clock). Never pass a temporary by reference.

#include <coroutine>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"

#include "crypto/base/check.h"

namespace cordon::client {

// Done takes one answer of the relay.
template <typename T>
using Done = absl::AnyInvocable<void(absl::StatusOr<T>) &&>;

// What Ask returns; await it once, in the same expression.
template <typename T>
class Answer {
 public:
  using Start = absl::AnyInvocable<void(Done<T>) &&>;

  explicit Answer(Start start) : start_(std::move(start)) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() { state_->waiting = nullptr; }

  bool await_ready() const noexcept { return false; }

  // False, that is, no suspension, when the answer came during the call.
  bool await_suspend(std::coroutine_handle<> waiting) {
    std::move(start_)([state = state_](absl::StatusOr<T> answer) {
      if (state->answer.has_value()) return;
      state->answer.emplace(std::move(answer));
      if (state->waiting) state->waiting.resume();
    });
    if (state_->answer.has_value()) return false;
    state_->waiting = waiting;
    return true;
  }

  absl::StatusOr<T> await_resume() {
    state_->waiting = nullptr;
    return *std::move(state_->answer);
  }

 private:
  struct State {
    std::optional<absl::StatusOr<T>> answer;
    std::coroutine_handle<> waiting;
  };

  Start start_;
  // Two owners: this awaiting frame and the `done` in the network's hands;
  // either may end first.
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Ask suspends until `done` is called with an answer. Who may drop `done`
// uncalled leaves the flow waiting until it is destroyed.
template <typename T, typename Start>
Answer<T> Ask(Start start) {
  return Answer<T>(std::move(start));
}

template <typename T>
class [[nodiscard]] Task {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(Handle finished) const noexcept {
      const std::coroutine_handle<> next = finished.promise().continuation;
      return next ? next : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  struct promise_type {
    std::optional<T> result;
    std::coroutine_handle<> continuation;

    Task get_return_object() { return Task(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    FinalAwaiter final_suspend() const noexcept { return {}; }
    void return_value(T value) { result.emplace(std::move(value)); }
    void unhandled_exception() const { CORDON_CHECK(false); }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&&) = delete;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  Handle await_suspend(std::coroutine_handle<> waiting) noexcept {
    handle_.promise().continuation = waiting;
    return handle_;
  }
  T await_resume() { return *std::move(handle_.promise().result); }

 private:
  explicit Task(Handle handle) : handle_(handle) {}

  Handle handle_;
};

// TaskSet runs tasks that nobody awaits and calls `then` with each result.
// Destroying it destroys what has not finished, without calling `then`.
class TaskSet {
 public:
  TaskSet() = default;
  TaskSet(const TaskSet&) = delete;
  TaskSet& operator=(const TaskSet&) = delete;
  ~TaskSet();

  template <typename T, typename Then>
  void Spawn(Task<T> task, Then then) {
    Start(RunThen(std::move(task), std::move(then)));
  }

  // Reap frees the frames of finished tasks. Call it between steps, never from
  // inside a task.
  void Reap();
  size_t running() const;

 private:
  // The outermost coroutine: owned by the set.
  struct Root {
    struct promise_type {
      Root get_return_object() {
        return Root{std::coroutine_handle<promise_type>::from_promise(*this)};
      }
      std::suspend_always initial_suspend() const noexcept { return {}; }
      std::suspend_always final_suspend() const noexcept { return {}; }
      void return_void() const {}
      void unhandled_exception() const { CORDON_CHECK(false); }
    };
    std::coroutine_handle<promise_type> handle;
  };

  template <typename T, typename Then>
  static Root RunThen(Task<T> task, Then then) {
    then(co_await task);
  }

  void Start(Root root);

  std::list<Root> roots_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_TASK_H_
