#include "tests/unit/client/core/transfers_fixture.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/model/record.h"
#include "client/core/relay_types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "storage/vault/blob_store.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

absl::StatusOr<DeviceId> OneDevice::Identify(
    const mls::Credential& /*credential*/, ByteSpan /*signature_key*/,
    const mls::CheckAt& /*at*/) const {
  return device_;
}

absl::Status OneDevice::CheckSuccessor(const mls::Credential& /*old*/,
                                       const mls::Credential& /*next*/) const {
  return absl::OkStatus();
}

absl::Status OneDevice::CheckLifetime(const mls::Lifetime& /*lifetime*/,
                                      const mls::CheckAt& /*at*/) const {
  return absl::OkStatus();
}

absl::Status TransfersFixture::MakeRoom(RoomId room) {
  CORDON_ASSIGN_OR_RETURN(
      const mls::Group group,
      mls::Group::Create(mls_.MakeKeyPackage("alice"),
                         {.group_id = ToBytes(room.span())}, mls_.services()));
  const mls::MlsMessage info =
      group.ExportGroupInfo({.tree = mls::TreePlace::kInside});
  absl::Status made = absl::UnknownError("not answered");
  relay_.CreateRoom(
      room, codec::Serialize(info),
      [&made](absl::StatusOr<Unit> answer) { made = answer.status(); });
  relay_.Run();
  return made;
}

absl::Status TransfersFixture::Enter(const Attachment& file,
                                     const vault::RecordName& record) {
  return vault_->Update([&](vault::VaultTxn& txn) -> absl::Status {
    const absl::Status added =
        txn.blobs().AddBlob({.id = file.blob.id(),
                             .size_bytes = file.blob.ciphertext_bytes(),
                             .state = vault::BlobState::kUploading,
                             .next_try = clock_.Now()});
    if (!added.ok() && !absl::IsAlreadyExists(added)) return added;
    const absl::StatusOr<vault::OutboxNumber> waiting =
        txn.outbox().Add({.record = record,
                          .kind = 1,
                          .signed_bytes = ToBytes("signed"),
                          .made = clock_.Now()});
    if (!waiting.ok() && !absl::IsAlreadyExists(waiting.status())) {
      return waiting.status();
    }
    return txn.blobs().AddReference({.record = record,
                                     .blob = file.blob.id(),
                                     .name = file.name,
                                     .size_bytes = file.blob.plaintext_bytes(),
                                     .key_ref = file.blob.Serialize()});
  });
}

}  // namespace cordon::client
