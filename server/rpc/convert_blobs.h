#ifndef CORDON_SERVER_RPC_CONVERT_BLOBS_H_
#define CORDON_SERVER_RPC_CONVERT_BLOBS_H_

// The Blobs service's messages to the core's values (see convert.h).
//
// Threads: pure functions.
// Errors: kInvalidArgument, naming the field.

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/id.h"
#include "server/core/blobs.h"

namespace cordon::server {

// One chunk of an upload: 64 KiB of a file, sealed.
inline constexpr size_t kPutChunkBytesMax = size_t{64} * 1024 + 1024;

absl::StatusOr<PutInput> PutInputFrom(const wire::v1::PutStart& in);

// A blob and a room, as Hold and Forget name them.
struct BlobInRoom {
  BlobId blob;
  RoomId room;
};
absl::StatusOr<BlobInRoom> BlobInRoomFrom(const std::string& blob_id,
                                          const std::string& room_id);

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_CONVERT_BLOBS_H_
