#include "server/core/inbox_payload.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/log/chain_hash.h"
#include "server/core/follow_item.h"

namespace cordon::server {
namespace {

absl::StatusOr<InboxItem> ReadItem(codec::Reader& in) {
  InboxItem item;
  CORDON_ASSIGN_OR_RETURN(const ByteSpan room, in.Fixed(RoomId::kBytes));
  CORDON_ASSIGN_OR_RETURN(item.room, RoomId::Parse(room));
  CORDON_ASSIGN_OR_RETURN(item.epoch.value, in.U64());
  CORDON_ASSIGN_OR_RETURN(item.head.seq.value, in.U64());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan hash, in.Fixed(ChainHash::kBytes));
  CORDON_ASSIGN_OR_RETURN(item.head.hash, ChainHash::Parse(hash));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan secrets, in.Vector());
  item.secrets = ToBytes(secrets);
  CORDON_RETURN_IF_ERROR(in.End());
  return item;
}

absl::StatusOr<SharedWelcome> ReadShared(codec::Reader& in) {
  SharedWelcome welcome;
  CORDON_ASSIGN_OR_RETURN(const ByteSpan info, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan tree, in.Vector());
  CORDON_RETURN_IF_ERROR(in.End());
  welcome.encrypted_group_info = ToBytes(info);
  welcome.ratchet_tree = ToBytes(tree);
  return welcome;
}

}  // namespace

Bytes WriteWelcomeItem(const InboxItem& item) {
  codec::Writer out;
  out.Fixed(item.room.span());
  out.U64(item.epoch.value);
  out.U64(item.head.seq.value);
  out.Fixed(item.head.hash.span());
  out.Vector(item.secrets);
  return out.Take();
}

absl::StatusOr<InboxItem> ReadWelcomeItem(ByteSpan payload) {
  codec::Reader in(payload);
  absl::StatusOr<InboxItem> item = ReadItem(in);
  if (item.ok()) return item;
  return absl::DataLossError("inbox: an item does not parse");
}

Bytes WriteSharedWelcome(const SharedWelcome& welcome) {
  codec::Writer out;
  out.Vector(welcome.encrypted_group_info);
  out.Vector(welcome.ratchet_tree);
  return out.Take();
}

absl::StatusOr<SharedWelcome> ReadSharedWelcome(ByteSpan payload) {
  codec::Reader in(payload);
  absl::StatusOr<SharedWelcome> welcome = ReadShared(in);
  if (welcome.ok()) return welcome;
  return absl::DataLossError("inbox: a shared welcome does not parse");
}

}  // namespace cordon::server
