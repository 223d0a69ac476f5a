#include "client/files/file_jobs.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "client/core/file_lane.h"
#include "client/files/blob_cache.h"
#include "client/files/file_trouble.h"
#include "client/files/media_type.h"
#include "client/files/source_file.h"
#include "client/files/target_file.h"
#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "crypto/blob/blob_cipher.h"
#include "crypto/blob/blob_ref.h"
#include "crypto/prim/hash.h"

namespace cordon::client {
namespace {

absl::Status Damaged(const std::string& name) {
  return absl::DataLossError(absl::StrCat(
      name,
      ": its ciphertext is damaged or not what the record names; nothing "
      "was written"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SealJob>> SealJob::Begin(BlobCache* cache,
                                                        RandomSource& random,
                                                        std::string path,
                                                        uint64_t bytes_max) {
  CORDON_ASSIGN_OR_RETURN(SourceFile source,
                          SourceFile::Open(std::move(path), bytes_max));
  CORDON_ASSIGN_OR_RETURN(
      blob::BlobSealer sealer,
      blob::BlobSealer::Create(source.size_bytes(), random));
  return absl::WrapUnique(
      new SealJob(cache, std::move(source), std::move(sealer)));
}

SealJob::SealJob(BlobCache* cache, SourceFile source, blob::BlobSealer sealer)
    : cache_(cache), source_(std::move(source)), sealer_(std::move(sealer)) {}

SealJob::~SealJob() {
  // What cannot be removed now is swept at the next start.
  if (!kept_) cache_->Erase(sealer_.id()).IgnoreError();
}

absl::Status SealJob::Step() {
  piece_.resize(sealer_.next_plaintext_bytes());
  CORDON_RETURN_IF_ERROR(source_.Read(MutableByteSpan(piece_)));
  if (read_bytes_ == 0) media_type_ = SniffMediaType(piece_);
  read_bytes_ += piece_.size();
  CORDON_ASSIGN_OR_RETURN(const ByteSpan sealed, sealer_.Seal(piece_));
  const absl::Status kept =
      cache_->Append(sealer_.id(), written_bytes_, sealed);
  if (!kept.ok()) return CacheTrouble(kept);
  written_bytes_ += sealed.size();
  return absl::OkStatus();
}

absl::StatusOr<SealedFile> SealJob::Finish() {
  CORDON_RETURN_IF_ERROR(source_.CheckUnchanged());
  const absl::StatusOr<Digest> digest =
      cache_->Complete(sealer_.id(), sealer_.ciphertext_bytes());
  if (!digest.ok()) return CacheTrouble(digest.status());
  CORDON_ASSIGN_OR_RETURN(blob::BlobRef ref, sealer_.Finish());
  kept_ = true;
  return SealedFile{
      .ref = std::move(ref), .name = source_.name(), .media_type = media_type_};
}

absl::StatusOr<std::unique_ptr<OpenJob>> OpenJob::Begin(BlobCache* cache,
                                                        RandomSource& random,
                                                        OpenFileCall call) {
  CORDON_ASSIGN_OR_RETURN(const uint64_t here, cache->Size(call.ref.id()));
  absl::StatusOr<blob::BlobOpener> opener =
      blob::BlobOpener::Create(call.ref, here);
  if (!opener.ok()) return Damaged(call.name);
  CORDON_ASSIGN_OR_RETURN(TargetFile target,
                          TargetFile::Create(call.folder, call.name, random));
  return absl::WrapUnique(new OpenJob(cache, std::move(call),
                                      *std::move(opener), std::move(target)));
}

OpenJob::OpenJob(BlobCache* cache, OpenFileCall call, blob::BlobOpener opener,
                 TargetFile target)
    : cache_(cache),
      call_(std::move(call)),
      opener_(std::move(opener)),
      target_(std::move(target)) {}

absl::Status OpenJob::Step() {
  CORDON_ASSIGN_OR_RETURN(
      const Bytes piece,
      cache_->Read(call_.ref.id(), read_bytes_, opener_.next_piece_bytes()));
  read_bytes_ += piece.size();
  const absl::StatusOr<ByteSpan> opened = opener_.Open(piece);
  if (!opened.ok()) return Damaged(call_.name);
  CORDON_RETURN_IF_ERROR(target_.Write(*opened));
  written_bytes_ += opened->size();
  return absl::OkStatus();
}

absl::StatusOr<WrittenFile> OpenJob::Finish() {
  CORDON_RETURN_IF_ERROR(target_.Keep());
  return WrittenFile{.path = target_.path(),
                     .size_bytes = call_.ref.plaintext_bytes(),
                     .digest = call_.ref.plaintext_digest()};
}

}  // namespace cordon::client
