#ifndef CORDON_TESTS_SUPPORT_RELAY_CLIENT_H_
#define CORDON_TESTS_SUPPORT_RELAY_CLIENT_H_

// One device's connection to a relay, as a client makes it: TLS with the
// device's transport certificate, the relay known by its pin.

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>
#include <string>
#include <vector>

#include "cordon/wire/v1/delivery.grpc.pb.h"
#include "cordon/wire/v1/directory.grpc.pb.h"
#include "cordon/wire/v1/enrolment.grpc.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/cert/pin.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {

namespace wire = ::cordon::wire::v1;

std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address,
                                         const cert::Pin& pin,
                                         const TestDevice* device);

wire::Chain ChainOf(const std::vector<ByteSpan>& certificates);

// A Follow stream, read item by item.
class FollowStream {
 public:
  FollowStream(wire::Delivery::Stub* stub, const wire::FollowRequest& request);
  ~FollowStream();

  // Next gives the next item; false at the end of the stream.
  bool Next(wire::FollowItem& item);
  // Entries reads up to and including CaughtUp and gives the entries.
  std::vector<wire::LogEntry> ReadBacklog();
  grpc::Status Finish() { return reader_->Finish(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<wire::FollowBatch>> reader_;
  wire::FollowBatch batch_;
  int next_ = 0;
};

class RelayClient {
 public:
  // Without a device: a stranger.
  RelayClient(const std::string& address, const cert::Pin& pin,
              const TestDevice* device = nullptr);

  grpc::Status SetUp(const std::string& code, const TestPki& pki,
                     const TestDevice& device);
  grpc::Status Enter(const TestDevice& device);
  grpc::Status ListDevices(wire::ListDevicesAnswer& answer);
  grpc::Status Append(const wire::AppendRequest& request, uint64_t& seq);
  FollowStream Follow(const wire::FollowRequest& request = {});

  wire::Delivery::Stub& delivery() { return *delivery_; }
  wire::Directory::Stub& directory() { return *directory_; }
  wire::Enrolment::Stub& enrolment() { return *enrolment_; }

 private:
  std::unique_ptr<wire::Delivery::Stub> delivery_;
  std::unique_ptr<wire::Directory::Stub> directory_;
  std::unique_ptr<wire::Enrolment::Stub> enrolment_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_RELAY_CLIENT_H_
