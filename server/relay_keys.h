#ifndef CORDON_SERVER_RELAY_KEYS_H_
#define CORDON_SERVER_RELAY_KEYS_H_

// The relay's own keys, made by init and kept in its database: the one that TLS
// proves and clients pin, and the one with which it may propose to remove
// members (an MLS external sender).
//
// Threads: at start only.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/tls_certificate.h"
#include "crypto/prim/sign_ed25519.h"
#include "storage/relay/key_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

// MakeRelayKeys makes and stores both, and says the pin.
absl::StatusOr<cert::Pin> MakeRelayKeys(const sqlite::Transaction& txn,
                                        relay::KeyStore& keys,
                                        const std::vector<std::string>& hosts,
                                        const cert::Making& making);

absl::StatusOr<cert::TlsIdentity> LoadTlsIdentity(relay::KeyStore& keys);
absl::StatusOr<Ed25519PrivateKey> LoadSenderKey(relay::KeyStore& keys);

}  // namespace cordon::server

#endif  // CORDON_SERVER_RELAY_KEYS_H_
