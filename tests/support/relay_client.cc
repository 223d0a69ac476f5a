#include "tests/support/relay_client.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/tls_certificate.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

namespace tls = grpc::experimental;

// Compares the pin; names and dates mean nothing.
class PinVerifier final : public tls::ExternalCertificateVerifier {
 public:
  explicit PinVerifier(const cert::Pin& pin) : pin_(pin) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)> /*callback*/,
              grpc::Status* sync_status) override {
    const grpc::string_ref pem = request->peer_cert();
    const absl::StatusOr<cert::Pin> got =
        cert::PinOfPem(absl::string_view(pem.data(), pem.size()));
    *sync_status = got.ok() && *got == pin_
                       ? grpc::Status::OK
                       : grpc::Status(grpc::StatusCode::UNAUTHENTICATED,
                                      "not the relay's pin");
    return true;
  }
  void Cancel(tls::TlsCustomVerificationCheckRequest* /*request*/) override {}

 private:
  const cert::Pin pin_;
};

}  // namespace

std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address,
                                         const cert::Pin& pin,
                                         const TestDevice* device) {
  tls::TlsChannelCredentialsOptions options;
  options.set_verify_server_certs(false);
  options.set_check_call_host(false);
  options.set_certificate_verifier(
      tls::ExternalCertificateVerifier::Create<PinVerifier>(pin));
  if (device != nullptr) {
    const cert::TlsIdentity identity = cert::ClientIdentity(
        device->transport, device->issuing, device->transport_key);
    options.set_certificate_provider(
        std::make_shared<tls::StaticDataCertificateProvider>(
            std::vector<tls::IdentityKeyCertPair>{
                {ToString(identity.key_pem.ExposeSecret()),
                 identity.certificates_pem}}));
    options.watch_identity_key_cert_pairs();
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(kRpcBytesMax));
  // Devices of one test share nothing.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, tls::TlsCredentials(options),
                                   arguments);
}

wire::Chain ChainOf(const std::vector<ByteSpan>& certificates) {
  wire::Chain chain;
  for (const ByteSpan certificate : certificates) {
    chain.add_certificates(ToString(certificate));
  }
  return chain;
}

FollowStream::FollowStream(wire::Delivery::Stub* stub,
                           const wire::FollowRequest& request)
    : reader_(stub->Follow(&context_, request)) {}

FollowStream::~FollowStream() {
  context_.TryCancel();
}

bool FollowStream::Next(wire::FollowItem& item) {
  while (next_ == batch_.items_size()) {
    next_ = 0;
    batch_.Clear();
    if (!reader_->Read(&batch_)) return false;
  }
  item = batch_.items(next_++);
  return true;
}

std::vector<wire::LogEntry> FollowStream::ReadBacklog() {
  std::vector<wire::LogEntry> entries;
  wire::FollowItem item;
  while (Next(item) && !item.has_caught_up()) {
    if (item.has_entry()) entries.push_back(item.entry());
  }
  return entries;
}

RelayClient::RelayClient(const std::string& address, const cert::Pin& pin,
                         const TestDevice* device) {
  const std::shared_ptr<grpc::Channel> channel =
      ConnectTo(address, pin, device);
  delivery_ = wire::Delivery::NewStub(channel);
  directory_ = wire::Directory::NewStub(channel);
  enrolment_ = wire::Enrolment::NewStub(channel);
}

grpc::Status RelayClient::SetUp(const std::string& code, const TestPki& pki,
                                const TestDevice& device) {
  wire::SetUpRequest request;
  request.set_setup_code(code);
  request.set_root_certificate(ToString(pki.root().certificate().der()));
  request.set_issuing_certificate(ToString(device.issuing.der()));
  *request.mutable_identity() = ChainOf(device.IdentityChain());
  *request.mutable_transport() = ChainOf(device.TransportChain());
  grpc::ClientContext context;
  wire::SetUpAnswer answer;
  return enrolment_->SetUp(&context, request, &answer);
}

grpc::Status RelayClient::Enter(const TestDevice& device) {
  wire::EnterRequest request;
  *request.mutable_identity() = ChainOf(device.IdentityChain());
  *request.mutable_transport() = ChainOf(device.TransportChain());
  grpc::ClientContext context;
  wire::EnterAnswer answer;
  return enrolment_->Enter(&context, request, &answer);
}

grpc::Status RelayClient::ListDevices(wire::ListDevicesAnswer& answer) {
  grpc::ClientContext context;
  return directory_->ListDevices(&context, {}, &answer);
}

grpc::Status RelayClient::Append(const wire::AppendRequest& request,
                                 uint64_t& seq) {
  grpc::ClientContext context;
  wire::AppendAnswer answer;
  const grpc::Status status = delivery_->Append(&context, request, &answer);
  seq = answer.seq();
  return status;
}

FollowStream RelayClient::Follow(const wire::FollowRequest& request) {
  return {delivery_.get(), request};
}

}  // namespace cordon::testing
