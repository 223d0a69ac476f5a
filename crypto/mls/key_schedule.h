#ifndef CORDON_CRYPTO_MLS_KEY_SCHEDULE_H_
#define CORDON_CRYPTO_MLS_KEY_SCHEDULE_H_

// The key schedule: from one epoch's init secret, a commit and pre-shared keys
// to the next epoch's secrets. RFC 9420, section 8.
//
//   init[n-1], commit_secret, GroupContext[n] -> joiner_secret
//   joiner_secret, psk_secret                 -> welcome_secret
//                           , GroupContext[n] -> epoch_secret -> EpochSecrets
//
// What an epoch no longer needs is erased by whoever holds it: intermediate
// values live in one call.
// Threads: pure functions on values.
// Errors: kInvalidArgument where a peer's bytes do not open.

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/suite.h"
#include "crypto/prim/aead.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {

// What one epoch_secret gives. `encryption` is for the secret tree, which
// takes it away.
struct EpochSecrets {
  Secret init;
  Secret sender_data;
  Secret encryption;
  Secret exporter;
  Secret external;
  Secret confirmation_key;
  Secret membership_key;
  Secret resumption_psk;
  Secret epoch_authenticator;
};

// `context` is the serialised GroupContext of the new epoch.
Secret DeriveJoinerSecret(const Secret& init, const Secret& commit_secret,
                          ByteSpan context);
Secret DeriveWelcomeSecret(const Secret& joiner, const Secret& psk_secret);
EpochSecrets DeriveEpochSecrets(const Secret& joiner, const Secret& psk_secret,
                                ByteSpan context);
// ExpandEpochSecret is the last step alone, for a group's first epoch.
EpochSecrets ExpandEpochSecret(const Secret& epoch_secret);

// The key and nonce under which a Welcome carries its GroupInfo (12.4.3.1).
struct WelcomeKey {
  AeadKey key;
  AeadNonce nonce{};
};
WelcomeKey DeriveWelcomeKey(const Secret& welcome_secret);

// The key and nonce under which a message carries its sender (6.3.2), chosen by
// a sample of its ciphertext.
struct SenderDataKey {
  AeadKey key;
  AeadNonce nonce{};
};
SenderDataKey DeriveSenderDataKey(const Secret& sender_data,
                                  ByteSpan ciphertext);

// Tags are compared with EqualsConstantTime.
Digest ConfirmationTag(const Secret& confirmation_key,
                       ByteSpan confirmed_transcript_hash);

// Export is MLS-Exporter (8.5); `size_bytes` is at most kHkdfOutputBytesMax.
SecretBytes Export(const Secret& exporter, absl::string_view label,
                   ByteSpan context, size_t size_bytes);

// The key pair that the whole group holds so that outsiders can join (8.3).
hpke::KeyPair ExternalKeyPair(const Secret& external);

// An init secret that an outsider gives the group, and what carries it there.
struct ExternalInitSecret {
  Secret init;
  Bytes kem_output;
};
absl::StatusOr<ExternalInitSecret> SealExternalInit(ByteSpan external_pub,
                                                    RandomSource& random);
absl::StatusOr<Secret> OpenExternalInit(const Secret& external,
                                        ByteSpan kem_output);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_KEY_SCHEDULE_H_
