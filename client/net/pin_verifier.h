#ifndef CORDON_CLIENT_NET_PIN_VERIFIER_H_
#define CORDON_CLIENT_NET_PIN_VERIFIER_H_

// Knows the relay by its key: the TLS handshake passes only if the SHA-256 of
// the peer's public key is one of the pins. Names, dates and issuers in the
// certificate are ignored; nobody but the holder of the key could make it.
//
// Threads: TLS calls Verify from its own threads; the flag may be read from
// any.

#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "crypto/cert/pin.h"

namespace cordon::client {

class PinVerifier final
    : public grpc::experimental::ExternalCertificateVerifier {
 public:
  // `mismatch` is set when a peer showed another key. Two owners: this
  // verifier, which TLS keeps as long as a handshake may come, and the relay.
  PinVerifier(std::vector<cert::Pin> pins,
              std::shared_ptr<std::atomic<bool>> mismatch)
      : pins_(std::move(pins)), mismatch_(std::move(mismatch)) {}

  // Decides at once; `done` is never used.
  bool Verify(grpc::experimental::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)> done,
              grpc::Status* decision) override;
  void Cancel(grpc::experimental::TlsCustomVerificationCheckRequest*) override {
  }

 private:
  const std::vector<cert::Pin> pins_;
  const std::shared_ptr<std::atomic<bool>> mismatch_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_PIN_VERIFIER_H_
