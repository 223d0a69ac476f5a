#include "tests/support/fake_blobs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "client/core/delivery_types.h"
#include "client/core/relay.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"
#include "tests/support/fake_rooms.h"

namespace cordon::testing {
namespace {

absl::Status NoBlob() {
  return absl::NotFoundError("the relay has no such file for this device");
}

}  // namespace

absl::Status FakeBlobs::Begin(const FakeRooms& rooms, const DeviceId& caller,
                              const client::PutBlobCall& call) {
  CORDON_RETURN_IF_ERROR(rooms.Find(caller, call.room).status());
  if (call.size_bytes == 0 || call.size_bytes > file_bytes_max) {
    return absl::ResourceExhaustedError("the file is over the relay's limit");
  }
  Blob& blob = blobs[call.blob];
  if (blob.size_bytes == 0) {
    blob.uploader = caller;
    blob.room = call.room;
    blob.size_bytes = call.size_bytes;
  }
  if (blob.uploader != caller || blob.size_bytes != call.size_bytes ||
      blob.room != call.room) {
    return absl::AlreadyExistsError("this blob id is another file's");
  }
  if (!blob.whole() && call.offset_bytes != blob.bytes.size()) {
    return absl::FailedPreconditionError("the relay is at another offset");
  }
  return absl::OkStatus();
}

absl::Status FakeBlobs::Write(const BlobId& blob, const Bytes& chunk) {
  Blob& to = blobs.at(blob);
  if (to.whole()) return absl::OkStatus();
  if (chunk.size() > to.size_bytes - to.bytes.size()) {
    return absl::InvalidArgumentError(
        "more bytes than the file was said to be");
  }
  Append(to.bytes, chunk);
  return absl::OkStatus();
}

absl::StatusOr<Digest> FakeBlobs::Finish(const BlobId& blob) {
  Blob& to = blobs.at(blob);
  if (!to.whole()) {
    return absl::InvalidArgumentError(
        "fewer bytes than the file was said to be");
  }
  to.holders.insert(to.room);
  return Sha256(to.bytes);
}

absl::Status FakeBlobs::MayFetch(const FakeRooms& rooms, const DeviceId& caller,
                                 const BlobId& blob) const {
  const auto found = blobs.find(blob);
  if (found == blobs.end()) return NoBlob();
  const bool held = std::any_of(
      found->second.holders.begin(), found->second.holders.end(),
      [&](const RoomId& room) { return rooms.Contains(room, caller); });
  return held ? absl::OkStatus() : NoBlob();
}

absl::StatusOr<client::BlobStat> FakeBlobs::Stat(const FakeRooms& rooms,
                                                 const DeviceId& caller,
                                                 const BlobId& blob) const {
  const auto found = blobs.find(blob);
  if (found == blobs.end()) return NoBlob();
  if (found->second.uploader != caller) {
    CORDON_RETURN_IF_ERROR(MayFetch(rooms, caller, blob));
  }
  return client::BlobStat{.size_bytes = found->second.size_bytes,
                          .received_bytes = found->second.bytes.size(),
                          .whole = !found->second.holders.empty()};
}

absl::StatusOr<Bytes> FakeBlobs::Read(const FakeRooms& rooms,
                                      const DeviceId& caller,
                                      const BlobId& blob,
                                      uint64_t offset) const {
  CORDON_RETURN_IF_ERROR(MayFetch(rooms, caller, blob));
  const Bytes& bytes = blobs.at(blob).bytes;
  if (offset > bytes.size()) {
    return absl::InvalidArgumentError("the offset is beyond the file's end");
  }
  return ToBytes(ByteSpan(bytes).subspan(static_cast<size_t>(offset),
                                         client::kBlobWireChunkBytesMax));
}

absl::Status FakeBlobs::Hold(const FakeRooms& rooms, const DeviceId& caller,
                             const BlobId& blob, const RoomId& room) {
  CORDON_RETURN_IF_ERROR(MayFetch(rooms, caller, blob));
  CORDON_RETURN_IF_ERROR(rooms.Find(caller, room).status());
  blobs.at(blob).holders.insert(room);
  return absl::OkStatus();
}

absl::Status FakeBlobs::Forget(const FakeRooms& rooms, const DeviceId& caller,
                               const BlobId& blob, const RoomId& room) {
  CORDON_RETURN_IF_ERROR(MayFetch(rooms, caller, blob));
  CORDON_RETURN_IF_ERROR(rooms.Find(caller, room).status());
  blobs.at(blob).holders.erase(room);
  return absl::OkStatus();
}

}  // namespace cordon::testing
