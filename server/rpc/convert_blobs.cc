#include "server/rpc/convert_blobs.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "server/core/blobs.h"
#include "server/rpc/convert.h"

namespace cordon::server {

namespace wire = ::cordon::wire::v1;

absl::StatusOr<PutInput> PutInputFrom(const wire::PutStart& in) {
  CORDON_ASSIGN_OR_RETURN(const BlobInRoom place,
                          BlobInRoomFrom(in.blob_id(), in.room_id()));
  if (in.offset() > in.size()) {
    return absl::InvalidArgumentError("offset: is behind the file's end");
  }
  return PutInput{.blob = place.blob,
                  .room = place.room,
                  .size_bytes = in.size(),
                  .offset = in.offset()};
}

absl::StatusOr<BlobInRoom> BlobInRoomFrom(const std::string& blob_id,
                                          const std::string& room_id) {
  BlobInRoom out;
  CORDON_ASSIGN_OR_RETURN(out.blob, IdFrom<BlobId>(blob_id, "blob_id"));
  CORDON_ASSIGN_OR_RETURN(out.room, IdFrom<RoomId>(room_id, "room_id"));
  return out;
}

}  // namespace cordon::server
