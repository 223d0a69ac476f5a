#include "server/rpc/tls.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/server_credentials.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/secret.h"

namespace cordon::server {

void RestrictTlsVersions() {
  CORDON_CHECK(setenv("GRPC_SSL_CIPHER_SUITES", "ECDHE-RSA-AES256-GCM-SHA384",
                      /*overwrite=*/1) == 0);
}

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(
    const SecretBytes& key_pem, const std::string& certificate_pem) {
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_BUT_DONT_VERIFY);
  options.pem_key_cert_pairs.push_back(
      {ToString(key_pem.ExposeSecret()), certificate_pem});
  // gRPC keeps a copy of its own for the process's life; this one goes.
  const WipeOnExit wipe(options.pem_key_cert_pairs.front().private_key);
  return grpc::SslServerCredentials(options);
}

}  // namespace cordon::server
