#include "crypto/policy/inbox_key.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/extension.h"
#include "crypto/policy/extension_types.h"
#include "crypto/prim/kem_x25519.h"

namespace cordon::policy {

mls::Extension InboxKeyExtension(const X25519PublicKey& key) {
  return {.type = kInboxKeyExtension, .data = ToBytes(ByteSpan(key))};
}

absl::StatusOr<X25519PublicKey> ParseInboxKey(ByteSpan extension_data) {
  X25519PublicKey key{};
  if (extension_data.size() != key.size()) {
    return absl::InvalidArgumentError("inbox key: wrong length");
  }
  std::copy(extension_data.begin(), extension_data.end(), key.begin());
  if (key == X25519PublicKey{}) {
    return absl::InvalidArgumentError("inbox key: zero");
  }
  return key;
}

absl::StatusOr<X25519PublicKey> InboxKeyOf(const mls::Extensions& leaf) {
  const mls::Extension* const extension =
      mls::FindExtension(leaf, kInboxKeyExtension);
  if (extension == nullptr) {
    return absl::InvalidArgumentError("inbox key: the leaf has none");
  }
  return ParseInboxKey(extension->data);
}

}  // namespace cordon::policy
