#include "server/core/send_line.h"

#include "crypto/base/mutex.h"
#include "server/core/follower.h"

namespace cordon::server {

void SendLine::Join(Follower* follower) {
  MutexLock lock(&mu_);
  line_.push_back(follower);
}

Follower* SendLine::TakeLocked() {
  if (line_.empty()) return nullptr;
  Follower* const first = line_.front();
  line_.pop_front();
  return first;
}

void SendLine::Lead() {
  while (true) {
    Follower* next = nullptr;
    {
      MutexLock lock(&mu_);
      if (!relieved_) next = TakeLocked();
    }
    if (next == nullptr) return;
    next->Send();
  }
}

void SendLine::Relieve() {
  bool relieving = false;
  while (true) {
    Follower* next = nullptr;
    {
      MutexLock lock(&mu_);
      if (relieved_ && !relieving) return;
      next = TakeLocked();
      relieved_ = relieving = next != nullptr;
    }
    if (next == nullptr) return;
    next->Send();
  }
}

}  // namespace cordon::server
