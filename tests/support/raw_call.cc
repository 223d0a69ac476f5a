#include "tests/support/raw_call.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "crypto/base/clock.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"

namespace cordon::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

}  // namespace

RawCall::RawCall(const RelayProcess& relay, const std::string& method,
                 const std::string& request)
    : stub_(ConnectTo(relay.address(), relay.pin(), nullptr)) {
  context_.set_deadline(absl::ToChronoTime(SystemClock().Now() + kPatience));
  stream_ = stub_.PrepareCall(&context_, method, &queue_);
  stream_->StartCall(this);
  Wait();
  const grpc::Slice slice(request);
  stream_->WriteLast(grpc::ByteBuffer(&slice, 1), {}, this);
  Wait();
}

RawCall::~RawCall() {
  if (!finished_) {
    context_.TryCancel();
    Finish();
  }
  queue_.Shutdown();
  while (Wait()) {
  }
}

std::string RawCall::Read() {
  grpc::ByteBuffer answer;
  stream_->Read(&answer, this);
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!Wait() || !answer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

grpc::Status RawCall::Finish() {
  finished_ = true;
  grpc::Status status;
  stream_->Finish(&status, this);
  Wait();
  return status;
}

bool RawCall::Wait() {
  void* tag = nullptr;
  bool ok = false;
  return queue_.Next(&tag, &ok) && ok;
}

}  // namespace cordon::testing
