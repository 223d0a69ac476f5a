#include "client/net/tls.h"

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "client/core/relay_types.h"
#include "client/net/pin_verifier.h"
#include "crypto/base/bytes.h"
#include "crypto/cert/tls_certificate.h"

namespace cordon::client {

std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(
    const ConnectCall& call, std::shared_ptr<std::atomic<bool>> mismatch) {
  grpc::experimental::TlsChannelCredentialsOptions options;
  // The pin decides, in the verifier: nobody vouches for a relay's name.
  options.set_verify_server_certs(false);
  options.set_check_call_host(false);
  options.set_certificate_verifier(
      grpc::experimental::ExternalCertificateVerifier::Create<PinVerifier>(
          call.pins, std::move(mismatch)));
  if (call.identity.has_value()) {
    const cert::TlsIdentity tls = cert::ClientIdentity(
        call.identity->transport, call.identity->issuing, call.identity->key);
    options.set_certificate_provider(
        std::make_shared<grpc::experimental::StaticDataCertificateProvider>(
            std::vector<grpc::experimental::IdentityKeyCertPair>{
                {ToString(tls.key_pem.ExposeSecret()), tls.certificates_pem}}));
    options.watch_identity_key_cert_pairs();
  }
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace cordon::client
