#ifndef CORDON_CLIENT_NET_READ_CALL_H_
#define CORDON_CLIENT_NET_READ_CALL_H_

// A stream from the relay, read message by message as the core asks for them:
// the next one is taken off the network only when the one before was given, so
// memory is one message and gRPC's window.
//
//   auto call = std::make_shared<ReadCall<Message, Value>>(parts, convert);
//   stub->async()->Get(&call->context(), &request, call.get());
//   call->Start();
//   call->Read(done); …; call->Drop();
//
// Threads: Read and Drop on the core's. gRPC's threads convert and post.
// Lifetime: from Start on calls.h keeps it until gRPC is done with it.

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/task.h"
#include "client/net/calls.h"
#include "client/net/stream_parts.h"
#include "crypto/base/check.h"

namespace cordon::client {

// `Value` is a container; an empty one is given at the good end only.
template <typename Message, typename Value>
class ReadCall final
    : public grpc::ClientReadReactor<Message>,
      public CallUnderWay,
      public std::enable_shared_from_this<ReadCall<Message, Value>> {
 public:
  using Convert = absl::StatusOr<Value> (*)(const Message&);

  ReadCall(StreamParts parts, Convert convert)
      : parts_(std::move(parts)), convert_(convert) {}

  grpc::ClientContext& context() { return context_; }

  // Start comes after a stub has bound this to its call.
  void Start() {
    parts_.calls->Begin(this->shared_from_this());
    // Reads begin outside gRPC's callbacks: it must not end before we say so.
    this->AddHold();
    held_ = true;
    this->StartCall();
  }
  // Fail, instead of Start, is what every Read will be answered with.
  void Fail(absl::Status why) { ended_ = std::move(why); }

  // Read gives what came next; one at a time.
  void Read(Done<Value> done) {
    CORDON_CHECK(!done_.has_value());
    done_.emplace(std::move(done));
    if (ended_.has_value()) {
      parts_.core->Post(
          [self = this->shared_from_this()]() { self->AnswerEnd(); });
    } else {
      this->StartRead(&message_);
    }
  }

  // Drop forgets who waits, and ends the stream.
  void Drop() {
    done_.reset();
    Cancel();
  }

  void Cancel() override {
    context_.TryCancel();
    LetGo();
  }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) {
      LetGo();  // OnDone follows and says why.
      return;
    }
    parts_.core->Post([self = this->shared_from_this(),
                       value = convert_(message_)]() mutable {
      self->Given(std::move(value));
    });
  }

  void OnDone(const grpc::Status& status) override {
    Calls* const calls = parts_.calls;
    parts_.core->Post([self = this->shared_from_this(),
                       end = parts_.connection->StatusOf(status)]() {
      if (!self->ended_.has_value()) self->ended_ = end;
      self->AnswerEnd();
    });
    calls->End(this);
  }

  void LetGo() {
    if (held_.exchange(false)) this->RemoveHold();
  }

  void Given(absl::StatusOr<Value> value) {
    if (!done_.has_value()) return;  // Dropped.
    if (value.ok() && value->empty()) {
      this->StartRead(&message_);
      return;
    }
    if (!value.ok()) {
      ended_ = value.status();
      Cancel();
    }
    Answer(std::move(value));
  }

  void AnswerEnd() {
    if (!done_.has_value()) return;
    if (ended_->ok()) {
      Answer(Value());
    } else {
      Answer(*ended_);
    }
  }

  void Answer(absl::StatusOr<Value> value) {
    Done<Value> done = *std::exchange(done_, std::nullopt);
    std::move(done)(std::move(value));
  }

  const StreamParts parts_;
  const Convert convert_;
  grpc::ClientContext context_;
  std::atomic<bool> held_ = false;

  // gRPC's between StartRead and OnReadDone.
  Message message_;

  // The core's.
  std::optional<Done<Value>> done_;
  std::optional<absl::Status> ended_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_READ_CALL_H_
