#include "client/core/task.h"

#include <algorithm>
#include <cstddef>

namespace cordon::client {

TaskSet::~TaskSet() {
  for (const Root& root : roots_) root.handle.destroy();
}

void TaskSet::Start(Root root) {
  roots_.push_back(root);
  root.handle.resume();
}

void TaskSet::Reap() {
  for (auto it = roots_.begin(); it != roots_.end();) {
    if (!it->handle.done()) {
      ++it;
      continue;
    }
    it->handle.destroy();
    it = roots_.erase(it);
  }
}

size_t TaskSet::running() const {
  return static_cast<size_t>(
      std::count_if(roots_.begin(), roots_.end(),
                    [](const Root& root) { return !root.handle.done(); }));
}

}  // namespace cordon::client
