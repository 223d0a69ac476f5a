#ifndef CORDON_CRYPTO_MLS_GROUP_INFO_H_
#define CORDON_CRYPTO_MLS_GROUP_INFO_H_

// GroupInfo: an epoch as one of its members describes it to those who are not
// in it yet. RFC 9420, section 12.4.3.
//
//   struct { GroupContext group_context; Extension extensions<V>;
//            opaque confirmation_tag<V>; uint32 signer; opaque signature<V>;
//   } GroupInfo;
//
// Threads: values and pure functions.
// Errors: kInvalidArgument for what does not parse, kUnauthenticated for a
// signature.

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {

struct GroupInfo {
  GroupContext group_context;
  // ratchet_tree and external_pub among them; unknown ones are ignored.
  Extensions extensions;
  Bytes confirmation_tag;
  LeafIndex signer;
  Bytes signature = {};

  friend bool operator==(const GroupInfo&, const GroupInfo&) = default;
};

void Write(const GroupInfo& info, codec::Writer& out);
absl::StatusOr<GroupInfo> ReadGroupInfo(codec::Reader& in);
absl::StatusOr<GroupInfo> ParseGroupInfo(ByteSpan bytes);

// `key` is the signature key of the leaf `info.signer`.
void SignGroupInfo(const Ed25519PrivateKey& key, GroupInfo& info);
absl::Status VerifyGroupInfo(const GroupInfo& info, ByteSpan public_key);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_GROUP_INFO_H_
