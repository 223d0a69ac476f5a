#include "server/core/blob_transfer.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"
#include "storage/blobs/blob_files.h"

namespace cordon::server {

uint64_t BlobKey(const BlobId& blob) {
  return absl::Hash<BlobId>()(blob);
}

absl::StatusOr<bool> BlobUpload::Open() {
  CORDON_RETURN_IF_ERROR(CheckCurrent());
  if (files_->IsComplete(place_.blob)) {
    if (place_.from > 0) {
      CORDON_ASSIGN_OR_RETURN(const blobs::BlobReader whole,
                              files_->Read(place_.blob));
      if (whole.size_bytes() != place_.size_bytes) {
        return absl::DataLossError("blobs: a whole file of another size");
      }
      received_ = place_.size_bytes;
      synced_ = received_;
      return true;
    }
    // Nothing of this upload was acknowledged, so it may be anybody's leftover.
    CORDON_RETURN_IF_ERROR(files_->Delete(place_.blob));
  }
  CORDON_ASSIGN_OR_RETURN(blobs::BlobWriter writer,
                          files_->Write(place_.blob, place_.from));
  writer_ = std::move(writer);
  received_ = place_.from;
  synced_ = place_.from;
  return false;
}

absl::Status BlobUpload::Append(ByteSpan bytes) {
  CORDON_RETURN_IF_ERROR(CheckCurrent());
  CORDON_CHECK(writer_.has_value());
  if (bytes.size() > place_.size_bytes - received_) {
    return absl::InvalidArgumentError(
        "the upload is longer than its announced size");
  }
  CORDON_RETURN_IF_ERROR(writer_->Append(received_, bytes));
  received_ += bytes.size();
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> BlobUpload::Sync() {
  CORDON_RETURN_IF_ERROR(CheckCurrent());
  CORDON_CHECK(writer_.has_value());
  CORDON_RETURN_IF_ERROR(writer_->Sync());
  synced_ = received_;
  return synced_;
}

absl::StatusOr<BlobHash> BlobUpload::Finish() {
  CORDON_RETURN_IF_ERROR(CheckCurrent());
  if (received_ != place_.size_bytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the stream ended before the file did; go on at ", received_));
  }
  if (!writer_.has_value()) {
    CORDON_ASSIGN_OR_RETURN(const Digest digest, files_->Hash(place_.blob));
    return BlobHash(digest);
  }
  CORDON_ASSIGN_OR_RETURN(const Digest digest, writer_->Finish());
  writer_.reset();
  return BlobHash(digest);
}

absl::Status BlobUpload::CheckCurrent() const {
  if (!stopped_) return absl::OkStatus();
  return absl::AbortedError("another stream goes on with this upload");
}

absl::StatusOr<Bytes> BlobDownload::Read(uint64_t offset, size_t bytes_max) {
  if (!reader_.has_value()) {
    absl::StatusOr<blobs::BlobReader> reader = files_->Read(blob_);
    if (absl::IsNotFound(reader.status())) {
      return absl::DataLossError("blobs: a file that a row knows is gone");
    }
    CORDON_RETURN_IF_ERROR(reader.status());
    if (reader->size_bytes() != size_bytes_) {
      return absl::DataLossError("blobs: a file is not of its row's size");
    }
    reader_ = *std::move(reader);
  }
  return reader_->Read(offset, bytes_max);
}

}  // namespace cordon::server
