#include "client/core/composer.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

#include "client/core/content.h"
#include "client/core/model/common.h"
#include "client/core/model/record.h"
#include "client/core/own_device.h"
#include "client/core/record_reader.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/role.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/group.h"
#include "crypto/policy/marking.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"
#include "crypto/record/record_header.h"
#include "crypto/record/signed_record.h"
#include "storage/vault/blob_store.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

struct Place {
  vault::Room room;
  std::string text;
};

absl::StatusOr<Place> ReadPlace(vault::Vault& vault, RoomId room) {
  std::optional<Place> place;
  const absl::Status read =
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(vault::Room found, txn.rooms().GetRoom(room));
        CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                                txn.rooms().GetOperation(found.operation));
        std::string text = RoomText(operation, found);
        place = Place{.room = std::move(found), .text = std::move(text)};
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return *std::move(place);
}

absl::Status CheckState(const Place& place) {
  switch (place.room.state) {
    case vault::RoomState::kJoined:
      return absl::OkStatus();
    case vault::RoomState::kLeft:
      return absl::FailedPreconditionError(
          absl::StrCat("this device is no longer in ", place.text,
                       "; a coordinator or contact point can add it again"));
    case vault::RoomState::kStopped:
      return absl::FailedPreconditionError(
          absl::StrCat("nothing can be sent in ", place.text,
                       ", which was stopped: ", place.room.state_reason));
  }
  return absl::InternalError("room: unknown state");
}

std::string RolesText(const cert::RoleSet& roles) {
  if (roles.empty()) return "a device without a role";
  return absl::StrCat(
      "the role ",
      absl::StrJoin(roles.List(), ", ", [](std::string* out, cert::Role role) {
        absl::StrAppend(out, cert::RoleName(role));
      }));
}

absl::Status CheckMayPost(const policy::RoomPolicy& policy,
                          const cert::RoleSet& roles, policy::RecordKind kind,
                          const Place& place) {
  if (policy::MayPost(policy, roles, kind)) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(
      place.text, " is a ", policy::RoomKindName(policy.kind),
      " room, in which ", RolesText(roles), " may not post a record of kind ",
      policy::RecordKindName(kind), "; `cordon room show ", place.text,
      "` says who may post what"));
}

RecordBody BodyOf(Draft draft, const policy::RoomPolicy& policy) {
  RecordBody body{.status = draft.status,
                  .msg_type = draft.msg_type,
                  .revision = draft.revision,
                  .ref_no = std::move(draft.ref_no),
                  .refs = std::move(draft.refs),
                  .audience = std::move(draft.audience),
                  .effective = draft.effective,
                  .expires = draft.expires,
                  .content = std::move(draft.content),
                  .attachments = std::move(draft.attachments)};
  body.header.kind = draft.kind;
  body.header.room = draft.room;
  body.header.marking =
      draft.marking.value_or(policy::Marking{.tlp = policy.default_tlp});
  return body;
}

// The rows of the record's files; one that is known already stays as it is.
absl::Status AddBlobs(vault::VaultTxn& txn, const vault::RecordName& record,
                      const std::vector<Attachment>& attachments) {
  for (const Attachment& attachment : attachments) {
    const vault::Blob blob{.id = attachment.blob.id(),
                           .size_bytes = attachment.blob.ciphertext_bytes(),
                           .state = vault::BlobState::kUploading};
    const absl::Status added = txn.blobs().AddBlob(blob);
    if (!absl::IsAlreadyExists(added)) CORDON_RETURN_IF_ERROR(added);
    CORDON_RETURN_IF_ERROR(txn.blobs().AddReference(
        {.record = record,
         .blob = blob.id,
         .name = attachment.name,
         .size_bytes = attachment.blob.plaintext_bytes(),
         .key_ref = attachment.blob.Serialize()}));
  }
  return absl::OkStatus();
}

// What signs, and under which name.
struct Author {
  Ed25519PrivateKey key;
  std::vector<Bytes> chain;
};

absl::StatusOr<Author> AuthorFor(const vault::VaultTxn& txn,
                                 const OwnDevice& own) {
  CORDON_ASSIGN_OR_RETURN(const vault::OwnDevice keys,
                          txn.identity().GetDevice());
  return Author{.key = Ed25519PrivateKey::FromSeed(keys.identity_seed),
                .chain = own.IdentityChain()};
}

absl::StatusOr<record::SignedRecord> Sign(const RecordBody& body,
                                          const Author& author) {
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes, SerializeRecord(body));
  return record::SignedRecord::Sign(bytes, author.key, author.chain);
}

absl::Status SignAndQueue(vault::VaultTxn& txn, RecordBody& body,
                          const Author& author) {
  record::RecordHeader& header = body.header;
  CORDON_ASSIGN_OR_RETURN(const uint64_t counter,
                          txn.rooms().NextCounter(header.room));
  header.counter = record::AuthorCounter{counter};
  CORDON_ASSIGN_OR_RETURN(const record::SignedRecord signed_record,
                          Sign(body, author));
  const vault::OutboxRow row{.record = {.room = header.room, .id = header.id},
                             .kind = static_cast<uint32_t>(header.kind),
                             .signed_bytes = signed_record.bytes(),
                             .made = header.sent};
  CORDON_RETURN_IF_ERROR(txn.outbox().Add(row).status());
  return AddBlobs(txn, row.record, body.attachments);
}

