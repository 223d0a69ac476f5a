#include "crypto/mls/group_context.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/suite.h"

namespace cordon::mls {

void Write(const GroupContext& context, codec::Writer& out) {
  out.U16(context.version.value);
  out.U16(context.cipher_suite.value);
  out.Vector(context.group_id);
  out.U64(context.epoch.value);
  out.Vector(context.tree_hash);
  out.Vector(context.confirmed_transcript_hash);
  codec::WriteVectorOf(context.extensions, out);
}

absl::StatusOr<GroupContext> ReadGroupContext(codec::Reader& in) {
  GroupContext context;
  CORDON_ASSIGN_OR_RETURN(const uint16_t version, in.U16());
  CORDON_ASSIGN_OR_RETURN(const uint16_t suite, in.U16());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan group_id, in.Vector());
  if (group_id.size() > kGroupIdBytesMax) {
    return absl::InvalidArgumentError("context: beyond kGroupIdBytesMax");
  }
  CORDON_ASSIGN_OR_RETURN(const uint64_t epoch, in.U64());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan tree_hash, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan confirmed, in.Vector());
  CORDON_ASSIGN_OR_RETURN(context.extensions, ReadExtensions(in));
  context.version = ProtocolVersion{version};
  context.cipher_suite = CipherSuite{suite};
  context.group_id = ToBytes(group_id);
  context.epoch = Epoch{epoch};
  context.tree_hash = ToBytes(tree_hash);
  context.confirmed_transcript_hash = ToBytes(confirmed);
  return context;
}

absl::StatusOr<GroupContext> ParseGroupContext(ByteSpan bytes) {
  return codec::ParseWhole<GroupContext>(bytes, ReadGroupContext);
}

absl::Status CheckOurs(const GroupContext& context) {
  if (context.version != kMls10 || context.cipher_suite != kCipherSuite) {
    return absl::InvalidArgumentError("context: not our version and suite");
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls
