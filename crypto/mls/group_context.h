#ifndef CORDON_CRYPTO_MLS_GROUP_CONTEXT_H_
#define CORDON_CRYPTO_MLS_GROUP_CONTEXT_H_

// GroupContext, RFC 9420 section 8.1: what all members of an epoch agree on.
// Everything signed or derived in the epoch covers its bytes.
//
//   struct { uint16 version; uint16 cipher_suite; opaque group_id<V>;
//            uint64 epoch; opaque tree_hash<V>;
//            opaque confirmed_transcript_hash<V>; Extension extensions<V>;
//   } GroupContext;
//
// Threads: a value.
// Errors: kInvalidArgument for what does not parse or is longer than a limit.

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/suite.h"

namespace cordon::mls {

struct GroupContext {
  ProtocolVersion version = kMls10;
  CipherSuite cipher_suite = kCipherSuite;
  Bytes group_id;
  Epoch epoch;
  Bytes tree_hash;
  Bytes confirmed_transcript_hash;
  Extensions extensions;

  friend bool operator==(const GroupContext&, const GroupContext&) = default;
};

void Write(const GroupContext& context, codec::Writer& out);
// ReadGroupContext takes any version and suite: what they are is checked by
// CheckOurs.
absl::StatusOr<GroupContext> ReadGroupContext(codec::Reader& in);
absl::StatusOr<GroupContext> ParseGroupContext(ByteSpan bytes);

// CheckOurs refuses a context of another version or suite.
absl::Status CheckOurs(const GroupContext& context);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_GROUP_CONTEXT_H_
