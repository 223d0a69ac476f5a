#ifndef CORDON_STORAGE_VAULT_BLOB_STORE_H_
#define CORDON_STORAGE_VAULT_BLOB_STORE_H_

// The files this device knows: the ciphertext on its way up or down, and what
// each record that names it calls it and opens it with.
//
// A Blob is one ciphertext, wherever it is named; a BlobReference is one
// record's word about it. Key and digest belong to the reference: a record that
// lies about them spoils its own reference and no other.
// Threads and errors: as vault.h; kNotFound for what is not known.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "storage/vault/record_store.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kBlobNameBytesMax = 255;
inline constexpr size_t kBlobsPerPageMax = 256;
inline constexpr size_t kBlobsPerRecordMax = 50;
inline constexpr size_t kBlobRecordsPerPageMax = 64;

enum class BlobState : uint8_t {
  kRemote = 1,       // at the relay, nothing of it here
  kUploading = 2,    // whole in the cache, not yet whole at the relay
  kDownloading = 3,  // a part of it in the cache
  kCached = 4,       // whole here and at the relay
};

struct Blob {
  BlobId id;
  uint64_t size_bytes = 0;  // of the ciphertext
  BlobState state = BlobState::kRemote;
  uint64_t offset_bytes = 0;  // sent or received so far
  uint32_t attempts = 0;
  absl::Time next_try;
};

struct BlobReference {
  RecordName record;
  BlobId blob;
  std::string name;
  uint64_t size_bytes = 0;  // of the file
  SecretBytes key_ref;      // key and digest, the client's form
};

class BlobStore {
 public:
  explicit BlobStore(Statements* sql) : sql_(sql) {}

  // AddBlob is kAlreadyExists for a known id; it takes all of `blob`.
  absl::Status AddBlob(const Blob& blob);
  absl::StatusOr<Blob> GetBlob(BlobId id) const;
  // ListDue gives up to kBlobsPerPageMax blobs of a state whose next try is
  // not after `now`, the longest due first.
  absl::StatusOr<std::vector<Blob>> ListDue(BlobState state,
                                            absl::Time now) const;
  // SetTransfer sets state and offset and forgets failed attempts; an offset
  // beyond the size is kInvalidArgument.
  absl::Status SetTransfer(BlobId id, BlobState state, uint64_t offset_bytes);
  // NoteAttempt counts one failed try and sets when the next is due.
  absl::Status NoteAttempt(BlobId id, absl::Time next_try);

  // AddReference is kFailedPrecondition when the blob is not known,
  // kAlreadyExists when the record has one for it, kResourceExhausted beyond
  // kBlobsPerRecordMax, kInvalidArgument beyond kBlobNameBytesMax.
  absl::Status AddReference(const BlobReference& reference);
  absl::StatusOr<std::vector<BlobReference>> ReferencesIn(
      const RecordName& record) const;
  // ReferencesTo gives up to kBlobsPerPageMax references to one blob.
  absl::StatusOr<std::vector<BlobReference>> ReferencesTo(BlobId blob) const;
  // List gives the references of up to kBlobRecordsPerPageMax records of a room
  // after the record `after`, by record id; the zero id is before all.
  absl::StatusOr<std::vector<BlobReference>> List(RoomId room,
                                                  RecordId after) const;
  // CountUnsent says how many of a record's blobs are not yet whole at the
  // relay: the record waits for them.
  absl::StatusOr<uint64_t> CountUnsent(const RecordName& record) const;

  // FindByIdPrefix gives up to kCandidatesMax blobs whose id begins with those
  // 1 to 32 hexadecimal digits; kInvalidArgument for anything else.
  absl::StatusOr<std::vector<BlobId>> FindByIdPrefix(
      absl::string_view digits) const;

  // EraseReferences forgets a record's references, and the blobs that no other
  // record names; it gives those, whose files may go. For a record that was
  // thrown away before it left.
  absl::StatusOr<std::vector<BlobId>> EraseReferences(const RecordName& record);

 private:
  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_BLOB_STORE_H_
