#ifndef CORDON_STORAGE_VAULT_KEY_FILE_H_
#define CORDON_STORAGE_VAULT_KEY_FILE_H_

// vault.key: the database's random key, wrapped with a key that Argon2id makes
// from the passphrase. Changing the passphrase rewrites this file alone.
//
// Gives: without the passphrase the key is not to be had faster than by trying
// passphrases at the stored cost; damage is told apart from a wrong passphrase.
// Does not give: protection from whoever puts an older vault.key back, which
// opens with the passphrase of then.
//
// Integers big-endian, as crypto/codec writes them:
//   byte[8] "cordonvk"; uint16 version = 1; uint32 passes; uint64 memory_bytes;
//   byte[16] salt; byte[12] nonce;
//   byte[48] sealed     ChaCha20-Poly1305 of the key, all before as
//                       associated data
//   byte[32] digest     SHA-256 of all before
//
// Threads: pure functions.

#include <cstddef>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/prim/pwhash.h"
#include "storage/sqlite/db.h"

namespace cordon::vault {

// WrapKey gives the file's content. kInvalidArgument for an empty passphrase
// or a cost out of bounds.
absl::StatusOr<Bytes> WrapKey(const sqlite::Key& key,
                              const SecretBytes& passphrase,
                              const PwhashCost& cost, RandomSource& random);

inline constexpr size_t kKeyFileBytes = 8 + 2 + 4 + 8 + 16 + 12 + 48 + 32;

// UnwrapKey: kUnauthenticated for another passphrase; kDataLoss for a file
// that is damaged or of a form not known; kResourceExhausted when Argon2id
// cannot have its memory.
absl::StatusOr<sqlite::Key> UnwrapKey(ByteSpan file,
                                      const SecretBytes& passphrase);

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_KEY_FILE_H_
