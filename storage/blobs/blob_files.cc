#include "storage/blobs/blob_files.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"
#include "storage/blobs/file_system.h"

namespace cordon::blobs {
namespace {

constexpr absl::string_view kPartEnding = ".part";

absl::StatusOr<Digest> HashFile(File& file, uint64_t size_bytes) {
  Sha256Stream hash;
  Bytes piece(kPieceBytes);
  uint64_t offset = 0;
  while (offset < size_bytes) {
    const size_t wanted = static_cast<size_t>(
        std::min<uint64_t>(kPieceBytes, size_bytes - offset));
    const MutableByteSpan out = MutableByteSpan(piece).first(wanted);
    CORDON_ASSIGN_OR_RETURN(const size_t got, file.ReadAt(offset, out));
    if (got != wanted) {
      return absl::DataLossError("blobs: a file became shorter");
    }
    hash.Update(out);
    offset += got;
  }
  return hash.Finish();
}

absl::Status RemoveIfThere(FileSystem& files, const std::string& path) {
  absl::Status removed = files.Remove(path);
  return absl::IsNotFound(removed) ? absl::OkStatus() : removed;
}

}  // namespace

BlobWriter::BlobWriter(Place place, std::unique_ptr<File> file,
                       uint64_t size_bytes)
    : place_(std::move(place)),
      file_(std::move(file)),
      size_bytes_(size_bytes) {}

absl::Status BlobWriter::Append(uint64_t offset, ByteSpan bytes) {
  if (offset != size_bytes_) {
    return absl::FailedPreconditionError(
        absl::StrCat("blobs: the file goes on at ", size_bytes_));
  }
  CORDON_RETURN_IF_ERROR(file_->WriteAt(offset, bytes));
  size_bytes_ += bytes.size();
  return absl::OkStatus();
}

absl::Status BlobWriter::Sync() {
  // A write that failed half-way may have left bytes behind the end.
  CORDON_ASSIGN_OR_RETURN(const uint64_t length, file_->Size());
  if (length != size_bytes_) {
    CORDON_RETURN_IF_ERROR(file_->Truncate(size_bytes_));
  }
  CORDON_RETURN_IF_ERROR(file_->Sync());
  if (name_synced_) return absl::OkStatus();
  CORDON_RETURN_IF_ERROR(place_.files->SyncFolder(place_.folder));
  name_synced_ = true;
  return absl::OkStatus();
}

absl::StatusOr<Digest> BlobWriter::Finish() {
  CORDON_RETURN_IF_ERROR(Sync());
  CORDON_ASSIGN_OR_RETURN(const Digest digest, HashFile(*file_, size_bytes_));
  CORDON_RETURN_IF_ERROR(place_.files->Rename(place_.part, place_.name));
  CORDON_RETURN_IF_ERROR(place_.files->SyncFolder(place_.folder));
  return digest;
}

absl::StatusOr<Bytes> BlobReader::Read(uint64_t offset, size_t size) {
  if (offset >= size_bytes_) return Bytes();
  Bytes bytes(
      static_cast<size_t>(std::min<uint64_t>(size, size_bytes_ - offset)));
  CORDON_ASSIGN_OR_RETURN(const size_t got,
                          file_->ReadAt(offset, MutableByteSpan(bytes)));
  if (got != bytes.size()) {
    return absl::DataLossError("blobs: a file became shorter");
  }
  return bytes;
}

absl::StatusOr<BlobFiles> BlobFiles::Open(FileSystem* files,
                                          std::string folder) {
  CORDON_RETURN_IF_ERROR(files->MakeFolder(folder));
  return BlobFiles(files, std::move(folder));
}

std::string BlobFiles::NameOf(BlobId blob) const {
  return absl::StrCat(folder_, "/", ToHex(blob.span()));
}

std::string BlobFiles::PartOf(BlobId blob) const {
  return absl::StrCat(NameOf(blob), kPartEnding);
}

absl::StatusOr<BlobWriter> BlobFiles::Write(BlobId blob,
                                            uint64_t synced_bytes) {
  if (IsComplete(blob)) {
    return absl::AlreadyExistsError("blobs: the file is complete");
  }
  const std::string part = PartOf(blob);
  if (synced_bytes > 0 && !files_->Exists(part)) {
    return absl::DataLossError("blobs: a part is gone");
  }
  CORDON_ASSIGN_OR_RETURN(std::unique_ptr<File> file,
                          files_->OpenForWriting(part));
  CORDON_ASSIGN_OR_RETURN(const uint64_t length, file->Size());
  if (length < synced_bytes) {
    return absl::DataLossError("blobs: a part is shorter than was synced");
  }
  if (length > synced_bytes) {
    CORDON_RETURN_IF_ERROR(file->Truncate(synced_bytes));
  }
  return BlobWriter(
      {.files = files_, .folder = folder_, .part = part, .name = NameOf(blob)},
      std::move(file), synced_bytes);
}

absl::StatusOr<BlobReader> BlobFiles::Read(BlobId blob) {
  CORDON_ASSIGN_OR_RETURN(std::unique_ptr<File> file,
                          files_->OpenForReading(NameOf(blob)));
  CORDON_ASSIGN_OR_RETURN(const uint64_t size_bytes, file->Size());
  return BlobReader(std::move(file), size_bytes);
}

bool BlobFiles::IsComplete(BlobId blob) const {
  return files_->Exists(NameOf(blob));
}

absl::StatusOr<uint64_t> BlobFiles::BytesHere(BlobId blob) {
  absl::StatusOr<std::unique_ptr<File>> file =
      files_->OpenForReading(IsComplete(blob) ? NameOf(blob) : PartOf(blob));
  if (absl::IsNotFound(file.status())) return 0;
  CORDON_RETURN_IF_ERROR(file.status());
  return (*file)->Size();
}

absl::StatusOr<Digest> BlobFiles::Hash(BlobId blob) {
  CORDON_ASSIGN_OR_RETURN(std::unique_ptr<File> file,
                          files_->OpenForReading(NameOf(blob)));
  CORDON_ASSIGN_OR_RETURN(const uint64_t size_bytes, file->Size());
  return HashFile(*file, size_bytes);
}

absl::Status BlobFiles::Delete(BlobId blob) {
  CORDON_RETURN_IF_ERROR(RemoveIfThere(*files_, NameOf(blob)));
  CORDON_RETURN_IF_ERROR(RemoveIfThere(*files_, PartOf(blob)));
  return files_->SyncFolder(folder_);
}

absl::StatusOr<std::vector<BlobId>> BlobFiles::List() {
  CORDON_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                          files_->List(folder_));
  std::vector<BlobId> blobs;
  for (const std::string& name : names) {
    const absl::StatusOr<Bytes> raw =
        FromHex(absl::StripSuffix(name, kPartEnding));
    if (!raw.ok()) continue;  // Not ours; an operator's note, perhaps.
    const absl::StatusOr<BlobId> blob = BlobId::Parse(*raw);
    if (blob.ok()) blobs.push_back(*blob);
  }
  return blobs;
}

}  // namespace cordon::blobs
