#include "client/files/blob_cache.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"
#include "storage/blobs/blob_files.h"

namespace cordon::client {

absl::StatusOr<blobs::BlobFiles*> BlobCache::Blobs() {
  if (!blobs_.has_value()) {
    CORDON_ASSIGN_OR_RETURN(blobs::BlobFiles opened,
                            blobs::BlobFiles::Open(files_, folder_));
    blobs_ = std::move(opened);
  }
  return &*blobs_;
}

absl::StatusOr<blobs::BlobWriter*> BlobCache::Part(BlobId blob,
                                                   uint64_t offset) {
  const auto open = parts_.find(blob);
  if (open != parts_.end() && open->second.size_bytes() == offset) {
    return &open->second;
  }
  if (open != parts_.end()) parts_.erase(open);
  if (parts_.size() >= kOpenPartsMax) parts_.erase(parts_.begin());
  CORDON_ASSIGN_OR_RETURN(blobs::BlobFiles * blobs, Blobs());
  CORDON_ASSIGN_OR_RETURN(blobs::BlobWriter part, blobs->Write(blob, offset));
  return &parts_.emplace(blob, std::move(part)).first->second;
}

absl::StatusOr<uint64_t> BlobCache::Size(BlobId blob) {
  const auto open = parts_.find(blob);
  if (open != parts_.end()) return open->second.size_bytes();
  CORDON_ASSIGN_OR_RETURN(blobs::BlobFiles * blobs, Blobs());
  return blobs->BytesHere(blob);
}

absl::StatusOr<Bytes> BlobCache::Read(BlobId blob, uint64_t offset,
                                      size_t bytes_max) {
  if (!last_read_.has_value() || last_read_->blob != blob) {
    last_read_.reset();
    CORDON_ASSIGN_OR_RETURN(blobs::BlobFiles * blobs, Blobs());
    CORDON_ASSIGN_OR_RETURN(blobs::BlobReader reader, blobs->Read(blob));
    last_read_.emplace(LastRead{.blob = blob, .reader = std::move(reader)});
  }
  return last_read_->reader.Read(offset, bytes_max);
}

absl::Status BlobCache::Append(BlobId blob, uint64_t offset, ByteSpan bytes) {
  CORDON_ASSIGN_OR_RETURN(blobs::BlobWriter * part, Part(blob, offset));
  return part->Append(offset, bytes);
}

absl::StatusOr<Digest> BlobCache::Complete(BlobId blob, uint64_t size_bytes) {
  CORDON_ASSIGN_OR_RETURN(const uint64_t here, Size(blob));
  if (here != size_bytes) {
    return absl::FailedPreconditionError("blobs: the file is not whole");
  }
  CORDON_ASSIGN_OR_RETURN(blobs::BlobFiles * blobs, Blobs());
  if (blobs->IsComplete(blob)) return blobs->Hash(blob);
  CORDON_ASSIGN_OR_RETURN(blobs::BlobWriter * part, Part(blob, size_bytes));
  absl::StatusOr<Digest> digest = part->Finish();
  parts_.erase(blob);
  return digest;
}

absl::Status BlobCache::Erase(BlobId blob) {
  parts_.erase(blob);
  if (last_read_.has_value() && last_read_->blob == blob) last_read_.reset();
  CORDON_ASSIGN_OR_RETURN(blobs::BlobFiles * blobs, Blobs());
  return blobs->Delete(blob);
}

absl::StatusOr<std::vector<BlobId>> BlobCache::List() {
  CORDON_ASSIGN_OR_RETURN(blobs::BlobFiles * blobs, Blobs());
  return blobs->List();
}

}  // namespace cordon::client
