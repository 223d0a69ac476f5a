#include "tests/replay/loop.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "crypto/base/clock.h"
#include "tests/replay/child.h"
#include "tests/replay/report.h"

namespace cordon::replay {
namespace {

constexpr absl::Duration kPollMax = absl::Seconds(1);
constexpr absl::Duration kProgressEvery = absl::Seconds(5);

int BlockedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  // A child that ends before it has read everything is noticed by its pipe.
  std::signal(SIGPIPE, SIG_IGN);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

}  // namespace

Loop::Loop() : signals_(BlockedSignals()), last_line_(SystemClock().Now()) {}

Loop::~Loop() {
  close(signals_);
}

void Loop::Watch(Child* child, TakeLine take) {
  children_[child] = std::move(take);
}

void Loop::Forget(Child* child) {
  children_.erase(child);
}

void Loop::Fail(absl::Status why) {
  if (failure_.ok()) failure_ = std::move(why);
}

absl::Status Loop::Run(const Wait& wait) {
  last_line_ = SystemClock().Now();
  next_progress_ = last_line_ + kProgressEvery;
  absl::Time next_beat = last_line_ + wait.beat_every;
  while (failure_.ok() && !wait.done()) {
    const absl::Time now = SystemClock().Now();
    if (now >= next_beat) {
      wait.beat();
      // What was missed is made up for: the rate holds in the long run.
      next_beat += wait.beat_every;
      continue;
    }
    if (now - last_line_ > wait.patience) {
      Fail(absl::DeadlineExceededError(absl::StrCat(
          "nothing happened for ", absl::FormatDuration(wait.patience),
          " while waiting until ", wait.what)));
      break;
    }
    if (now >= next_progress_) ShowProgress(wait);
    PollOnce(std::min(kPollMax, next_beat - now));
  }
  return failure_;
}

void Loop::ShowProgress(const Wait& wait) {
  next_progress_ += kProgressEvery;
  if (wait.progress != nullptr) Say(absl::StrCat("   ", wait.progress()));
}

void Loop::PollOnce(absl::Duration longest) {
  std::vector<pollfd> fds = {{.fd = signals_, .events = POLLIN, .revents = 0}};
  std::vector<Child*> owners = {nullptr};
  for (const auto& [child, take] : children_) {
    if (child->output() >= 0) {
      fds.push_back({.fd = child->output(), .events = POLLIN, .revents = 0});
      owners.push_back(child);
    }
    if (child->input() >= 0 && child->has_unwritten()) {
      fds.push_back({.fd = child->input(), .events = POLLOUT, .revents = 0});
      owners.push_back(child);
    }
  }
  // Rounded up: never awake before there is something to do.
  const auto milliseconds = static_cast<int>(
      absl::ToInt64Milliseconds(longest + absl::Milliseconds(1)));
  if (poll(fds.data(), fds.size(), milliseconds) <= 0) return;
  if (fds[0].revents != 0) {
    signalfd_siginfo info{};
    (void)read(signals_, &info, sizeof(info));
    Fail(
        absl::CancelledError(absl::StrCat("ended by signal ", info.ssi_signo)));
    return;
  }
  for (size_t i = 1; i < fds.size(); ++i) {
    if (fds[i].revents == 0 || !children_.contains(owners[i])) continue;
    if (fds[i].events == POLLOUT) {
      owners[i]->WriteSome();
      continue;
    }
    const TakeLine take = children_[owners[i]];
    owners[i]->ReadSome(take);
    last_line_ = SystemClock().Now();
    if (children_.contains(owners[i]) && owners[i]->output() < 0) {
      NoticeEnd(owners[i]);
    }
  }
}

void Loop::NoticeEnd(Child* child) {
  if (ends_expected_) return;
  const std::optional<int> how = child->Reap();
  Fail(absl::InternalError(
      absl::StrCat("a program ended by itself, ",
                   how.has_value() ? HowItEnded(*how) : "its output closed",
                   "; it said: ", child->LastWords())));
}

}  // namespace cordon::replay
