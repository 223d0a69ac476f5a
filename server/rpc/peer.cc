#include "server/rpc/peer.h"

#include <grpcpp/security/auth_context.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/string_ref.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"

#include "crypto/base/bytes.h"
#include "crypto/prim/hash.h"
#include "server/core/caller.h"

namespace cordon::server {
namespace {

// "ipv4:192.0.2.1:40000" and "ipv6:[2001:db8::1]:40000" lose their port.
std::string WithoutPort(std::string peer) {
  const size_t colon = peer.rfind(':');
  if (colon != std::string::npos) peer.resize(colon);
  return peer;
}

std::string PropertyOf(const grpc::AuthContext& auth, const char* name) {
  const std::vector<grpc::string_ref> values = auth.FindPropertyValues(name);
  if (values.empty()) return {};
  return {values.front().data(), values.front().size()};
}

}  // namespace

Peer PeerOf(const grpc::CallbackServerContext& context) {
  Peer peer;
  peer.address = WithoutPort(context.peer());
  const std::shared_ptr<const grpc::AuthContext> auth = context.auth_context();
  const std::string leaf = PropertyOf(*auth, "x509_pem_cert");
  const std::string chain = PropertyOf(*auth, "x509_pem_cert_chain");
  // OpenSSL leaves the peer's own certificate out of a server's chain; other
  // TLS libraries that gRPC is built with put it first.
  peer.pem_chain = absl::StartsWith(chain, leaf) ? chain : leaf + chain;
  if (!peer.pem_chain.empty()) {
    peer.chain_digest = Sha256(AsBytes(peer.pem_chain));
  }
  return peer;
}

}  // namespace cordon::server
