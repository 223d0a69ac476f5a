#ifndef CORDON_CRYPTO_MLS_MESSAGE_PROTECTION_H_
#define CORDON_CRYPTO_MLS_MESSAGE_PROTECTION_H_

// From signed content to what travels, and back. RFC 9420, sections 6.2, 6.3.
//
// A PublicMessage proves to members that a member sent it; everybody reads it.
// A PrivateMessage hides content and sender from all but members; its length
// shows up to its padding, its group, epoch and authenticated data show wholly.
// Neither checks the signature inside: that is the caller's, who knows whose
// key it must be, and only then is a key consumed.
// Threads: as the SecretTree handed in.
// Errors: kInvalidArgument for what does not open (all causes alike), for
// padding that is not zero and for senders and contents that may not travel
// this way; the SecretTree's for generations.

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/suite.h"

namespace cordon::mls {

// Private content is padded to a multiple of this.
inline constexpr size_t kPaddingBlockBytes = 64;

// ProtectPublic adds the membership tag if a member speaks. `context` is the
// serialised GroupContext. Application data never travels in the open.
absl::StatusOr<PublicMessage> ProtectPublic(AuthenticatedContent content,
                                            const Secret& membership_key,
                                            ByteSpan context);
absl::Status VerifyPublic(const PublicMessage& message,
                          const Secret& membership_key, ByteSpan context);

// What an epoch needs to seal and open. Borrowed for one call.
struct PrivateKeys {
  const Secret& sender_data;
  SecretTree& tree;
};

struct SealedPrivate {
  PrivateMessage message;
  uint32_t generation = 0;
};

// SealPrivate takes the sender's next key and consumes it: store the change
// before the message leaves.
absl::StatusOr<SealedPrivate> SealPrivate(const AuthenticatedContent& content,
                                          PrivateKeys keys,
                                          RandomSource& random);

struct OpenedPrivate {
  AuthenticatedContent content;
  // To be consumed once the signature is verified.
  SecretTree::Leased lease;
};
absl::StatusOr<OpenedPrivate> OpenPrivate(const PrivateMessage& message,
                                          PrivateKeys keys);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_MESSAGE_PROTECTION_H_
