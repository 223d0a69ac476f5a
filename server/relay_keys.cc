#include "server/relay_keys.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/tls_certificate.h"
#include "crypto/prim/sign_ed25519.h"
#include "storage/relay/key_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {
namespace {

constexpr absl::string_view kTlsKey = "tls key, PEM";
// No secret, but it belongs with its key.
constexpr absl::string_view kTlsCertificate = "tls certificate, PEM";
constexpr absl::string_view kSenderSeed = "mls external sender, seed";

}  // namespace

absl::StatusOr<cert::Pin> MakeRelayKeys(const sqlite::Transaction& txn,
                                        relay::KeyStore& keys,
                                        const std::vector<std::string>& hosts,
                                        const cert::Making& making) {
  const Ed25519PrivateKey tls = Ed25519PrivateKey::Generate(making.random);
  CORDON_ASSIGN_OR_RETURN(const cert::TlsIdentity identity,
                          cert::ServerIdentity(tls, hosts, making));
  CORDON_RETURN_IF_ERROR(keys.Add(txn, kTlsKey, identity.key_pem));
  CORDON_RETURN_IF_ERROR(
      keys.Add(txn, kTlsCertificate,
               SecretBytes::Copy(AsBytes(identity.certificates_pem))));
  const Ed25519Seed sender =
      Ed25519PrivateKey::Generate(making.random).CloneSeed();
  CORDON_RETURN_IF_ERROR(
      keys.Add(txn, kSenderSeed, SecretBytes::Copy(sender.ExposeSecret())));
  return cert::PinOf(tls.public_key());
}

absl::StatusOr<cert::TlsIdentity> LoadTlsIdentity(relay::KeyStore& keys) {
  CORDON_ASSIGN_OR_RETURN(const SecretBytes certificate,
                          keys.Find(kTlsCertificate));
  CORDON_ASSIGN_OR_RETURN(SecretBytes key, keys.Find(kTlsKey));
  return cert::TlsIdentity{
      .certificates_pem = ToString(certificate.ExposeSecret()),
      .key_pem = std::move(key)};
}

absl::StatusOr<Ed25519PrivateKey> LoadSenderKey(relay::KeyStore& keys) {
  CORDON_ASSIGN_OR_RETURN(const SecretBytes stored, keys.Find(kSenderSeed));
  CORDON_ASSIGN_OR_RETURN(const Ed25519Seed seed,
                          Ed25519Seed::Copy(stored.ExposeSecret()));
  return Ed25519PrivateKey::FromSeed(seed);
}

}  // namespace cordon::server
