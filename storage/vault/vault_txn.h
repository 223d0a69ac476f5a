#ifndef CORDON_STORAGE_VAULT_VAULT_TXN_H_
#define CORDON_STORAGE_VAULT_VAULT_TXN_H_

// All stores of a vault, as a transaction sees them. A const VaultTxn reads.
// Only Vault makes one; neither it nor a store is kept beyond the call that
// was given it.

#include "storage/vault/blob_store.h"
#include "storage/vault/crl_store.h"
#include "storage/vault/directory_store.h"
#include "storage/vault/group_store.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/invitation_store.h"
#include "storage/vault/outbox.h"
#include "storage/vault/peer_store.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/seal_log.h"
#include "storage/vault/search_index.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

class VaultTxn {
 public:
  VaultTxn(const VaultTxn&) = delete;
  VaultTxn& operator=(const VaultTxn&) = delete;

  IdentityStore& identity() { return identity_; }
  const IdentityStore& identity() const { return identity_; }
  GroupStore& groups() { return groups_; }
  const GroupStore& groups() const { return groups_; }
  SealLog& seals() { return seals_; }
  const SealLog& seals() const { return seals_; }
  RoomStore& rooms() { return rooms_; }
  const RoomStore& rooms() const { return rooms_; }
  RecordStore& records() { return records_; }
  const RecordStore& records() const { return records_; }
  Outbox& outbox() { return outbox_; }
  const Outbox& outbox() const { return outbox_; }
  CrlStore& crls() { return crls_; }
  const CrlStore& crls() const { return crls_; }
  PeerStore& peers() { return peers_; }
  const PeerStore& peers() const { return peers_; }
  DirectoryStore& directory() { return directory_; }
  const DirectoryStore& directory() const { return directory_; }
  InvitationStore& invitations() { return invitations_; }
  const InvitationStore& invitations() const { return invitations_; }
  BlobStore& blobs() { return blobs_; }
  const BlobStore& blobs() const { return blobs_; }
  SearchIndex& search() { return search_; }
  const SearchIndex& search() const { return search_; }

 private:
  friend class Vault;

  explicit VaultTxn(Statements* sql)
      : identity_(sql),
        groups_(sql),
        seals_(sql),
        rooms_(sql),
        records_(sql),
        outbox_(sql),
        crls_(sql),
        peers_(sql),
        directory_(sql),
        invitations_(sql),
        blobs_(sql),
        search_(sql) {}

  IdentityStore identity_;
  GroupStore groups_;
  SealLog seals_;
  RoomStore rooms_;
  RecordStore records_;
  Outbox outbox_;
  CrlStore crls_;
  PeerStore peers_;
  DirectoryStore directory_;
  InvitationStore invitations_;
  BlobStore blobs_;
  SearchIndex search_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_VAULT_TXN_H_
