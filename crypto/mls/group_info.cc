#include "crypto/mls/group_info.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {
namespace {

constexpr absl::string_view kGroupInfoLabel = "GroupInfoTBS";

void WriteUnsigned(const GroupInfo& info, codec::Writer& out) {
  Write(info.group_context, out);
  codec::WriteVectorOf(info.extensions, out);
  out.Vector(info.confirmation_tag);
  out.U32(info.signer.value);
}

Bytes Unsigned(const GroupInfo& info) {
  codec::Writer out;
  WriteUnsigned(info, out);
  return out.Take();
}

}  // namespace

void Write(const GroupInfo& info, codec::Writer& out) {
  WriteUnsigned(info, out);
  out.Vector(info.signature);
}

absl::StatusOr<GroupInfo> ReadGroupInfo(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(GroupContext context, ReadGroupContext(in));
  CORDON_ASSIGN_OR_RETURN(Extensions extensions, ReadExtensions(in));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan tag, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const uint32_t signer, in.U32());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan signature, in.Vector());
  return GroupInfo{.group_context = std::move(context),
                   .extensions = std::move(extensions),
                   .confirmation_tag = ToBytes(tag),
                   .signer = LeafIndex{signer},
                   .signature = ToBytes(signature)};
}

absl::StatusOr<GroupInfo> ParseGroupInfo(ByteSpan bytes) {
  return codec::ParseWhole<GroupInfo>(bytes, ReadGroupInfo);
}

void SignGroupInfo(const Ed25519PrivateKey& key, GroupInfo& info) {
  info.signature = ToBytes(SignWithLabel(key, kGroupInfoLabel, Unsigned(info)));
}

absl::Status VerifyGroupInfo(const GroupInfo& info, ByteSpan public_key) {
  if (!VerifyWithLabel(public_key, kGroupInfoLabel, Unsigned(info),
                       info.signature)) {
    return absl::UnauthenticatedError("group info: signature does not verify");
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls
