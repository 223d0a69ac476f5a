#ifndef CORDON_TESTS_SUPPORT_RAW_CALL_H_
#define CORDON_TESTS_SUPPORT_RAW_CALL_H_

// A stranger's call to a real cordond that is not among our own, such as health
// and reflection: its messages are bytes.
//
//   RawCall watch(relay, "/grpc.health.v1.Health/Watch", "");
//   EXPECT_EQ(watch.Read(), "\x08\x01");

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

#include "tests/support/relay_process.h"

namespace cordon::testing {

class RawCall {
 public:
  // Begins the call and sends its one request.
  RawCall(const RelayProcess& relay, const std::string& method,
          const std::string& request);
  RawCall(const RawCall&) = delete;
  RawCall& operator=(const RawCall&) = delete;
  // Cancels it if it has not ended.
  ~RawCall();

  // Read waits for the next answer; empty if there is none.
  std::string Read();
  // Finish says how it ended; once.
  grpc::Status Finish();

 private:
  bool Wait();

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  bool finished_ = false;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_RAW_CALL_H_
