#include "client/core/authority.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/command.h"
#include "client/core/content.h"
#include "client/core/event.h"
#include "client/core/model/operation.h"
#include "client/core/outcome.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core/trust.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "crypto/cert/root_key_file.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/sign_ed25519.h"
#include "storage/vault/crl_store.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

// Told apart from a join request, whose first byte is its version.
constexpr uint8_t kPendingTag = 0xa0;

// What is certified and waits for the relay:
//   struct { uint8 tag; opaque root<V>; opaque issuing<V>; opaque identity<V>;
//            opaque transport<V>; opaque root_list<V>; }
struct Pending {
  NewDevice device;
  cert::JoinKeys keys;
  // The root's first revocation list, empty (revocations.h).
  Bytes root_list;
  // From an earlier try, whose answer may have been lost: the relay may hold
  // this root already, so nothing may erase it.
  bool tried_before = false;
};

Bytes Serialize(const NewDevice& device, const Bytes& root_list) {
  codec::Writer out;
  out.U8(kPendingTag);
  out.Vector(device.root.der());
  out.Vector(device.issuing.der());
  out.Vector(device.identity.der());
  out.Vector(device.transport.der());
  out.Vector(root_list);
  return out.Take();
}

absl::StatusOr<cert::Certificate> ReadCertificate(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan der, in.Vector());
  return cert::Certificate::Parse(der);
}

struct Certified {
  NewDevice device;
  Bytes root_list;
};

absl::StatusOr<Certified> ParsePending(ByteSpan bytes) {
  codec::Reader in(bytes);
  CORDON_ASSIGN_OR_RETURN(const uint8_t tag, in.U8());
  if (tag != kPendingTag) {
    return absl::FailedPreconditionError(
        "this profile waits for the answer to an invitation; use a new "
        "profile folder");
  }
  CORDON_ASSIGN_OR_RETURN(cert::Certificate root, ReadCertificate(in));
  CORDON_ASSIGN_OR_RETURN(cert::Certificate issuing, ReadCertificate(in));
  CORDON_ASSIGN_OR_RETURN(cert::Certificate identity, ReadCertificate(in));
  CORDON_ASSIGN_OR_RETURN(cert::Certificate transport, ReadCertificate(in));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan root_list, in.Vector());
  CORDON_RETURN_IF_ERROR(in.End());
  return Certified{.device = {.root = std::move(root),
                              .issuing = std::move(issuing),
                              .identity = std::move(identity),
                              .transport = std::move(transport)},
                   .root_list = ToBytes(root_list)};
}

struct Names {
  cert::DeviceName device;
  cert::Pin pin;
};

absl::StatusOr<Names> CheckNames(const CreateAuthority& wanted) {
  CORDON_ASSIGN_OR_RETURN(const cert::OrgName org,
                          cert::OrgName::Parse(wanted.organisation));
  if (org.kind() != cert::OrgKind::kAuthority) {
    return absl::InvalidArgumentError(
        "the coordinating unit's name must end in .authority, as in "
        "ocu.authority");
  }
  CORDON_ASSIGN_OR_RETURN(const cert::UserName user,
                          cert::UserName::Create(org, wanted.user));
  CORDON_ASSIGN_OR_RETURN(cert::DeviceName device,
                          cert::DeviceName::Create(user, wanted.device));
  CORDON_ASSIGN_OR_RETURN(const cert::Pin pin, cert::ParsePin(wanted.pin));
  return Names{.device = std::move(device), .pin = pin};
}

absl::StatusOr<Bytes> FirstList(const cert::RootIssuer& root, absl::Time now) {
  CORDON_ASSIGN_OR_RETURN(
      const cert::Crl list,
      root.SignCrl({.number = kFirstCrl,
                    .this_update = now,
                    .next_update = root.certificate().validity().not_after,
                    .revocations = {}}));
  return list.der();
}

// The first list waits in the vault for upkeep.h to post it.
absl::Status StoreFirstList(const Parts& parts, const Pending& pending) {
  const cert::IssuerId root =
      cert::IssuerIdOf(pending.device.root.public_key());
  const vault::Crl list{.issuer = *Fingerprint::Parse(root.span()),
                        .number = kFirstCrl.value,
                        .list = pending.root_list,
                        .issuing_certificate = {},
                        .first_seen = parts.clock->Now()};
  return parts.vault->Update(
      [&list](vault::VaultTxn& txn) { return txn.crls().Put(list); });
}

