#include "server/file_copy.h"

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
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"
#include "storage/blobs/file_system.h"

namespace cordon::server {
namespace {

constexpr size_t kCopyBytes = size_t{1024} * 1024;
// SHA256SUMS of some hundred thousand files.
constexpr uint64_t kSumsBytesMax = uint64_t{64} * 1024 * 1024;
constexpr absl::string_view kBetween = "  ";

std::string PathOfSums(const std::string& folder) {
  return absl::StrCat(folder, "/", kSumsName);
}

absl::Status About(const absl::Status& status, const std::string& path) {
  if (status.ok()) return status;
  return {status.code(), absl::StrCat(path, ": ", status.message())};
}

absl::StatusOr<std::unique_ptr<blobs::File>> MakeNew(const std::string& path) {
  if (blobs::SystemFiles().Exists(path)) {
    return absl::AlreadyExistsError("exists already; nothing is overwritten");
  }
  return blobs::SystemFiles().OpenForWriting(path);
}

// ReadThrough hands every piece of a file to `take` and gives the digest.
template <typename Take>
absl::StatusOr<Digest> ReadThrough(const std::string& path, Take take) {
  CORDON_ASSIGN_OR_RETURN(const std::unique_ptr<blobs::File> in,
                          blobs::SystemFiles().OpenForReading(path));
  Sha256Stream hash;
  Bytes piece(kCopyBytes);
  uint64_t offset = 0;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const size_t got,
                            in->ReadAt(offset, MutableByteSpan(piece)));
    if (got == 0) return hash.Finish();
    const ByteSpan bytes = ByteSpan(piece).first(got);
    hash.Update(bytes);
    CORDON_RETURN_IF_ERROR(take(offset, bytes));
    offset += got;
  }
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  CORDON_ASSIGN_OR_RETURN(const std::unique_ptr<blobs::File> in,
                          blobs::SystemFiles().OpenForReading(path));
  CORDON_ASSIGN_OR_RETURN(const uint64_t size, in->Size());
  if (size > kSumsBytesMax) return absl::DataLossError("is too long");
  Bytes text(static_cast<size_t>(size));
  CORDON_ASSIGN_OR_RETURN(const size_t got,
                          in->ReadAt(0, MutableByteSpan(text)));
  if (got != text.size()) return absl::DataLossError("became shorter");
  return ToString(text);
}

absl::StatusOr<Sum> ParseSum(absl::string_view line) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(line, absl::MaxSplits(kBetween, 1));
  if (parts.size() != 2) return absl::DataLossError("a line does not parse");
  const absl::StatusOr<Bytes> raw = FromHex(parts[0]);
  if (!raw.ok() || raw->size() != kDigestBytes) {
    return absl::DataLossError("a digest does not parse");
  }
  Sum sum{.name = std::string(parts[1])};
  std::copy(raw->begin(), raw->end(), sum.digest.begin());
  return sum;
}

}  // namespace

absl::StatusOr<Digest> CopyFile(const std::string& from,
                                const std::string& to) {
  absl::StatusOr<std::unique_ptr<blobs::File>> out = MakeNew(to);
  if (!out.ok()) return About(out.status(), to);
  absl::StatusOr<Digest> digest =
      ReadThrough(from, [&out, &to](uint64_t offset, ByteSpan bytes) {
        return About((*out)->WriteAt(offset, bytes), to);
      });
  if (!digest.ok()) return About(digest.status(), from);
  CORDON_RETURN_IF_ERROR(About((*out)->Sync(), to));
  return digest;
}

absl::StatusOr<Digest> DigestOf(const std::string& path) {
  absl::StatusOr<Digest> digest =
      ReadThrough(path, [](uint64_t, ByteSpan) { return absl::OkStatus(); });
  if (!digest.ok()) return About(digest.status(), path);
  return digest;
}

absl::Status WriteSums(const std::string& folder,
                       const std::vector<Sum>& sums) {
  std::string text;
  for (const Sum& sum : sums) {
    absl::StrAppend(&text, ToHex(sum.digest), kBetween, sum.name, "\n");
  }
  const std::string path = PathOfSums(folder);
  absl::StatusOr<std::unique_ptr<blobs::File>> out = MakeNew(path);
  if (!out.ok()) return About(out.status(), path);
  CORDON_RETURN_IF_ERROR(About((*out)->WriteAt(0, AsBytes(text)), path));
  return About((*out)->Sync(), path);
}

absl::StatusOr<std::vector<Sum>> ReadSums(const std::string& folder) {
  const std::string path = PathOfSums(folder);
  const absl::StatusOr<std::string> text = ReadText(path);
  if (!text.ok()) return About(text.status(), path);
  std::vector<Sum> sums;
  for (const absl::string_view line :
       absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
    absl::StatusOr<Sum> sum = ParseSum(line);
    if (!sum.ok()) return About(sum.status(), path);
    sums.push_back(*std::move(sum));
  }
  return sums;
}

absl::Status SyncNames(const std::string& folder) {
  return About(blobs::SystemFiles().SyncFolder(folder), folder);
}

}  // namespace cordon::server
