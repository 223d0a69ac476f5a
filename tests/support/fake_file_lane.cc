#include "tests/support/fake_file_lane.h"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/core/file_lane.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"
#include "storage/blobs/file_system.h"

namespace cordon::testing {

using client::Done;
using client::Unit;

FakeFileLane::FakeFileLane(uint64_t seed)
    : random_(seed),
      worker_({.core = &core_,
               .files = &blobs::SystemFiles(),
               .folder = folder_.File("blobs"),
               .random = &random_}) {}

std::string FakeFileLane::WriteSource(absl::string_view name,
                                      ByteSpan content) const {
  std::string path = folder_.File(name);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << AsText(content);
  file.close();
  CORDON_CHECK(file.good());
  return path;
}

absl::StatusOr<Bytes> FakeFileLane::ReadBack(const std::string& path) const {
  std::ifstream file(path, std::ios::binary);
  if (!file.good()) return absl::NotFoundError("no such file");
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  return ToBytes(content);
}

std::string FakeFileLane::CacheFile(BlobId blob) const {
  return absl::StrCat(folder_.File("blobs"), "/", ToHex(blob.span()));
}

template <typename T>
bool FakeFileLane::Fails(Done<T>& done) {
  if (!fail_next_.has_value()) return false;
  std::move(done)(*std::exchange(fail_next_, std::nullopt));
  return true;
}

void FakeFileLane::Check(std::string path, uint64_t bytes_max,
                         Done<uint64_t> done) {
  if (Fails(done)) return;
  worker_.Check(std::move(path), bytes_max, std::move(done));
}

void FakeFileLane::Seal(std::string path, uint64_t bytes_max,
                        client::FileProgress progress,
                        Done<client::SealedFile> done) {
  if (Fails(done)) return;
  worker_.Seal(std::move(path), bytes_max, std::move(progress),
               std::move(done));
  while (worker_.Step()) {
  }
}

void FakeFileLane::Open(client::OpenFileCall call,
                        client::FileProgress progress,
                        Done<client::WrittenFile> done) {
  if (Fails(done)) return;
  worker_.Open(std::move(call), std::move(progress), std::move(done));
  while (worker_.Step()) {
  }
}

void FakeFileLane::Size(BlobId blob, Done<uint64_t> done) {
  if (Fails(done)) return;
  worker_.Size(blob, std::move(done));
}

void FakeFileLane::Read(BlobId blob, uint64_t offset, size_t bytes_max,
                        Done<Bytes> done) {
  if (Fails(done)) return;
  worker_.Read(blob, offset, bytes_max, std::move(done));
}

void FakeFileLane::Append(BlobId blob, uint64_t offset, Bytes bytes,
                          Done<Unit> done) {
  if (Fails(done)) return;
  worker_.Append(blob, offset, std::move(bytes), std::move(done));
}

void FakeFileLane::Complete(BlobId blob, uint64_t size_bytes,
                            Done<Digest> done) {
  if (Fails(done)) return;
  worker_.Complete(blob, size_bytes, std::move(done));
}

void FakeFileLane::Erase(BlobId blob, Done<Unit> done) {
  if (Fails(done)) return;
  worker_.Erase(blob, std::move(done));
}

void FakeFileLane::List(Done<std::vector<BlobId>> done) {
  if (Fails(done)) return;
  worker_.List(std::move(done));
}

}  // namespace cordon::testing
