#include "client/net/pin_verifier.h"

#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/string_ref.h>

#include <algorithm>
#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/cert/pin.h"

namespace cordon::client {

bool PinVerifier::Verify(
    grpc::experimental::TlsCustomVerificationCheckRequest* request,
    std::function<void(grpc::Status)> /*done*/, grpc::Status* decision) {
  const grpc::string_ref pem = request->peer_cert();
  const absl::StatusOr<cert::Pin> pin =
      cert::PinOfPem(absl::string_view(pem.data(), pem.size()));
  const bool known =
      pin.ok() && std::find(pins_.begin(), pins_.end(), *pin) != pins_.end();
  if (!known) *mismatch_ = true;
  *decision = known ? grpc::Status::OK
                    : grpc::Status(grpc::StatusCode::UNAUTHENTICATED,
                                   "not the pinned key");
  return true;
}

}  // namespace cordon::client