absl::StatusOr<std::vector<vault::OutboxRow>> RowsBehind(
    const vault::VaultTxn& txn, const vault::OutboxRow& row) {
  std::vector<vault::OutboxRow> behind;
  vault::OutboxNumber after = row.number;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(std::vector<vault::OutboxRow> page,
                            txn.outbox().List(after));
    if (page.empty()) return behind;
    after = page.back().number;
    for (vault::OutboxRow& each : page) {
      if (each.record.room != row.record.room) continue;
      behind.push_back(std::move(each));
    }
  }
}

bool MayHaveLeft(const vault::OutboxRow& row) {
  return row.state == vault::OutboxState::kSealed;
}

}  // namespace

absl::Status Withdraw(vault::VaultTxn& txn, const vault::OutboxRow& row,
                      const OwnDevice& own) {
  const RoomId room = row.record.room;
  CORDON_ASSIGN_OR_RETURN(const RecordBody gone, ParseWaiting(row));
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> behind,
                          RowsBehind(txn, row));
  CORDON_RETURN_IF_ERROR(txn.outbox().Erase(row.record));
  CORDON_ASSIGN_OR_RETURN(const vault::Room now, txn.rooms().GetRoom(room));
  const bool all_here =
      now.own_counter == gone.header.counter.value + behind.size() &&
      std::none_of(behind.begin(), behind.end(), MayHaveLeft);
  if (!all_here) return absl::OkStatus();
  CORDON_ASSIGN_OR_RETURN(const Author author, AuthorFor(txn, own));
  // What waits may answer what waits before it, by its hash.
  absl::flat_hash_map<RecordId, Digest> anew;
  for (const vault::OutboxRow& each : behind) {
    CORDON_ASSIGN_OR_RETURN(RecordBody body, ParseWaiting(each));
    --body.header.counter.value;
    for (Reference& reference : body.refs) {
      const auto found = anew.find(reference.record);
      if (found != anew.end()) reference.hash = found->second;
    }
    CORDON_ASSIGN_OR_RETURN(const record::SignedRecord signed_record,
                            Sign(body, author));
    anew[body.header.id] = Sha256(signed_record.bytes());
    CORDON_RETURN_IF_ERROR(
        txn.outbox().Replace(each.record, signed_record.bytes()));
  }
  return txn.rooms().ReturnCounter(room, now.own_counter);
}

absl::StatusOr<RecordBody> Composer::Prepare(Draft draft,
                                             const OwnDevice& own) {
  CORDON_ASSIGN_OR_RETURN(const Place place,
                          ReadPlace(*parts_.vault, draft.room));
  CORDON_RETURN_IF_ERROR(CheckState(place));
  CORDON_ASSIGN_OR_RETURN(mls::Group * group, shelf_->Find(draft.room));
  CORDON_ASSIGN_OR_RETURN(const policy::RoomPolicy policy,
                          policy::PolicyOf(group->context().extensions));
  CORDON_RETURN_IF_ERROR(CheckMayPost(policy, own.roles(), draft.kind, place));
  if (draft.attachments.size() > kAttachmentsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a record carries at most ", kAttachmentsMax, " files"));
  }

  RecordBody body = BodyOf(std::move(draft), policy);
  record::RecordHeader& header = body.header;
  header.id = ids_.Next();
  header.operation = policy.operation;
  header.author = own.name().id();
  header.sent = parts_.clock->Now();
  header.head = {.seq = place.room.cursor.seq, .hash = place.room.cursor.hash};
  header.epoch = group->epoch();
  CORDON_ASSIGN_OR_RETURN(
      header.epoch_authenticator,
      record::EpochAuthenticator::Parse(group->EpochAuthenticator()));
  header.known_crls = trust_->KnownCrls();
  return body;
}

absl::StatusOr<std::vector<RecordId>> Composer::ComposeAll(
    std::vector<Draft> drafts) {
  CORDON_RETURN_IF_ERROR(trust_->Load());
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts_.vault));
  std::vector<RecordBody> bodies;
  std::vector<RecordId> ids;
  for (Draft& draft : drafts) {
    CORDON_ASSIGN_OR_RETURN(RecordBody body, Prepare(std::move(draft), own));
    ids.push_back(body.header.id);
    bodies.push_back(std::move(body));
  }
  const absl::Status stored =
      parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const Author author, AuthorFor(txn, own));
        for (RecordBody& body : bodies) {
          CORDON_RETURN_IF_ERROR(SignAndQueue(txn, body, author));
        }
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(stored);
  if (composed_) composed_();
  return ids;
}

absl::StatusOr<RecordId> Composer::Compose(Draft draft) {
  std::vector<Draft> one;
  one.push_back(std::move(draft));
  CORDON_ASSIGN_OR_RETURN(const std::vector<RecordId> ids,
                          ComposeAll(std::move(one)));
  return ids.front();
}

}  // namespace cordon::client
