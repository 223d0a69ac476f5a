#include "client/core/own_device.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "client/core/relay_types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/pin.h"
#include "crypto/prim/sign_ed25519.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr size_t kChainCertificates = 2;

absl::Status Damaged() {
  return absl::DataLossError(
      "this profile's certificates do not fit together; restore a backup or "
      "join again");
}

struct Stored {
  vault::OwnDevice device;
  vault::OwnCertificates certificates;
  vault::RelayAccess relay;
};

absl::StatusOr<Stored> ReadStored(vault::Vault& vault) {
  Stored stored;
  const absl::Status read =
      vault.Read([&stored](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(stored.device, txn.identity().GetDevice());
        CORDON_ASSIGN_OR_RETURN(stored.certificates,
                                txn.identity().GetCertificates());
        CORDON_ASSIGN_OR_RETURN(stored.relay, txn.identity().GetRelay());
        return absl::OkStatus();
      });
  if (absl::IsNotFound(read)) {
    return absl::FailedPreconditionError(
        "this profile has not joined yet; use `cordon join` or `cordon "
        "authority create`");
  }
  CORDON_RETURN_IF_ERROR(read);
  return stored;
}

absl::StatusOr<cert::Certificate> ParseOwn(ByteSpan der, cert::Usage usage) {
  absl::StatusOr<cert::Certificate> parsed = cert::Certificate::Parse(der);
  if (!parsed.ok() || parsed->usage() != usage) return Damaged();
  return parsed;
}

absl::StatusOr<Ed25519PrivateKey> IssuingKey(const SecretBytes& seed) {
  CORDON_ASSIGN_OR_RETURN(const Ed25519Seed key,
                          CloneAsArray<kEd25519SeedBytes>(seed));
  return Ed25519PrivateKey::FromSeed(key);
}

}  // namespace

OwnDevice::OwnDevice(cert::Certificate root, cert::Certificate identity,
                     cert::Certificate transport, cert::Certificate issuing,
                     Ed25519PrivateKey transport_key)
    : root_(std::move(root)),
      identity_(std::move(identity)),
      transport_(std::move(transport)),
      issuing_(std::move(issuing)),
      transport_key_(std::move(transport_key)) {}

absl::StatusOr<OwnDevice> OwnDevice::Load(vault::Vault& vault) {
  CORDON_ASSIGN_OR_RETURN(const Stored stored, ReadStored(vault));
  const vault::OwnCertificates& chains = stored.certificates;
  if (chains.identity_chain.size() != kChainCertificates ||
      chains.transport_chain.size() != kChainCertificates) {
    return Damaged();
  }
  CORDON_ASSIGN_OR_RETURN(
      cert::Certificate root,
      ParseOwn(stored.relay.root_certificate, cert::Usage::kRoot));
  CORDON_ASSIGN_OR_RETURN(
      cert::Certificate identity,
      ParseOwn(chains.identity_chain[0], cert::Usage::kIdentity));
  CORDON_ASSIGN_OR_RETURN(
      cert::Certificate transport,
      ParseOwn(chains.transport_chain[0], cert::Usage::kTransport));
  CORDON_ASSIGN_OR_RETURN(
      cert::Certificate issuing,
      ParseOwn(chains.identity_chain[1], cert::Usage::kIssuing));
  OwnDevice own(std::move(root), std::move(identity), std::move(transport),
                std::move(issuing),
                Ed25519PrivateKey::FromSeed(stored.device.transport_seed));
  if (!stored.device.issuing_seed.empty()) {
    CORDON_ASSIGN_OR_RETURN(Ed25519PrivateKey key,
                            IssuingKey(stored.device.issuing_seed));
    CORDON_ASSIGN_OR_RETURN(
        own.issuer_, cert::OrgIssuer::Load(own.issuing_, std::move(key)));
  }
  CORDON_ASSIGN_OR_RETURN(own.pin_, cert::Pin::Parse(stored.relay.pin.span()));
  if (stored.relay.next_pin.has_value()) {
    CORDON_ASSIGN_OR_RETURN(own.next_pin_,
                            cert::Pin::Parse(stored.relay.next_pin->span()));
  }
  own.relay_address_ = stored.relay.address;
  return own;
}

ConnectCall OwnDevice::Connection() const {
  ConnectCall call;
  call.address = relay_address_;
  call.pins.push_back(pin_);
  if (next_pin_.has_value()) call.pins.push_back(*next_pin_);
  call.identity.emplace(TransportIdentity{.transport = transport_,
                                          .issuing = issuing_,
                                          .key = transport_key_.CloneSecret()});
  return call;
}

std::vector<Bytes> OwnDevice::IdentityChain() const {
  return {identity_.der(), issuing_.der()};
}

std::vector<Bytes> OwnDevice::TransportChain() const {
  return {transport_.der(), issuing_.der()};
}

absl::Status CheckNotJoined(vault::Vault& vault) {
  std::string name;
  const absl::Status read =
      vault.Read([&name](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::OwnDevice own,
                                txn.identity().GetDevice());
        name = own.name;
        return absl::OkStatus();
      });
  if (absl::IsNotFound(read)) return absl::OkStatus();
  CORDON_RETURN_IF_ERROR(read);
  return absl::FailedPreconditionError(absl::StrCat(
      "this profile is ", name, " already; use a new profile folder"));
}

absl::StatusOr<std::optional<vault::Enrolment>> FindEnrolment(
    vault::Vault& vault) {
  std::optional<vault::Enrolment> found;
  const absl::Status read =
      vault.Read([&found](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(found, txn.identity().GetEnrolment());
        return absl::OkStatus();
      });
  if (!absl::IsNotFound(read)) CORDON_RETURN_IF_ERROR(read);
  return found;
}

absl::Status StoreNewDevice(vault::Vault& vault, const NewDevice& device,
                            const cert::JoinKeys& keys, RandomSource& random) {
  vault::OwnDevice own{
      .name = device.identity.device().value().text(),
      .identity_seed = keys.identity.CloneSeed(),
      .transport_seed = keys.transport.CloneSeed(),
      .inbox_key = vault::PrivateKeyBytes::Random(random),
      .issuing_seed = keys.issuing.has_value()
                          ? CloneAsBytes(keys.issuing->CloneSeed())
                          : SecretBytes()};
  vault::OwnCertificates certificates{
      .identity_chain = {device.identity.der(), device.issuing.der()},
      .transport_chain = {device.transport.der(), device.issuing.der()}};
  if (keys.issuing.has_value()) {
    certificates.issuing_chain = {device.issuing.der()};
  }
  CORDON_ASSIGN_OR_RETURN(const vault::RelayPin pin,
                          vault::RelayPin::Parse(device.pin.span()));
  const vault::RelayAccess relay{.address = device.relay_address,
                                 .pin = pin,
                                 .root_certificate = device.root.der()};
  return vault.Update([&](vault::VaultTxn& txn) -> absl::Status {
    CORDON_RETURN_IF_ERROR(txn.identity().PutDevice(own));
    CORDON_RETURN_IF_ERROR(txn.identity().PutCertificates(certificates));
    CORDON_RETURN_IF_ERROR(txn.identity().PutRelay(relay));
    return txn.identity().EraseEnrolment();
  });
}

}  // namespace cordon::client