// Makes everything and has it on disk.
absl::StatusOr<Pending> Make(const Parts& parts, const CreateAuthority& wanted,
                             const Names& names) {
  const cert::Making making{.now = parts.clock->Now(), .random = *parts.random};
  const cert::RootIssuer root = cert::RootIssuer::Create(
      Ed25519PrivateKey::Generate(*parts.random), making);
  CORDON_ASSIGN_OR_RETURN(
      const Bytes root_file,
      cert::SealRootKeyFile(root, wanted.root_passphrase, *parts.random,
                            parts.root_key_cost));

  cert::JoinKeys keys = cert::JoinKeys::Generate(
      cert::InvitationKind::kOrganisation, *parts.random);
  CORDON_ASSIGN_OR_RETURN(
      cert::Certificate issuing,
      root.IssueIssuing(
          cert::Csr::ForIssuing(names.device.org(), *keys.issuing), making));
  CORDON_ASSIGN_OR_RETURN(
      const cert::OrgIssuer issuer,
      cert::OrgIssuer::Load(issuing, keys.issuing->CloneSecret()));
  const cert::RoleSet roles = {cert::Role::kCoordinator,
                               cert::Role::kContactPoint, cert::Role::kCurator};
  CORDON_ASSIGN_OR_RETURN(
      cert::Certificate identity,
      issuer.IssueDevice(cert::Csr::ForDevice(cert::Usage::kIdentity,
                                              names.device, keys.identity),
                         roles, making));
  CORDON_ASSIGN_OR_RETURN(
      cert::Certificate transport,
      issuer.IssueDevice(cert::Csr::ForDevice(cert::Usage::kTransport,
                                              names.device, keys.transport),
                         roles, making));
  NewDevice device{.root = root.certificate(),
                   .issuing = std::move(issuing),
                   .identity = std::move(identity),
                   .transport = std::move(transport)};
  CORDON_ASSIGN_OR_RETURN(const Bytes root_list, FirstList(root, making.now));
  CORDON_RETURN_IF_ERROR(parts.root_key->Write(root_file));
  const vault::Enrolment enrolment{.keys = keys.Serialize(),
                                   .request = Serialize(device, root_list),
                                   .made = making.now};
  const Bytes organisation =
      SerializeProfile(Participant{.organisation = names.device.org().text(),
                                   .title = wanted.title,
                                   .country = {},
                                   .region = {}});
  const absl::Status stored =
      parts.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        CORDON_RETURN_IF_ERROR(
            txn.identity().PutSetting(kOwnOrganisationSetting, organisation));
        return txn.identity().PutEnrolment(enrolment);
      });
  CORDON_RETURN_IF_ERROR(stored);
  return Pending{.device = std::move(device),
                 .keys = std::move(keys),
                 .root_list = root_list};
}

absl::StatusOr<Pending> LoadPending(const vault::Enrolment& enrolment) {
  CORDON_ASSIGN_OR_RETURN(Certified certified, ParsePending(enrolment.request));
  CORDON_ASSIGN_OR_RETURN(cert::JoinKeys keys,
                          cert::JoinKeys::Parse(enrolment.keys));
  return Pending{.device = std::move(certified.device),
                 .keys = std::move(keys),
                 .root_list = std::move(certified.root_list),
                 .tried_before = true};
}

absl::StatusOr<Pending> LoadOrMake(const Parts& parts,
                                   const CreateAuthority& wanted,
                                   const Names& names) {
  CORDON_RETURN_IF_ERROR(CheckNotJoined(*parts.vault));
  CORDON_ASSIGN_OR_RETURN(const std::optional<vault::Enrolment> enrolment,
                          FindEnrolment(*parts.vault));
  if (!enrolment.has_value()) return Make(parts, wanted, names);
  CORDON_ASSIGN_OR_RETURN(Pending pending, LoadPending(*enrolment));
  if (pending.device.identity.device() != names.device) {
    return absl::FailedPreconditionError(
        "this profile is setting up another name; repeat that command, or use "
        "a new profile folder");
  }
  // Made at the first try, under the passphrase of then.
  CORDON_ASSIGN_OR_RETURN(const Bytes root_file, parts.root_key->Read());
  CORDON_RETURN_IF_ERROR(
      cert::OpenRootKeyFile(root_file, wanted.root_passphrase).status());
  return pending;
}

// A set-up that was refused at the first try leaves nothing behind.
absl::Status Forget(const Parts& parts) {
  CORDON_RETURN_IF_ERROR(parts.vault->Update(
      [](vault::VaultTxn& txn) { return txn.identity().EraseEnrolment(); }));
  return parts.root_key->Erase();
}

}  // namespace

Task<absl::Status> Authority::Create(CreateAuthority wanted, uint64_t command) {
  const absl::StatusOr<Names> names = CheckNames(wanted);
  if (!names.ok()) co_return names.status();
  parts_.events->Emit(
      Progress{.command = command, .stage = Stage::kMakingKeys});
  absl::StatusOr<Pending> pending = LoadOrMake(parts_, wanted, *names);
  if (!pending.ok()) co_return pending.status();
  pending->device.relay_address = wanted.relay_address;
  pending->device.pin = names->pin;

  ConnectCall connect;
  connect.address = wanted.relay_address;
  connect.pins = {names->pin};
  parts_.relay->Connect(std::move(connect));
  parts_.events->Emit(
      Progress{.command = command, .stage = Stage::kAskingRelay});
  SetUpCall call{.setup_code = std::move(wanted.setup_code),
                 .root_certificate = pending->device.root.der(),
                 .issuing_certificate = pending->device.issuing.der(),
                 .identity = {pending->device.identity.der(),
                              pending->device.issuing.der()},
                 .transport = {pending->device.transport.der(),
                               pending->device.issuing.der()}};
  const absl::StatusOr<Unit> answer =
      co_await Ask<Unit>([this, &call](Done<Unit> done) {
        parts_.relay->SetUp(std::move(call), std::move(done));
      });
  if (IsRefusal(answer.status()) && !pending->tried_before) {
    const absl::Status forgotten = Forget(parts_);
    co_return forgotten.ok() ? answer.status() : forgotten;
  }
  if (!answer.ok()) co_return answer.status();
  // Before the device: once it is there, this is not begun again.
  const absl::Status listed = StoreFirstList(parts_, *pending);
  if (!listed.ok()) co_return listed;
  const absl::Status stored = StoreNewDevice(*parts_.vault, pending->device,
                                             pending->keys, *parts_.random);
  if (!stored.ok()) co_return stored;
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  parts_.relay->Connect(own->Connection());
  co_return absl::OkStatus();
}

}  // namespace cordon::client
