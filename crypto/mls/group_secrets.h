#ifndef CORDON_CRYPTO_MLS_GROUP_SECRETS_H_
#define CORDON_CRYPTO_MLS_GROUP_SECRETS_H_

// What a Welcome carries in secret, and sealing and opening it. RFC 9420,
// section 12.4.3.1.
//
//   struct { opaque joiner_secret<V>; optional<PathSecret> path_secret;
//            PreSharedKeyID psks<V>; } GroupSecrets;
//   struct { opaque path_secret<V>; } PathSecret;
//
// Threads: values and pure functions.
// Errors: kInvalidArgument for what does not parse or does not open.

#include <optional>
#include <vector>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/welcome.h"

namespace cordon::mls {

struct GroupSecrets {
  // Of any size in the codec; opening a Welcome takes our suite's only.
  SecretBytes joiner_secret;
  std::optional<SecretBytes> path_secret;
  std::vector<PreSharedKeyId> psks;
};

SecretBytes Serialize(const GroupSecrets& secrets);
absl::StatusOr<GroupSecrets> ParseGroupSecrets(ByteSpan bytes);

// SealGroupInfo gives Welcome.encrypted_group_info.
Bytes SealGroupInfo(const GroupInfo& info, const Secret& welcome_secret);
absl::StatusOr<GroupInfo> OpenGroupInfo(ByteSpan encrypted_group_info,
                                        const Secret& welcome_secret);

// Whom an entry of a Welcome is for.
struct Joiner {
  ByteSpan key_package_ref;
  ByteSpan init_key;
};
absl::StatusOr<EncryptedGroupSecrets> SealGroupSecrets(
    const GroupSecrets& secrets, const Joiner& joiner,
    ByteSpan encrypted_group_info, RandomSource& random);
absl::StatusOr<GroupSecrets> OpenGroupSecrets(
    const EncryptedGroupSecrets& sealed, const hpke::KeyPair& init_key,
    ByteSpan encrypted_group_info);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_GROUP_SECRETS_H_
