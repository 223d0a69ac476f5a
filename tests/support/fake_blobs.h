#ifndef CORDON_TESTS_SUPPORT_FAKE_BLOBS_H_
#define CORDON_TESTS_SUPPORT_FAKE_BLOBS_H_

// The ciphertext files of a relay in memory: uploads that can be gone on from,
// and which rooms hold what.

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"
#include "tests/support/fake_rooms.h"

namespace cordon::testing {

class FakeBlobs {
 public:
  struct Blob {
    DeviceId uploader;
    RoomId room;
    uint64_t size_bytes = 0;
    Bytes bytes;
    std::set<RoomId> holders;  // empty until it is whole

    bool whole() const { return bytes.size() == size_bytes; }
  };

  // A file larger than this is refused.
  uint64_t file_bytes_max = uint64_t{64} * 1024 * 1024;
  // Whether the relay has the bytes wrong is for a test to say.
  std::map<BlobId, Blob> blobs;

  absl::Status Begin(const FakeRooms& rooms, const DeviceId& caller,
                     const client::PutBlobCall& call);
  absl::Status Write(const BlobId& blob, const Bytes& chunk);
  absl::StatusOr<Digest> Finish(const BlobId& blob);

  absl::StatusOr<client::BlobStat> Stat(const FakeRooms& rooms,
                                        const DeviceId& caller,
                                        const BlobId& blob) const;
  // Read gives a piece from an offset, nothing at the end.
  absl::StatusOr<Bytes> Read(const FakeRooms& rooms, const DeviceId& caller,
                             const BlobId& blob, uint64_t offset) const;
  absl::Status Hold(const FakeRooms& rooms, const DeviceId& caller,
                    const BlobId& blob, const RoomId& room);
  absl::Status Forget(const FakeRooms& rooms, const DeviceId& caller,
                      const BlobId& blob, const RoomId& room);

 private:
  // MayFetch: kNotFound unless it is whole and held by a room of the caller's.
  absl::Status MayFetch(const FakeRooms& rooms, const DeviceId& caller,
                        const BlobId& blob) const;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAKE_BLOBS_H_
