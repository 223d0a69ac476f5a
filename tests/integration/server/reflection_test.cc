// Whether a stranger may ask a real cordond what it can be asked.

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/clock.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"

namespace cordon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// ServerReflectionRequest { list_services = "*" }.
constexpr char kListServices[] = "\x3a\x01*";

struct Reflected {
  grpc::Status status{};
  std::string answer{};  // as it came
};

// One call that is not among our own: sent, answered, ended.
class ReflectionCall {
 public:
  explicit ReflectionCall(const RelayProcess& relay)
      : stub_(ConnectTo(relay.address(), relay.pin(), nullptr)) {
    context_.set_deadline(
        absl::ToChronoTime(SystemClock().Now() + absl::Seconds(20)));
    stream_ = stub_.PrepareCall(
        &context_,
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        &queue_);
  }
  ~ReflectionCall() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  Reflected Run() {
    Reflected reflected;
    stream_->StartCall(this);
    Wait();
    const grpc::Slice slice(kListServices);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer answer;
    stream_->WriteLast(request, {}, this);
    Wait();
    stream_->Read(&answer, this);
    if (Wait()) reflected.answer = TextOf(answer);
    stream_->Finish(&reflected.status, this);
    Wait();
    return reflected;
  }

 private:
  bool Wait() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }
  static std::string TextOf(const grpc::ByteBuffer& buffer) {
    std::vector<grpc::Slice> slices;
    std::string text;
    if (!buffer.Dump(&slices).ok()) return text;
    for (const grpc::Slice& slice : slices) {
      text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    return text;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
};

TEST(ReflectionTest, NobodyIsToldWithoutTheFlag) {
  RelayProcess relay;
  relay.Start();

  const Reflected reflected = ReflectionCall(relay).Run();

  EXPECT_EQ(reflected.status.error_code(), grpc::UNIMPLEMENTED);
  EXPECT_THAT(reflected.answer, IsEmpty());
}

TEST(ReflectionTest, ServicesAreToldWithTheFlag) {
  RelayProcess relay;
  relay.Start({"--reflection"});

  const Reflected reflected = ReflectionCall(relay).Run();

  EXPECT_EQ(reflected.status.error_code(), grpc::OK);
  EXPECT_THAT(reflected.answer, HasSubstr("cordon.wire.v1.Delivery"));
}

}  // namespace
}  // namespace cordon::testing
