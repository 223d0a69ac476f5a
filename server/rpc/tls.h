#ifndef CORDON_SERVER_RPC_TLS_H_
#define CORDON_SERVER_RPC_TLS_H_

// TLS as the relay speaks it: version 1.3 only, an Ed25519 key that clients
// know by its pin, a client certificate asked for and not judged here. TLS
// proves that the peer holds the certificate's key; what it is worth is
// core/caller.h's to say, because the root is not known at the start and
// revocation changes while streams are open.

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

#include "crypto/base/secret.h"

namespace cordon::server {

// RestrictTlsVersions makes this process agree to TLS 1.3 alone. gRPC 1.51 has
// no setting for that: it offers a cipher list, which TLS 1.3 does not use, and
// a list that needs an RSA certificate leaves older versions nothing to agree
// on with our Ed25519 one. Called by main, before anything of gRPC.
void RestrictTlsVersions();

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(
    const SecretBytes& key_pem, const std::string& certificate_pem);

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_TLS_H_
